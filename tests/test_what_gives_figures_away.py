"""Diskretionering: what somebody who has everything that is published can work out, whatever the schools are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kvalitet.disclosure import Edition, withhold, withhold_family
from kvalitet.measurements import MUNICIPALITY, Measurement
from tests.linear_systems import System, Unknown
from tests.test_disclosure import PASSED, SHARE, YEAR

Rows = list[tuple[int, int]]  # pupils, and how many of them have reached it
LIMITS = (Fraction(0), Fraction(100))
school = st.integers(1, 12).flatmap(lambda pupils: st.tuples(st.just(pupils), st.integers(0, pupils)))
schools = st.lists(school, min_size=1, max_size=6)


def exact(value: Fraction) -> Decimal:
    """Shares of 1 to 12 pupils are no finite decimals; this is near enough to tell which are at an end of the scale."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def table_of(rows: Rows, groups: Mapping[str, frozenset[str]], indicator: str = "share") -> Edition:
    members = {f"s{n}": frozenset({f"s{n}"}) for n in range(len(rows))} | dict(groups)
    members[MUNICIPALITY] = frozenset(f"s{n}" for n in range(len(rows)))
    return tuple(
        Measurement(
            indicator=indicator,
            school_year=YEAR,
            unit=unit,
            source="STIL",
            value=Decimal(reached) if indicator == "passed" else exact(Fraction(100 * reached, pupils)),
            pupils=pupils,
        )
        for unit, of in members.items()
        for pupils, reached in [(sum(rows[int(s[1:])][0] for s in of), sum(rows[int(s[1:])][1] for s in of))]
    )


def unknowns(real: Edition, shown: Edition, edition: int = 0) -> dict[object, Unknown]:
    return {
        (m.indicator, edition, m.unit): Unknown((m.indicator, edition, m.unit), truth(m), *limits(m))
        for m, kept in zip(real, shown, strict=True)
        if kept.missing is not None
    }


def truth(m: Measurement) -> Fraction:
    assert m.value is not None
    return Fraction(m.value)


def limits(m: Measurement) -> tuple[Fraction, Fraction]:
    assert m.pupils is not None
    return (Fraction(0), Fraction(m.pupils)) if m.indicator == "passed" else LIMITS


def totals(system: System, real: Edition, groups: Mapping[str, frozenset[str]], edition: int = 0) -> None:
    """Tell that each total is its schools, weighed by their pupils."""
    pupils = {m.unit: m.pupils or 0 for m in real}
    everybody = frozenset(unit for unit in pupils if unit != MUNICIPALITY and unit not in groups)
    (indicator,) = {m.indicator for m in real}
    for total, of in (*groups.items(), (MUNICIPALITY, everybody)):
        weigh = {unit: Fraction(1 if indicator == "passed" else pupils[unit]) for unit in (*of, total)}
        weigh[total] *= -1
        system.add({(indicator, edition, unit): weight for unit, weight in weigh.items()})


def small_ones(real: Iterable[Measurement], edition: int = 0) -> set[object]:
    return {(m.indicator, edition, m.unit) for m in real if (m.pupils or 0) < SHARE.smallest_group}


@given(schools, st.integers(0, 3))
def test_nobody_can_work_out_what_is_withheld_from_schools_groups_and_municipality(rows: Rows, cut: int) -> None:
    groups = {"north": frozenset(f"s{n}" for n in range(min(cut, len(rows))))} if cut else {}
    real = table_of(rows, groups)
    shown = withhold(real, indicator=SHARE, subtotals=groups)
    system = System(unknowns(real, shown))
    totals(system, real, groups)
    assert small_ones(real) <= system.unknowns.keys()
    assert system.determined() & small_ones(real) == set()
    # What is left of a shown total is a figure too: of all who are withheld under it.
    left = [sum(row.values()) for row in system.rows if all(weight > 0 for weight in row.values())]
    assert all(pupils >= SHARE.smallest_group for pupils in left)


@given(schools)
def test_nobody_can_work_out_a_share_from_the_counts_beside_it(rows: Rows) -> None:
    shares, counts = table_of(rows, {}), table_of(rows, {}, "passed")
    shown = withhold_family({SHARE: shares, PASSED: counts})
    system = System(unknowns(shares, shown[SHARE]) | unknowns(counts, shown[PASSED]))
    assert {m.unit for m in shown[SHARE] if m.missing} == {m.unit for m in shown[PASSED] if m.missing}
    for m in shares:
        system.alias(("passed", 0, m.unit), ("share", 0, m.unit), Fraction(m.pupils or 0, 100))
    totals(system, shares, {})
    totals(system, counts, {})
    assert system.determined() & small_ones(shares) == set()


@given(schools, st.data())
def test_nobody_can_work_out_what_is_withheld_from_two_editions(rows: Rows, data: st.DataObject) -> None:
    """A figure that both editions have alike is one number, known as soon as one of them shows it."""
    changed = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    later = [data.draw(school) if n in changed else row for n, row in enumerate(rows)]
    first, second = table_of(rows, {}), table_of(later, {})
    shown = withhold(first, indicator=SHARE), withhold(second, indicator=SHARE, earlier=(first,))
    alike = {m.unit for m, again in zip(first, second, strict=True) if m == again}
    known = {m.unit for edition in shown for m in edition if m.missing is None and m.unit in alike}
    system = System(unknowns(first, shown[0]) | unknowns(second, shown[1], 1))
    system.unknowns = {name: one for name, one in system.unknowns.items() if not _is_known(name, alike, known)}
    for unit in alike - known:
        system.alias(("share", 1, unit), ("share", 0, unit))
    totals(system, first, {})
    totals(system, second, {}, 1)
    secret = (small_ones(first) | small_ones(second, 1)) & system.unknowns.keys()
    assert system.determined() & secret == set()


def _is_known(name: object, alike: set[str], known: set[str]) -> bool:
    assert isinstance(name, tuple)
    return name[2] in alike and name[2] in known
