"""Axes: round numbers, enough room, and levels by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kvalitet.adapters.charts.axis import axis_of, number_of
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import MissingReason
from tests.adapters.charts.figures import ABSENCE, figure

CATALOGUE = load_catalogue()


def ticks(indicator: str, *values: str) -> list[str]:
    return [text for _, text in axis_of(CATALOGUE[indicator], map(Decimal, values)).ticks]


def test_the_numbers_of_an_axis_are_round_and_written_as_the_indicator_is() -> None:
    assert ticks("absence", "7.1", "11.5") == ["7,0 %", "8,0 %", "9,0 %", "10,0 %", "11,0 %", "12,0 %"]
    assert ticks("pupils", "14", "483") == ["0", "100", "200", "300", "400", "500"]
    assert ticks("socioeconomic_difference", "-0.5", "0.6") == ["-0,5", "-0,25", "0,0", "0,25", "0,5", "0,75"]


def test_a_small_difference_does_not_fill_the_axis() -> None:
    assert ticks("well_being_social", "3.8", "3.9") == ["3,2", "3,4", "3,6", "3,8", "4,0", "4,2", "4,4"]


def test_what_is_never_below_zero_has_no_axis_below_zero() -> None:
    assert ticks("absence", "0") == ["0,0 %", "0,2 %", "0,4 %", "0,6 %", "0,8 %", "1,0 %"]


def test_an_axis_without_figures_can_be_drawn() -> None:
    assert axis_of(ABSENCE, []).share(Decimal(1)) == 1


def test_all_levels_of_an_ordinal_indicator_stand_on_its_axis() -> None:
    satisfaction = CATALOGUE["parent_satisfaction"]
    assert ticks("parent_satisfaction", "3") == ["meget lav", "lav", "middel", "høj", "meget høj"]
    assert number_of(satisfaction, figure(2024, "323003", "høj", indicator=satisfaction)) == 3
    assert number_of(satisfaction, figure(2024, "323003", "sær", indicator=satisfaction)) is None


def test_a_missing_figure_is_drawn_by_no_number() -> None:
    assert number_of(ABSENCE, figure(2024, "323003", MissingReason.SUPPRESSED)) is None


@pytest.mark.parametrize("value", ["0.1", "9.3", "99.9", "1402"])
def test_every_value_lies_on_its_axis(value: str) -> None:
    axis = axis_of(ABSENCE, [Decimal(value)])
    assert 0 <= axis.share(Decimal(value)) <= 1
