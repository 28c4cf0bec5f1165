"""Måltyper: what it takes to reach a goal, one class per kind of target in the two plans.

Percent and procentpoint are different things, "at least" and "more than" likewise, so each is a class of its own.
The words under "Parameters" are the keys that a municipality's goals file gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class AtNationalAverage:
    """På landsgennemsnittet: as good as the country's figure of the same school year, or better.

    Parameters: `lower_is_better` (true/false), which must agree with the indicator.
    """

    lower_is_better: bool


@dataclass(frozen=True, kw_only=True)
class RisePoints:
    """Stigning i procentpoint: at least `points` above the baseline year's figure.

    Parameters: `points` (number above 0). The goal needs `baseline_year`.
    """

    points: Decimal

    def __post_init__(self) -> None:
        _require_positive(self.points, "points")


@dataclass(frozen=True, kw_only=True)
class RisePercent:
    """Stigning i procent: at least `percent` per cent above the baseline year's figure, relative to it.

    Parameters: `percent` (number above 0). The goal needs `baseline_year`.
    """

    percent: Decimal

    def __post_init__(self) -> None:
        _require_positive(self.percent, "percent")


@dataclass(frozen=True, kw_only=True)
class AtLeast:
    """Mindst: the value or more. Parameters: `value` (number)."""

    value: Decimal


@dataclass(frozen=True, kw_only=True)
class AtMost:
    """Højst: the value or less. Parameters: `value` (number)."""

    value: Decimal


@dataclass(frozen=True, kw_only=True)
class MoreThan:
    """Over: strictly more than the value; the value itself is not enough. Parameters: `value` (number)."""

    value: Decimal


@dataclass(frozen=True, kw_only=True)
class LevelAtLeast:
    """Mindst på niveau: the named level of the indicator, or a higher one. Parameters: `level` (its name)."""

    level: str


@dataclass(frozen=True, kw_only=True)
class CountPerSchool:
    """Antal pr. skole: each school hands in at least `count` of something.

    Parameters: `count` (whole number above 0). The goal names `deliverable` and may name `field`.
    """

    count: int

    def __post_init__(self) -> None:
        _require_positive(Decimal(self.count), "count")


@dataclass(frozen=True, kw_only=True)
class DocumentsPerSchool:
    """Dokumenter pr. skole: each school hands in one of every kind.

    Parameters: `kinds`, a mapping from field of the deliverable to its Danish name
    (`day_care: aftale med dagtilbud`). The goal names `deliverable`.
    """

    kinds: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.kinds:
            message = "kinds skal nævne mindst én slags dokument."
            raise ValueError(message)


FigureTarget = AtNationalAverage | RisePoints | RisePercent | AtLeast | AtMost | MoreThan | LevelAtLeast
DeliveredTarget = CountPerSchool | DocumentsPerSchool
Target = FigureTarget | DeliveredTarget


def falls(target: Target) -> bool:
    """Whether the target is met from below: by being low, or lower."""
    return isinstance(target, AtMost) or (isinstance(target, AtNationalAverage) and target.lower_is_better)


def _require_positive(number: Decimal, name: str) -> None:
    if number <= 0:
        message = f"{name} skal være over 0."
        raise ValueError(message)
