"""Diskretionering: what is withheld, and what is withheld to hide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kvalitet.days import SchoolYear
from kvalitet.disclosure import withhold, withhold_family
from kvalitet.measurements import (
    COUNTRY,
    MUNICIPALITY,
    Indicator,
    IndicatorUnit,
    Measurement,
    MissingReason,
)

YEAR = SchoolYear(2024)
SHARE = Indicator(
    key="share",
    title="Andel med mindst 02",
    unit=IndicatorUnit.PERCENT,
    decimals=1,
    lower_is_better=False,
    family="exam",
)
PASSED = replace(SHARE, key="passed", title="Antal med mindst 02", unit=IndicatorUnit.COUNT, decimals=0)
WELL_BEING = replace(SHARE, key="well_being", unit=IndicatorUnit.INDEX, smallest_group=6, family="")
LEVEL = Indicator(
    key="level",
    title="Tilfredshed",
    unit=IndicatorUnit.LEVEL,
    decimals=0,
    lower_is_better=False,
    levels=("lav", "høj"),
)


def figure(unit: str, value: str | None, pupils: int | None, *, indicator: str = "share") -> Measurement:
    return Measurement(
        indicator=indicator,
        school_year=YEAR,
        unit=unit,
        source="STIL",
        value=None if value is None else Decimal(value),
        missing=MissingReason.SUPPRESSED if value is None else None,
        pupils=pupils,
    )


def withheld_of(
    *figures: Measurement, indicator: Indicator = SHARE, subtotals: Mapping[str, frozenset[str]] | None = None
) -> list[str]:
    shown = withhold(figures, indicator=indicator, subtotals=subtotals or {})
    return [found.unit for found in shown if found.missing is MissingReason.SUPPRESSED]


def test_a_figure_of_three_pupils_is_withheld_with_its_pupils_and_one_of_four_is_not() -> None:
    shown = withhold((figure("A", "50", 3), figure("B", "50", 4)), indicator=SHARE)
    assert shown == (figure("A", None, None), figure("B", "50", 4))


def test_well_being_of_five_pupils_is_withheld_and_of_six_is_not() -> None:
    assert withheld_of(figure("A", "3.8", 5), figure("B", "3.8", 6), indicator=WELL_BEING) == ["A"]


def test_a_figure_whose_pupils_are_unknown_is_shown() -> None:
    assert withheld_of(figure("A", "50", None), figure(MUNICIPALITY, "50", None)) == []


def test_beside_a_total_a_single_withheld_school_takes_the_smallest_other_with_it() -> None:
    table = figure("A", "50", 3), figure("B", "60", 30), figure("C", "70", 20), figure(MUNICIPALITY, "63.2", 53)
    assert withheld_of(*table) == ["A", "C"]


def test_of_two_equally_small_schools_the_first_number_is_withheld() -> None:
    table = figure("A", "50", 3), figure("C", "60", 20), figure("B", "70", 20), figure(MUNICIPALITY, "63.9", 43)
    assert withheld_of(*table) == ["A", "B"]


def test_a_school_of_unknown_size_is_withheld_after_those_that_are_known() -> None:
    table = figure("A", "50", 3), figure("B", "60", None), figure("C", "70", 20), figure(MUNICIPALITY, "63.9", 43)
    assert withheld_of(*table) == ["A", "C"]


def test_without_a_total_nothing_more_is_withheld() -> None:
    assert withheld_of(figure("A", "50", 3), figure("B", "60", 30), figure(COUNTRY, "70", 60_000)) == ["A"]
    assert withheld_of(figure("A", "50", 3), figure("B", "60", 30), figure(MUNICIPALITY, None, None)) == [
        "A",
        MUNICIPALITY,
    ]


def test_two_small_schools_hide_each_other_when_they_are_enough_together() -> None:
    table = figure("A", "50", 2), figure("B", "100", 2), figure("C", "70", 20), figure(MUNICIPALITY, "70.8", 24)
    assert withheld_of(*table) == ["A", "B"]


def test_two_small_schools_that_together_are_a_small_group_hide_nothing() -> None:
    table = figure("A", "50", 2), figure("B", "100", 1), figure("C", "70", 20), figure(MUNICIPALITY, "69.6", 23)
    assert withheld_of(*table) == ["A", "B", "C"]


def test_schools_at_the_end_of_the_scale_hide_nothing() -> None:
    table = figure("A", "0", 3), figure("B", "0", 9), figure("C", "10", 20), figure(MUNICIPALITY, "6.25", 32)
    assert withheld_of(*table) == ["A", "B", "C"]


def test_a_school_without_pupils_hides_nothing() -> None:
    table = figure("A", "50", 3), figure("B", "0", 0), figure("C", "70", 20), figure(MUNICIPALITY, "67.4", 23)
    assert withheld_of(*table) == ["A", "B", "C"]


def test_when_no_school_is_left_to_hide_it_the_total_is_withheld() -> None:
    assert withheld_of(figure("A", "50", 3), figure(MUNICIPALITY, "50", 3)) == ["A", MUNICIPALITY]
    assert withheld_of(figure("A", "0", 3), figure("B", "0", 9), figure(MUNICIPALITY, "0", 12)) == [
        "A",
        "B",
        MUNICIPALITY,
    ]


def test_what_the_source_itself_withholds_stays_and_is_hidden_as_well() -> None:
    table = figure("A", None, None), figure("B", "60", 30), figure("C", "70", 20), figure(MUNICIPALITY, "63.2", 53)
    assert withheld_of(*table) == ["A", "C"]


def test_what_the_source_withholds_needs_no_more_where_nobody_knows_the_pupils() -> None:
    table = figure("A", None, None), figure("B", "60", None), figure(MUNICIPALITY, "63.2", None)
    assert withhold(table, indicator=SHARE) == table


def test_other_years_and_other_reasons_are_left_alone() -> None:
    other_year = replace(figure("C", "70", 20), school_year=SchoolYear(2023))
    not_reported = replace(figure("D", None, None), missing=MissingReason.NOT_REPORTED)
    table = figure("A", "50", 3), other_year, not_reported
    assert withhold(table, indicator=SHARE) == (figure("A", None, None), other_year, not_reported)


def test_levels_are_withheld_but_cannot_be_subtracted() -> None:
    few = Measurement(indicator="level", school_year=YEAR, unit="A", source="fil", level="høj", pupils=3)
    many = replace(few, unit="B", pupils=30)
    whole = replace(few, unit=MUNICIPALITY, pupils=33)
    assert withheld_of(few, many, whole, indicator=LEVEL) == ["A"]


def test_a_count_without_pupils_counts_the_pupils_themselves() -> None:
    counted = (figure("A", "3", None), figure("B", "9", None), figure("C", "8", None), figure(MUNICIPALITY, "20", None))
    assert withheld_of(*counted, indicator=PASSED) == ["A", "C"]


def test_a_group_of_schools_hides_its_own() -> None:
    table = (
        figure("A", "50", 3),
        figure("B", "60", 30),
        figure("C", "70", 10),
        figure("north", "59.1", 33),
        figure(MUNICIPALITY, "61.6", 43),
    )
    assert withheld_of(*table, subtotals={"north": frozenset({"A", "B"})}) == ["A", "B"]
    assert withheld_of(*table, subtotals={"north": frozenset({"A"}), "south": frozenset()}) == ["A", "C", "north"]


def test_a_share_and_its_count_are_withheld_for_the_same_schools() -> None:
    shares = figure("A", "50", 4), figure("B", "60", 30), figure(MUNICIPALITY, "58.8", 34)
    counts = figure("A", "2", None, indicator="passed"), figure("B", "18", None, indicator="passed")
    shown = withhold_family({SHARE: shares, PASSED: counts})
    assert [m.unit for m in shown[SHARE] if m.missing] == ["A", "B"]
    assert [m.unit for m in shown[PASSED] if m.missing] == ["A", "B"]


def test_what_was_withheld_in_an_earlier_edition_stays_withheld() -> None:
    first = figure("A", "50", 3), figure("B", "60", 20), figure("C", "70", 30), figure(MUNICIPALITY, "65.1", 53)
    second = figure("A", "50", 3), figure("B", "60", 20), figure("C", "70", 10), figure(MUNICIPALITY, "62.1", 33)
    assert withheld_of(*first) == ["A", "B"]
    assert withheld_of(*second) == ["A", "C"]
    again = withhold(second, indicator=SHARE, earlier=(first,))
    assert [m.unit for m in again if m.missing] == ["A", "B"]


def test_what_has_been_shown_can_hide_nothing_any_more() -> None:
    first = figure("B", "60", 20), figure("C", "70", 30)
    second = figure("A", "50", 3), *first, figure(MUNICIPALITY, "65.1", 53)
    shown = withhold(second, indicator=SHARE, earlier=(first,))
    assert [m.unit for m in shown if m.missing] == ["A", MUNICIPALITY]
    revised = figure("A", "50", 3), figure("B", "61", 20), figure("C", "70", 30), figure(MUNICIPALITY, "65.5", 53)
    shown = withhold(revised, indicator=SHARE, earlier=(first,))
    assert [m.unit for m in shown if m.missing] == ["A", "B"]
