"""Rimelighed: whether a pull's figures can be true, beside what is shown already.

The rules find what a source gets wrong and no schema sees: labels swapped, last year's figures, a decimal point lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from statistics import median

from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason, SeriesBreak, break_between
from kvalitet.pulls import Finding

# Fewer gone may be an accident; so may fewer alike, since figures with one decimal often are.
FEWEST = 3
ALIKE = 5
MOST_GONE = Decimal("0.25")
# A whole municipality does not become ten times better; a source that writes 0,093 for 9,3 per cent does.
FACTORS = (Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01"))
FACTOR_SLACK = Decimal("0.3")
Figures = Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Grænser: between what a figure of an indicator must lie, and how far a unit's may move in a year.

    Those that hold for `schools_only` are counts: a municipality and the country have as many as they have.
    """

    lowest: Decimal
    highest: Decimal
    jump: Decimal
    schools_only: bool = False

    def hold_for(self, unit: str) -> bool:
        """Tell whether they hold for a unit."""
        return not self.schools_only or unit not in {MUNICIPALITY, COUNTRY}

    def allow(self, value: Decimal, unit: str) -> bool:
        """Tell whether a unit may have a figure."""
        return not self.hold_for(unit) or self.lowest <= value <= self.highest


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Sammenligning: a pull's figures of one school year beside those shown of that year and of the year before.

    `expected` are the units that there should be figures of; `title` writes an indicator's Danish name.
    """

    now: tuple[Measurement, ...]
    shown: tuple[Measurement, ...]
    school_year: SchoolYear
    expected: frozenset[str]
    breaks: tuple[SeriesBreak, ...]
    title: Callable[[str], str]

    def figures(self, indicator: str) -> Figures:
        """What the pull says of an indicator, by unit."""
        return self._now.get((indicator, self.school_year), {})

    def same_year(self, indicator: str) -> Figures:
        """What is shown of the same school year."""
        return self._shown.get((indicator, self.school_year), {})

    def year_before(self, indicator: str) -> Figures:
        """What is shown of the school year before; nothing when the series is broken between the two."""
        before = self.school_year.plus(-1)
        if break_between(self.breaks, indicator, before, self.school_year):
            return {}
        return self._shown.get((indicator, before), {})

    def known(self, indicator: str) -> Figures:
        """What there is to compare with: each unit's figure of the same year, else of the year before."""
        return {**self.year_before(indicator), **self.same_year(indicator)}

    @cached_property
    def _now(self) -> Mapping[tuple[str, SchoolYear], Figures]:
        return _by_place(self.now)

    @cached_property
    def _shown(self) -> Mapping[tuple[str, SchoolYear], Figures]:
        return _by_place(self.shown)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that the pull has figures of."""
        keys = (m.indicator for m in self.now if m.school_year == self.school_year and _is_out(m))
        return tuple(dict.fromkeys(keys))


def implausible(compared: Compared, limits: Mapping[str, Limits]) -> list[Finding]:
    """Find all that cannot be true; each of the findings holds the whole pull back."""
    found: list[Finding] = []
    for indicator in compared.indicators:
        found += _gone(compared, indicator)
        wholly = [*_last_years(compared, indicator), *_shifted(compared, indicator)]
        found += wholly
        if not wholly and indicator in limits:
            found += _jumps(compared, indicator, limits[indicator])
    for one, other in combinations(compared.indicators, 2):
        found += _same_labels(compared, one, other)
        found += _swapped(compared, one, other)
    return found


def _gone(compared: Compared, indicator: str) -> Iterator[Finding]:
    were = set(compared.known(indicator)) & compared.expected
    gone = were - set(compared.figures(indicator))
    if len(gone) >= FEWEST and len(gone) > MOST_GONE * len(were):
        why = f"{len(gone)} af de {len(were)} enheder, der plejer at have et tal for »{compared.title(indicator)}«,"
        yield Finding(why=f"{why} mangler.", holds=True, indicator=indicator)


def _last_years(compared: Compared, indicator: str) -> Iterator[Finding]:
    now, before = compared.figures(indicator), compared.year_before(indicator)
    if _are_alike(now, before) and not compared.same_year(indicator):
        year = compared.school_year
        why = f"Alle tal for »{compared.title(indicator)}« i {year.label} er de samme som for {year.plus(-1).label}."
        yield Finding(why=why, holds=True, indicator=indicator)


def _shifted(compared: Compared, indicator: str) -> Iterator[Finding]:
    now, was = compared.figures(indicator), compared.known(indicator)
    ratios = [now[unit] / was[unit] for unit in now.keys() & was.keys() if was[unit] != 0]
    if len(ratios) < FEWEST:
        return
    middle = median(ratios)
    for factor in FACTORS:
        if abs(middle - factor) <= FACTOR_SLACK * factor:
            told = f"{factor} gange så store" if factor > 1 else f"{1 / factor:f} gange så små"
            why = f"Tallene for »{compared.title(indicator)}« er omkring {told} som dem, der vises."
            yield Finding(why=why, holds=True, indicator=indicator)


def _jumps(compared: Compared, indicator: str, limits: Limits) -> Iterator[Finding]:
    was = compared.known(indicator)
    for unit, value in compared.figures(indicator).items():
        if unit in was and limits.hold_for(unit) and abs(value - was[unit]) > limits.jump:
            yield Finding(
                why=f"»{compared.title(indicator)}« har flyttet sig mere, end et tal plejer fra år til år.",
                holds=True,
                indicator=indicator,
                unit=unit,
                column=compared.title(indicator),
                value=f"{_danish(was[unit])} → {_danish(value)}",
            )


def _same_labels(compared: Compared, one: str, other: str) -> Iterator[Finding]:
    if _are_alike(compared.figures(one), compared.figures(other)):
        titles = f"»{compared.title(one)}« og »{compared.title(other)}«"
        yield Finding(why=f"{titles} har de samme tal for alle. Er det ene nøgletal læst to gange?", holds=True)


def _swapped(compared: Compared, one: str, other: str) -> Iterator[Finding]:
    """Find two indicators whose figures are far from their own earlier ones and near to each other's."""
    straight = _distance(compared, one, one), _distance(compared, other, other)
    crossed = _distance(compared, one, other), _distance(compared, other, one)
    if None in straight or None in crossed:
        return
    if sum(filter(None, straight), Decimal()) > 2 * sum(filter(None, crossed), Decimal()):
        titles = f"»{compared.title(one)}« og »{compared.title(other)}«"
        yield Finding(why=f"{titles} ligner hinandens tidligere tal. Er de byttet om?", holds=True)


def _distance(compared: Compared, indicator: str, known_as: str) -> Decimal | None:
    """Tell how far an indicator's figures lie from known ones on average; None when too few can be compared."""
    now, was = compared.figures(indicator), compared.known(known_as)
    apart = [abs(now[unit] - was[unit]) for unit in now.keys() & was.keys()]
    return sum(apart, Decimal()) / len(apart) if len(apart) >= ALIKE else None


def _are_alike(one: Figures, other: Figures) -> bool:
    both = one.keys() & other.keys()
    return len(both) >= ALIKE and all(one[unit] == other[unit] for unit in both) and len(both) == len(one)


def _by_place(measurements: Iterable[Measurement]) -> dict[tuple[str, SchoolYear], dict[str, Decimal]]:
    found: dict[tuple[str, SchoolYear], dict[str, Decimal]] = {}
    for one in measurements:
        if one.value is not None:
            found.setdefault((one.indicator, one.school_year), {})[one.unit] = one.value
    return found


def _is_out(found: Measurement) -> bool:
    return found.missing is not MissingReason.NOT_PUBLISHED


def _danish(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
