"""Tidsserier: the figures of one indicator for one unit, cut where they must not be drawn or added up as one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, SeriesBreak, break_between

MEAN_OF = 3


@dataclass(frozen=True)
class Stretch:
    """Strækning: figures of school years that follow each other and may be compared, oldest first; never empty."""

    measurements: tuple[Measurement, ...]

    @property
    def first(self) -> Measurement:
        """The oldest figure."""
        return self.measurements[0]

    @property
    def last(self) -> Measurement:
        """The newest figure."""
        return self.measurements[-1]


@dataclass(frozen=True, kw_only=True)
class Series:
    """Tidsserie: `stretches` to draw as lines, each by itself; `gaps` to say the reason of, and `breaks` to mark.

    A school year without any figure, and one whose figure is missing, ends a stretch just as a break does.
    """

    indicator: str
    unit: str
    stretches: tuple[Stretch, ...]
    gaps: tuple[Measurement, ...]
    breaks: tuple[SeriesBreak, ...]

    def stretch_with(self, school_year: SchoolYear) -> Stretch | None:
        """The stretch that has a figure of the school year."""
        return next((s for s in self.stretches if any(m.school_year == school_year for m in s.measurements)), None)


@dataclass(frozen=True, kw_only=True)
class YearsMean:
    """Gennemsnit over flere år: each school year weighs as much as it has pupils; `value` has one decimal more."""

    value: Decimal
    pupils: int
    figures: tuple[Measurement, ...]

    @property
    def years(self) -> tuple[SchoolYear, ...]:
        """The school years that it is the mean of, oldest first."""
        return tuple(m.school_year for m in self.figures)


@dataclass(frozen=True)
class NoMean:
    """Intet gennemsnit: `reason` is a Danish clause that says why."""

    reason: str


def series_of(
    measurements: Iterable[Measurement], breaks: Iterable[SeriesBreak], *, indicator: str, unit: str
) -> Series:
    """Put one indicator's figures for one unit in order; of two figures for the same year the last one counts."""
    by_year = {m.school_year: m for m in measurements if (m.indicator, m.unit) == (indicator, unit)}
    ordered = [by_year[year] for year in sorted(by_year)]
    known = tuple(sorted((b for b in breaks if b.indicator == indicator), key=lambda b: b.school_year))
    there = [m for m in ordered if m.missing is None]
    return Series(
        indicator=indicator,
        unit=unit,
        stretches=_stretches(there, known),
        gaps=tuple(m for m in ordered if m.missing is not None),
        breaks=tuple(b for b in known if ordered and _is_within(b, ordered[0].school_year, ordered[-1].school_year)),
    )


def three_year_mean(series: Series, last: SchoolYear, *, years: int = MEAN_OF) -> YearsMean | NoMean:
    """Work out the mean of the `years` comparable school years that end with `last`, each pupil weighing the same.

    The rounded number is the one to judge and to show, so nobody sees 6,50 that is said to be less than 6,5.
    """
    stretch = series.stretch_with(last)
    taken = [m for m in stretch.measurements if m.school_year <= last][-years:] if stretch else []
    if len(taken) < years:
        return NoMean(f"der er ikke {years} skoleår i træk til og med {last.label}, som kan sammenlignes")
    weighted = [(m.value, m.pupils) for m in taken if m.value is not None and m.pupils]
    if len(weighted) < years:
        return NoMean("antallet af elever bag tallene er ikke oplyst for alle årene")
    pupils = sum(count for _, count in weighted)
    return YearsMean(value=weighted_mean(weighted), pupils=pupils, figures=tuple(taken))


def weighted_mean(weighted: Sequence[tuple[Decimal, int]]) -> Decimal:
    """Give the mean of values, each weighing as much as its number, with one decimal more than the values have."""
    exact = sum((value * weight for value, weight in weighted), Decimal(0)) / sum(weight for _, weight in weighted)
    return exact.quantize(Decimal(1).scaleb(min(_exponent(value) for value, _ in weighted) - 1), ROUND_HALF_UP)


def _stretches(ordered: list[Measurement], breaks: tuple[SeriesBreak, ...]) -> tuple[Stretch, ...]:
    runs = [ordered[:1]] if ordered else []
    for earlier, later in pairwise(ordered):
        if _follows(earlier, later, breaks):
            runs[-1].append(later)
        else:
            runs.append([later])
    return tuple(Stretch(tuple(run)) for run in runs)


def _follows(earlier: Measurement, later: Measurement, breaks: tuple[SeriesBreak, ...]) -> bool:
    if earlier.school_year.plus(1) != later.school_year:
        return False
    return break_between(breaks, later.indicator, earlier.school_year, later.school_year) is None


def _is_within(found: SeriesBreak, first: SchoolYear, last: SchoolYear) -> bool:
    """A lasting break is of interest between two years, one year apart wherever that year is shown."""
    return found.separates(first, last) or (not found.lasting and first <= found.school_year <= last)


def _exponent(value: Decimal) -> int:
    """The place of the last decimal, as a number that is not above 0."""
    exponent = value.as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0
