"""Usikkerhed: few pupils make a wide interval, and what is not known makes none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.uncertainty import Interval, interval_of
from tests.goal_builders import GRADE, SATISFACTION, SHARE

TENTH = Decimal("0.1")
SHARE_OF_PUPILS = replace(SHARE, share_of_pupils=True)
SPREAD_GRADE = replace(GRADE, spread=Decimal("2.5"))


def rounded(interval: Interval | None) -> tuple[str, str]:
    assert interval is not None
    return str(interval.low.quantize(TENTH)), str(interval.high.quantize(TENTH))


@pytest.mark.parametrize(
    ("share", "pupils", "expected"),
    [("50", 10, ("23.7", "76.3")), ("100", 10, ("72.2", "100.0")), ("80", 100, ("71.1", "86.7"))],
)
def test_a_share_has_wilsons_interval(share: str, pupils: int, expected: tuple[str, str]) -> None:
    assert rounded(interval_of(SHARE_OF_PUPILS, Decimal(share), pupils)) == expected


def test_a_mean_of_grades_has_the_stated_spread_over_the_root_of_the_pupils() -> None:
    assert interval_of(SPREAD_GRADE, Decimal("6.4"), 25) == Interval(Decimal("5.42"), Decimal("7.38"))


@pytest.mark.parametrize("pupils", [None, 0])
def test_a_figure_without_pupils_has_no_interval(pupils: int | None) -> None:
    assert interval_of(SPREAD_GRADE, Decimal("6.4"), pupils) is None


def test_an_indicator_that_says_nothing_of_its_pupils_has_no_interval() -> None:
    assert interval_of(SATISFACTION, Decimal(4), 25) is None


def test_both_ends_belong_to_an_interval() -> None:
    interval = Interval(Decimal("5.4"), Decimal("7.4"))
    assert [Decimal(v) in interval for v in ("5.3", "5.4", "6", "7.4", "7.5")] == [False, True, True, True, False]


def test_what_is_held_against_an_uncertain_start_is_more_uncertain() -> None:
    now, start = Interval(Decimal(57), Decimal(63)), Interval(Decimal(46), Decimal(54))
    assert now.around(Decimal(60), start, Decimal(50)) == Interval(Decimal(55), Decimal(65))


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_of_a_share_holds_the_share_and_stays_on_the_scale(reached: int, pupils: int) -> None:
    share = Decimal(100 * min(reached, pupils)) / pupils
    interval = interval_of(SHARE_OF_PUPILS, share, pupils)
    assert interval is not None
    tiny = Decimal("1E-9")
    assert -tiny <= interval.low - 0 <= share + tiny
    assert share - tiny <= interval.high <= 100 + tiny


@given(st.integers(1, 500))
def test_more_pupils_make_a_narrower_interval(pupils: int) -> None:
    for indicator in (SHARE_OF_PUPILS, SPREAD_GRADE):
        few, many = interval_of(indicator, Decimal(6), pupils), interval_of(indicator, Decimal(6), pupils + 1)
        assert few is not None
        assert many is not None
        assert few.high - few.low > many.high - many.low
