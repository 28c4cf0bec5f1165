"""Grundlag: the figures, series breaks and deliveries that goals are judged on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kvalitet.days import SchoolYear
from kvalitet.goals import Goal
from kvalitet.measurements import (
    COUNTRY,
    MUNICIPALITY,
    Indicator,
    Measurement,
    MissingReason,
    SeriesBreak,
    break_between,
)

_NOT_FETCHED = "der er ikke hentet noget tal endnu"
_UNIT_TEXTS = {COUNTRY: "for landet", MUNICIPALITY: "for kommunen"}


class CannotJudgeError(Exception):
    """Kan ikke vurderes: something that the verdict needs is missing; `reason` is a Danish clause."""

    def __init__(self, reason: str, missing: MissingReason = MissingReason.UNKNOWN) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """Afleveret: how many of one thing (`field` of a deliverable) a school has handed in for a school year."""

    unit: str
    school_year: SchoolYear
    deliverable: str
    field: str
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Grundlag: everything that a verdict may lean on.

    `delivered` is None while nobody has looked the deliveries up; that is not the same as none handed in.
    Leave out of the judging the schools that are waived. Of two figures for the same thing the last one counts.
    """

    measurements: tuple[Measurement, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    delivered: tuple[Delivered, ...] | None = None
    _figures: Mapping[tuple[str, SchoolYear, str], Measurement] = field(init=False, repr=False, compare=False)
    _handed_in: Mapping[tuple[str, SchoolYear, str], list[Delivered]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        figures = {(m.indicator, m.school_year, m.unit): m for m in self.measurements}
        object.__setattr__(self, "_figures", figures)
        handed_in: dict[tuple[str, SchoolYear, str], list[Delivered]] = {}
        for item in self.delivered or ():
            handed_in.setdefault((item.unit, item.school_year, item.deliverable), []).append(item)
        object.__setattr__(self, "_handed_in", handed_in)

    def figure(self, indicator: Indicator, school_year: SchoolYear, unit: str, *, today: date) -> Measurement:
        """Give the figure itself; a missing one raises CannotJudgeError with what is known of why."""
        found = self._figures.get((indicator.key, school_year, unit))
        if found is not None and found.missing is None:
            return found
        missing = _reason(found, school_year, today)
        where = _UNIT_TEXTS.get(unit, "for skolen")
        why = _NOT_FETCHED if found is None and missing is MissingReason.UNKNOWN else missing.danish
        reason = f"{indicator.title} {where} i skoleåret {school_year.label} – {why}"
        raise CannotJudgeError(reason, missing)

    def comparable(self, indicator: Indicator, earlier: SchoolYear, later: SchoolYear) -> None:
        """Raise CannotJudgeError when a series break lies between the two school years."""
        found = break_between(self.breaks, indicator.key, earlier, later)
        if found is not None:
            years = f"{earlier.label} og {later.label} kan ikke sammenlignes på grund af databrud"
            raise CannotJudgeError(f"{years} ({found.why})", MissingReason.SERIES_BROKEN)

    def handed_in(self, unit: str, school_year: SchoolYear, deliverable: str) -> tuple[Delivered, ...]:
        """Everything that the unit has handed in of one deliverable for the school year."""
        if self.delivered is None:
            raise CannotJudgeError("skolernes afleveringer er ikke slået op")
        return tuple(self._handed_in.get((unit, school_year, deliverable), ()))


@dataclass(frozen=True)
class Case:
    """Sag: one goal, for one unit, on the figures or deliveries of one school year, as seen on `today`."""

    goal: Goal
    evidence: Evidence
    school_year: SchoolYear
    unit: str
    today: date

    @property
    def indicator(self) -> Indicator:
        """The indicator of a goal that is measured on figures; a Goal cannot be made without it."""
        if self.goal.indicator is None:
            message = f"goal {self.goal.key} is not measured on an indicator"
            raise TypeError(message)
        return self.goal.indicator

    @property
    def confidential(self) -> bool:
        """Whether what is said of the case may be shown only to those who may see test results (§ 55 b)."""
        return self.goal.indicator is not None and self.goal.indicator.confidential

    def figure(self, *, school_year: SchoolYear | None = None, unit: str | None = None) -> Measurement:
        """Give the case's own figure, or that of another year or unit; a missing one raises CannotJudgeError."""
        return self.evidence.figure(
            self.indicator, school_year or self.school_year, unit or self.unit, today=self.today
        )

    def handed_in(self) -> tuple[Delivered, ...]:
        """Everything that the unit has handed in of the goal's deliverable for the school year."""
        return self.evidence.handed_in(self.unit, self.school_year, self.goal.deliverable or "")


def _reason(found: Measurement | None, school_year: SchoolYear, today: date) -> MissingReason:
    if found is not None and found.missing is not None:
        return found.missing
    return MissingReason.NOT_PUBLISHED if today <= school_year.last_day else MissingReason.UNKNOWN
