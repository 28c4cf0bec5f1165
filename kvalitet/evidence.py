"""Grundlag: the figures, series breaks and deliveries that goals are judged on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from kvalitet.series import Series, series_of

_NOT_FETCHED = "der er ikke hentet noget tal endnu"
# Indicator, the year in which the school year begins, and unit.
_Place = tuple[str, int, str]
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
    `baselines` are figures as they were when a goal was set: they stay, though the source has revised them since.
    """

    measurements: tuple[Measurement, ...] = ()
    baselines: tuple[Measurement, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    delivered: tuple[Delivered, ...] | None = None
    _figures: Mapping[_Place, Measurement] = field(init=False, repr=False, compare=False)
    _starts: Mapping[_Place, Measurement] = field(init=False, repr=False, compare=False)
    _newest: Mapping[tuple[str, str], int] = field(init=False, repr=False, compare=False)
    _handed_in: Mapping[tuple[str, SchoolYear, str], list[Delivered]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_figures", _by_place(self.measurements))
        object.__setattr__(self, "_starts", _by_place(self.baselines))
        there = {((m.indicator, _kind(m.unit)), m.school_year.start) for m in self.measurements if m.missing is None}
        object.__setattr__(self, "_newest", dict(sorted(there)))
        handed_in: dict[tuple[str, SchoolYear, str], list[Delivered]] = {}
        for item in self.delivered or ():
            handed_in.setdefault((item.unit, item.school_year, item.deliverable), []).append(item)
        object.__setattr__(self, "_handed_in", handed_in)

    def figure(self, indicator: Indicator, school_year: SchoolYear, unit: str, *, today: date) -> Measurement:
        """Give the figure itself; a missing one raises CannotJudgeError with what is known of why."""
        found = self._figures.get((indicator.key, school_year.start, unit))
        if found is not None and found.missing is None:
            return found
        missing = _reason(found, school_year, today)
        where = _UNIT_TEXTS.get(unit, "for skolen")
        why = _NOT_FETCHED if found is None and missing is MissingReason.UNKNOWN else missing.danish
        reason = f"{indicator.title} {where} i skoleåret {school_year.label} – {why}"
        raise CannotJudgeError(reason, missing)

    def newest_year(self, indicator: Indicator, unit: str) -> SchoolYear | None:
        """Give the newest school year with a figure of the indicator: of the unit, or for a school of any school."""
        start = self._newest.get((indicator.key, _kind(unit)))
        return None if start is None else SchoolYear(start)

    def baseline(self, indicator: Indicator, school_year: SchoolYear, unit: str, *, today: date) -> Measurement:
        """Give the figure as it was when the goal was set, or else as it is now."""
        fixed = self._starts.get((indicator.key, school_year.start, unit))
        return fixed or self.figure(indicator, school_year, unit, today=today)

    def series(self, indicator: Indicator, unit: str, years: Iterable[SchoolYear]) -> Series:
        """Give the unit's figures of some school years, cut where they cannot be compared."""
        found = (self._figures.get((indicator.key, year.start, unit)) for year in years)
        return series_of((m for m in found if m), self.breaks, indicator=indicator.key, unit=unit)

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

    def baseline(self, school_year: SchoolYear) -> Measurement:
        """Give the figure that the way to the goal starts from."""
        return self.evidence.baseline(self.indicator, school_year, self.unit, today=self.today)

    def series(self, years: int) -> Series:
        """Give the case's figures of so many school years, of which its own is the last."""
        wanted = [self.school_year.plus(-back) for back in range(years)]
        return self.evidence.series(self.indicator, self.unit, wanted)

    def handed_in(self) -> tuple[Delivered, ...]:
        """Everything that the unit has handed in of the goal's deliverable for the school year."""
        return self.evidence.handed_in(self.unit, self.school_year, self.goal.deliverable or "")


def _kind(unit: str) -> str:
    """Schools are judged on the same school year, so that they can be held beside each other."""
    return unit if unit in _UNIT_TEXTS else "school"


def _by_place(found: Iterable[Measurement]) -> dict[_Place, Measurement]:
    return {(m.indicator, m.school_year.start, m.unit): m for m in found}


def _reason(found: Measurement | None, school_year: SchoolYear, today: date) -> MissingReason:
    if found is not None and found.missing is not None:
        return found.missing
    return MissingReason.NOT_PUBLISHED if today <= school_year.last_day else MissingReason.UNKNOWN
