from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.web.drawing.geometry import Period, is_upside_down, lanes, point, sector_path
from kvalitet.web.drawing.wheel_model import Mark, mark_of, model_of
from kvalitet.web.drawing.wheel_svg import wheel_svg
from tests.web import builders


@dataclass(frozen=True)
class Span:
    first: date
    last: date


spans = st.builds(
    lambda start, days: Span(start, start + timedelta(days=days)),
    st.dates(date(2026, 5, 1), date(2027, 6, 30)),
    st.integers(0, 200),
)


@given(st.lists(spans, max_size=80))
def test_no_two_bars_of_a_lane_overlap_and_none_is_lost(found: list[Span]) -> None:
    laid = lanes(found)
    assert sorted((span for lane in laid for span in lane), key=repr) == sorted(found, key=repr)
    for lane in laid:
        assert all(one.last < other.first for one, other in pairwise(lane))


@pytest.mark.parametrize("year", range(2018, 2048))
def test_the_months_make_one_full_turn_in_every_year(year: int) -> None:
    period = Period.around(date(year, 5, 1), date(year + 1, 6, 30))
    sectors = [period.sector(first, last) for first, last in period.months()]
    assert len(sectors) == 14
    assert sum(end - start for start, end in sectors) == pytest.approx(360)
    assert [start for start, _ in sectors[1:]] == [end for _, end in sectors[:-1]]


@pytest.mark.parametrize("year", range(2018, 2048))
def test_the_weeks_make_one_full_turn_also_with_a_week_53(year: int) -> None:
    weeks = Period.around(date(year, 8, 1), date(year + 1, 7, 31)).weeks()
    assert weeks[0][0] == date(year, 8, 1)
    assert weeks[-1][1] == date(year + 1, 7, 31)
    assert all(one[1] + timedelta(days=1) == other[0] for one, other in pairwise(weeks))


def test_a_turn_begins_at_the_top_and_runs_clockwise() -> None:
    period = Period.around(date(2026, 8, 1), date(2027, 7, 31))
    assert period.angle(date(2026, 8, 1)) == 0
    assert period.angle(date(2026, 10, 31)) == pytest.approx(360 * 91 / 365)
    x, y = point(100, 90)
    assert (round(x, 6), round(y, 6)) == (700, 600)


def test_what_lies_outside_the_turn_is_cut_off() -> None:
    period = Period.around(date(2026, 8, 1), date(2026, 8, 31))
    assert period.sector(date(2026, 7, 1), date(2026, 9, 15)) == (0, 360)


def test_labels_in_the_lower_half_are_turned_round() -> None:
    assert [is_upside_down(angle, angle + 10) for angle in (0, 100, 200, 300)] == [False, True, True, False]


def test_a_whole_turn_is_drawn_although_its_ends_meet() -> None:
    assert sector_path(100, 200, 0, 360).count("A") == 2


def test_a_wheel_without_activities_is_drawn() -> None:
    svg = wheel_svg(builders.board(()), links=False)
    assert svg.startswith("<svg")
    assert "2026/27" in svg


def test_a_wheel_with_one_activity_has_one_link_to_it() -> None:
    svg = wheel_svg(builders.board((builders.activity(),)), links=True)
    assert svg.count("<a ") == 1
    assert 'href="/proeveby/aktivitet/local_goals"' in svg


def test_a_wheel_with_eighty_activities_shows_each_of_them() -> None:
    activities = tuple(builders.activity(f"activity_{number}", title=f"Punkt {number}") for number in range(80))
    svg = wheel_svg(builders.board(activities), links=True)
    assert all(f"aktivitet/activity_{number}" in svg for number in range(80))


def test_an_arc_too_short_for_its_title_keeps_the_number_that_the_legend_has() -> None:
    short = [
        builders.activity(f"a{n}", title="En lang titel, der ikke er plads til", due="start-08-14") for n in range(9)
    ]
    labels = re.findall(r"<textPath[^>]*>([^<]+)</textPath>", wheel_svg(builders.board(tuple(short)), links=True))
    counted = [label for label in labels if label.endswith("0/5")]
    assert [label for label in counted if not label[0].isdigit()] == []


def test_a_title_cannot_break_out_of_the_drawing() -> None:
    svg = wheel_svg(builders.board((builders.activity(title='<script>alert("hej")</script>'),)), links=True)
    assert "<script" not in svg


def test_the_saved_wheel_carries_its_style_and_the_page_does_not() -> None:
    board = builders.board()
    assert "<style>" in wheel_svg(board, links=False)
    assert "<style" not in wheel_svg(board, links=True)
    assert "style=" not in wheel_svg(board, links=True)


def test_the_wheel_begins_with_the_first_month_that_the_municipality_plans_in() -> None:
    model = model_of(builders.board())
    assert (model.period.first, model.period.last) == (date(2026, 5, 1), date(2027, 6, 30))


def test_one_overdue_school_marks_the_whole_activity() -> None:
    board = builders.board((builders.activity(),))
    assert {row.state.value for row in board.rows} == {"overdue"}
    assert mark_of(board.rows) is Mark.OVERDUE


def test_a_wheel_of_a_leap_year_is_the_same_wheel() -> None:
    model = model_of(builders.board(school_year=SchoolYear(2027)))
    assert (model.period.first, model.period.last, model.period.days) == (date(2027, 5, 1), date(2028, 6, 30), 427)
