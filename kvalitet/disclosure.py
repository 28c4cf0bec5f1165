"""Diskretionering: figures of few pupils are withheld, and so are others that would give them away by subtraction.

What is published of one school year is a table: a figure for each school, one for the municipality, and perhaps one
for each school group. A total is the mean (or sum) of its schools, weighed by pupils. So whoever knows the total,
the pupils and all schools but one knows that one too. Each shown total therefore has either no withheld school under
it (counted to the nearest shown total), or at least two, who together are no small group and are not all at the same
end of the scale. While that does not hold, one more figure is withheld: the school of fewest pupils, since that is the
smallest loss; and when no school is left to hide it, the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Indicator, IndicatorUnit, Measurement, MissingReason

NO_SUBTOTALS: Mapping[str, frozenset[str]] = {}
LEAST_HIDDEN = 2
# The ends of the scales: a total at one of them tells every figure below it.
_ENDS: Mapping[IndicatorUnit, tuple[Decimal, ...]] = {
    IndicatorUnit.PERCENT: (Decimal(0), Decimal(100)),
    IndicatorUnit.GRADE: (Decimal(-3), Decimal(12)),
    IndicatorUnit.INDEX: (Decimal(1), Decimal(5)),
    IndicatorUnit.COUNT: (Decimal(0),),
}

Edition = tuple[Measurement, ...]
Cell = tuple[SchoolYear, str]
# What a figure says, whatever it is that says so: two editions often repeat each other.
_Told = tuple[str, Cell, Decimal | None, int | None]


def withhold(
    figures: Iterable[Measurement],
    *,
    indicator: Indicator,
    subtotals: Mapping[str, frozenset[str]] = NO_SUBTOTALS,
    earlier: Sequence[Edition] = (),
) -> Edition:
    """Give the same figures of one indicator, where those that must not be shown are missing as SUPPRESSED.

    `subtotals` gives the schools of each unit that is a sum of them (no school in two); the municipality is one of all.
    `earlier` are the editions that have been on show, oldest first, as they came from the source: what was withheld
    in one of them stays withheld, and what they showed can hide nothing any more.
    """
    before = [{indicator: edition} for edition in earlier]
    return withhold_family({indicator: tuple(figures)}, subtotals=subtotals, earlier=before)[indicator]


def withhold_family(
    figures: Mapping[Indicator, Edition],
    *,
    subtotals: Mapping[str, frozenset[str]] = NO_SUBTOTALS,
    earlier: Sequence[Mapping[Indicator, Edition]] = (),
) -> dict[Indicator, Edition]:
    """Do the same for indicators that can be worked out from each other: what one withholds, all of them do."""
    withheld: set[Cell] = set()
    known = _Known()
    for edition in (*earlier, figures):
        tables = [_Table(indicator, rows, subtotals, known) for indicator, rows in edition.items()]
        _settle(tables, withheld)
        known = known.after(tables, withheld)
    return {indicator: tuple(_without(m, withheld) for m in rows) for indicator, rows in figures.items()}


def is_withheld_by_itself(found: Measurement, indicator: Indicator) -> bool:
    """Whether so few pupils stand behind a figure that it must not be shown, or the source does not show it."""
    pupils = _pupils(found, indicator)
    is_few = found.unit != COUNTRY and pupils is not None and pupils < indicator.smallest_group
    return is_few or found.missing is MissingReason.SUPPRESSED


@dataclass(frozen=True)
class _Known:
    """What earlier editions have told: figures by themselves, and sets of withheld ones whose sum can be worked out.

    Figures of a set hide nothing new, unless exactly the same set is withheld again: that tells no more than before.
    """

    shown: frozenset[_Told] = frozenset()
    summed: frozenset[frozenset[_Told]] = frozenset()

    def after(self, tables: Iterable[_Table], withheld: set[Cell]) -> _Known:
        """Add what one more edition tells."""
        shown = {_told(m) for table in tables for m in table.rows if _cell(m) not in withheld}
        summed = {frozenset(map(_told, found)) for table in tables for _, found in table.hidden(withheld)}
        return _Known(self.shown | shown, self.summed | summed)

    def fresh(self, found: Iterable[Measurement]) -> list[Measurement]:
        """Those that no earlier edition tells anything of."""
        old = self.shown.union(*self.summed)
        return [m for m in found if _told(m) not in old]


@dataclass(frozen=True)
class _Table:
    """One edition of one indicator."""

    indicator: Indicator
    rows: Edition
    subtotals: Mapping[str, frozenset[str]]
    known: _Known
    by_year: dict[SchoolYear, dict[str, Measurement]] = field(init=False)

    def __post_init__(self) -> None:
        by_year: dict[SchoolYear, dict[str, Measurement]] = {}
        for found in self.rows:
            by_year.setdefault(found.school_year, {})[found.unit] = found
        object.__setattr__(self, "by_year", by_year)

    def withheld_by_themselves(self) -> Iterator[Cell]:
        """List what is withheld for its own sake."""
        return (_cell(found) for found in self.rows if is_withheld_by_itself(found, self.indicator))

    def further(self, withheld: set[Cell]) -> Iterator[Cell]:
        """List what must be withheld besides: one for each total that gives something away."""
        for total, hidden in self.hidden(withheld):
            if not self._is_safe(hidden):
                yield _cell(self._smallest_loss(total, withheld))

    def hidden(self, withheld: set[Cell]) -> Iterator[tuple[Measurement, list[Measurement]]]:
        """List each shown total with the withheld schools that it is the nearest shown total of, if there are any."""
        if self.indicator.unit is IndicatorUnit.LEVEL:
            return
        for year in {year for year, _ in withheld} & self.by_year.keys():
            row = self.by_year[year]
            # Without pupils nobody can weigh the schools; then the source's own withheld figures are safe.
            if any(_pupils(found, self.indicator) is not None for found in row.values()):
                for total in self._totals(row, withheld):
                    hidden = [m for m in self._under(total, withheld) if _cell(m) in withheld]
                    if hidden:
                        yield total, hidden

    def _totals(self, row: Mapping[str, Measurement], withheld: set[Cell]) -> list[Measurement]:
        totals = [row[unit] for unit in (*self.subtotals, MUNICIPALITY) if unit in row]
        return [total for total in totals if _is_shown(total, withheld)]

    def _under(self, total: Measurement, withheld: set[Cell]) -> list[Measurement]:
        row = self.by_year[total.school_year]
        if total.unit in self.subtotals:
            return [row[unit] for unit in self.subtotals[total.unit] & row.keys()]
        apart = {COUNTRY, MUNICIPALITY, *self.subtotals}
        nearer = (self.subtotals[m.unit] for m in self._totals(row, withheld) if m.unit in self.subtotals)
        return [row[unit] for unit in row.keys() - apart.union(*nearer)]

    def _is_safe(self, hidden: Iterable[Measurement]) -> bool:
        if frozenset(map(_told, hidden)) in self.known.summed:
            return True
        hiding = [m for m in self.known.fresh(hidden) if _pupils(m, self.indicator) != 0]
        if (
            len(hiding) < LEAST_HIDDEN
            or sum(_pupils(m, self.indicator) or 0 for m in hiding) < self.indicator.smallest_group
        ):
            return False
        values = {m.value for m in hiding if m.value is not None}
        return not any(values == {end} for end in _ENDS.get(self.indicator.unit, ()))

    def _smallest_loss(self, total: Measurement, withheld: set[Cell]) -> Measurement:
        shown = [m for m in self._under(total, withheld) if _is_shown(m, withheld)]
        return min(self.known.fresh(shown), key=self._loss, default=total)

    def _loss(self, found: Measurement) -> tuple[bool, int, str]:
        pupils = _pupils(found, self.indicator)
        return pupils is None, pupils or 0, found.unit


def _settle(tables: Sequence[_Table], withheld: set[Cell]) -> None:
    """Withhold until every table is safe; each round takes one cell more, so it ends."""
    withheld.update(cell for table in tables for cell in table.withheld_by_themselves())
    while further := next((cell for table in tables for cell in table.further(withheld)), None):
        withheld.add(further)


def _pupils(found: Measurement, indicator: Indicator) -> int | None:
    """Give the pupils behind a figure; a count without them counts the pupils themselves."""
    if found.pupils is None and found.value is not None and indicator.unit is IndicatorUnit.COUNT:
        return int(found.value)
    return found.pupils


def _cell(found: Measurement) -> Cell:
    return found.school_year, found.unit


def _told(found: Measurement) -> _Told:
    return found.indicator, _cell(found), found.value, found.pupils


def _is_shown(found: Measurement, withheld: set[Cell]) -> bool:
    return found.missing is None and _cell(found) not in withheld


def _without(found: Measurement, withheld: set[Cell]) -> Measurement:
    if found.missing is not None or _cell(found) not in withheld:
        return found
    return replace(found, value=None, level=None, missing=MissingReason.SUPPRESSED, pupils=None)
