"""What lies at the top of the wheel, and what happens at its ends."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from kvalitet.days import SchoolYear
from kvalitet.web.drawing.wheel_model import Bar, Start, WheelModel, model_of
from kvalitet.web.drawing.wheel_svg import draw
from tests.web import builders

CROSSING = builders.activity("crossing", title="Over årsskiftet", opens="start-07-15", due="start-08-20")
CONTINUING = builders.activity("continuing", title="Fortsætter", opens="end-06-01", due="end-08-15")
BEFORE = builders.activity("before", title="Før august", opens="start-05-01", due="start-06-30")


def school_year_alone(*activities: object) -> WheelModel:
    return model_of(builders.board(activities), start=Start.AUGUST)  # type: ignore[arg-type]


def arc(svg: str, number: int) -> str:
    found = re.search(rf'<g class="bar [^"]*"><(?:a|g) [^>]*aria-label="{number}\. .*?</(?:a|g)></g>', svg)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("year", range(2018, 2048))
def test_the_school_year_alone_is_one_turn_from_august_to_july(year: int) -> None:
    model = model_of(builders.board(school_year=SchoolYear(year)), start=Start.AUGUST)
    sectors = [model.period.sector(first, last) for first, last in model.period.months()]
    assert len(sectors) == 12
    assert (sectors[0][0], sectors[-1][1]) == (0, 360)
    assert sum(end - start for start, end in sectors) == pytest.approx(360)
    assert model.period.days == (366 if year % 4 == 3 else 365)


@pytest.mark.parametrize("year", range(2018, 2048))
def test_january_can_lie_at_the_top_and_the_turn_is_still_whole(year: int) -> None:
    period = model_of(builders.board(school_year=SchoolYear(year)), start=Start.JANUARY).period
    sectors = [period.sector(first, last) for first, last in period.months()]
    assert period.angle(date(year + 1, 1, 1)) == 0
    assert sum(end - start for start, end in sectors) == pytest.approx(360)
    assert all(one[1] == other[0] for one, other in pairwise(sectors))


def test_an_arc_over_the_first_of_august_is_cut_there_and_says_where_it_begins() -> None:
    found = arc(draw(school_year_alone(CROSSING), links=True), 1)
    assert found.count('class="goes-on"') == 1
    assert "Begynder 15. juli 2026, før hjulet." in found


def test_an_arc_over_the_last_of_july_is_cut_there_and_says_how_long_it_goes_on() -> None:
    found = arc(draw(school_year_alone(CONTINUING), links=True), 1)
    assert found.count('class="goes-on"') == 1
    assert "Fortsætter til 15. august 2027." in found
    assert 'class="cap"' not in found


def test_an_arc_that_ends_within_the_turn_is_closed_by_a_line() -> None:
    found = arc(draw(school_year_alone(builders.activity()), links=True), 1)
    assert 'class="cap"' in found
    assert "goes-on" not in found


def test_what_lies_outside_the_turn_is_named_and_not_drawn() -> None:
    model = school_year_alone(BEFORE, builders.activity())
    assert [bar.activity.title for bar in model.outside] == ["Før august"]
    assert "Før august" not in draw(model, links=True)
    assert [ring.value for ring, _ in model.by_ring()] == ["deliverables"]
    assert sum(len(bars) for _, bars in model.by_ring()) == 2


def test_meetings_outside_the_turn_are_not_drawn_at_its_ends() -> None:
    svg = draw(model_of(builders.board(), start=Start.AUGUST), links=True)
    assert "Møde om dataudtrækket" not in svg


def test_what_waits_for_something_else_is_hatched_and_says_for_what() -> None:
    waiting = builders.activity("waiting", title="Venter", opens="start-10-01", due="end-01-31", after=("local_goals",))
    model = model_of(builders.board((builders.activity(), waiting)))
    assert [bar.waits_for for bar in model.bars] == [(), (1,)]
    found = arc(draw(model, links=True), 2)
    assert 'class="waits"' in found
    assert "venter på nummer 1" in found


def card(bar: Bar, svg: str) -> list[str]:
    found = re.search(r'<g class="card" aria-hidden="true">(.*?)</g>', arc(svg, bar.number))
    assert found is not None
    return re.findall(r"<text[^>]*>([^<]+)</text>", found[1])


def test_the_card_says_what_when_who_how_far_and_how_it_stands() -> None:
    model = model_of(builders.board())
    assert card(model.bars[2], draw(model, links=True)) == [
        "3 Skolens egne mål",
        "1. august – 31. august",
        "skoleleder",
        "0 af 5 færdige",
        "5 overskredet",
    ]
    assert card(model.bars[5], draw(model, links=True))[1:] == [
        "15. august – 30. september",
        "direktør med skoleleder",
        "0 af 5 afholdt",
        "5 overskredet",
    ]


def test_the_saved_wheel_has_a_legend_and_no_cards() -> None:
    svg = draw(model_of(builders.board()), links=False)
    assert 'class="card"' not in svg.split("</style>")[1]
    texts = re.findall(r'class="legend-line"[^>]*>([^<]+)<', svg)
    assert texts == [
        "fritaget eller aflyst",
        "alle er i mål",
        "overskredet",
        "frist snart",
        "i gang",
        "ikke begyndt",
        "skoleferie",
        "møde afholdt",
        "møde indkaldt",
        "møde foreslået",
        "venter på et andet punkt",
    ]
