"""Mål: what a municipality has decided to reach, on what it is measured, and by when.

`kvalitet.targets` has the kinds of target; `kvalitet.verdicts` judges a goal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from kvalitet.days import SchoolYear
from kvalitet.measurements import Indicator, IndicatorUnit
from kvalitet.targets import (
    AtLeast,
    AtMost,
    AtNationalAverage,
    CountPerSchool,
    DocumentsPerSchool,
    LevelAtLeast,
    MoreThan,
    RisePercent,
    RisePoints,
    Target,
    falls,
)

__all__ = [
    "AtLeast",
    "AtMost",
    "AtNationalAverage",
    "CountPerSchool",
    "DocumentsPerSchool",
    "Goal",
    "LevelAtLeast",
    "MoreThan",
    "Per",
    "RisePercent",
    "RisePoints",
    "Target",
]


class Per(Enum):
    """Hvem målet gælder for: the municipality as a whole, or every one of its schools."""

    MUNICIPALITY = "municipality"
    SCHOOL = "school"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Mål: a target on an indicator, or on what the schools hand in (`deliverable`, and perhaps one `field`).

    `deadline` is the last school year that counts ("ved udgangen af skoleåret") or a last day.
    `mean_of_years` above 1 judges the mean of the last years, each pupil weighing the same. A local goal is one that a
    school has set for itself: it names that `school`.
    A goal that contradicts itself raises ValueError with all the contradictions in Danish.
    """

    key: str
    title: str
    focus_area: str
    target: Target
    per: Per
    deadline: SchoolYear | date
    indicator: Indicator | None = None
    deliverable: str | None = None
    field: str | None = None
    baseline_year: SchoolYear | None = None
    mean_of_years: int = 1
    school: str | None = None

    def __post_init__(self) -> None:
        contradictions = list(self._contradictions())
        if contradictions:
            message = f"Målet {self.key}: " + " ".join(contradictions)
            raise ValueError(message)

    @cached_property
    def deadline_year(self) -> SchoolYear:
        """The last whole school year within the deadline: its figures decide the goal."""
        if isinstance(self.deadline, SchoolYear):
            return self.deadline
        year = SchoolYear.containing(self.deadline)
        return year if year.last_day == self.deadline else year.plus(-1)

    @property
    def last_day(self) -> date:
        """The last day on which the goal can still be reached."""
        return self.deadline.last_day if isinstance(self.deadline, SchoolYear) else self.deadline

    def _contradictions(self) -> Iterator[str]:
        if isinstance(self.target, CountPerSchool | DocumentsPerSchool):
            yield from self._contradictions_of_delivered()
        else:
            yield from self._contradictions_of_figure()

    @property
    def is_local(self) -> bool:
        """Whether it is a school's own goal, and not the municipality's."""
        return self.school is not None

    def _contradictions_of_delivered(self) -> Iterator[str]:
        if self.deliverable is None:
            yield "angiv i »deliverable«, hvilken leverance der tælles."
        if self.per is not Per.SCHOOL:
            yield "det, som skolerne afleverer, måles pr. skole (»per: school«)."
        if self.indicator is not None:
            yield "»indicator« passer ikke til et mål, som skolerne afleverer sig til."
        if self.mean_of_years > 1:
            yield "»mean_of_years« passer ikke til et mål, som skolerne afleverer sig til."

    def _contradictions_of_figure(self) -> Iterator[str]:
        if self.indicator is None:
            yield "angiv i »indicator«, hvilket nøgletal målet måles på."
        else:
            yield from self._contradictions_with(self.indicator)
        if self.deliverable is not None or self.field is not None:
            yield "»deliverable« og »field« passer ikke til et mål på et nøgletal."
        if self.baseline_year is not None and self.baseline_year >= self.deadline_year:
            yield "udgangspunktet (»baseline_year«) skal ligge før fristen (»deadline«)."

    def _contradictions_with(self, indicator: Indicator) -> Iterator[str]:
        if isinstance(self.target, LevelAtLeast) != (indicator.unit is IndicatorUnit.LEVEL):
            yield f"måltypen passer ikke til nøgletallet {indicator.key}; kun niveauer måles med level_at_least."
        elif isinstance(self.target, LevelAtLeast) and indicator.level_named(self.target.level) is None:
            yield f"niveauet »{self.target.level}« findes ikke; vælg mellem {', '.join(indicator.levels)}."
        elif falls(self.target) != indicator.lower_is_better:
            yield _other_way(self.target, indicator)
        if self.mean_of_years > 1 and indicator.unit in {IndicatorUnit.LEVEL, IndicatorUnit.COUNT}:
            yield f"»mean_of_years« passer ikke til nøgletallet {indicator.key}: der er intet gennemsnit at tage."


def _other_way(target: Target, indicator: Indicator) -> str:
    if isinstance(target, AtNationalAverage):
        return f"»lower_is_better« er det modsatte af det, der gælder for nøgletallet {indicator.key}."
    better, kind = ("lavere", "at_most") if indicator.lower_is_better else ("højere", "at_least")
    return f"måltypen går den forkerte vej: for nøgletallet {indicator.key} er {better} bedre; brug {kind}."
