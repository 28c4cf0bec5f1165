from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.days import SchoolYear
from kvalitet.web.drawing.last_year import Before, a_year_later
from kvalitet.web.drawing.wheel_model import Start, model_of
from tests.web import builders
from tests.web.conftest import Browser, browsing
from tests.web.year.planning import LAST_YEAR, write_year

WHEEL, TIMELINE, LIST = "/proeveby/", "/proeveby/tidslinje", "/proeveby/liste"
THIS = "skoleaar=2026-27"


@pytest.fixture
def both_years(installation: Installation) -> Installation:
    """Plan last year too, with every window ten days later than this year's."""
    (found,) = installation.municipalities
    write_year(installation.store, found, LAST_YEAR, later=10)
    return installation


def test_last_year_is_offered_only_when_it_is_planned(browser: Browser, installation: Installation) -> None:
    assert "Vis sidste år som omrids" not in browser.get(f"{WHEEL}?{THIS}").text
    (found,) = installation.municipalities
    write_year(installation.store, found, LAST_YEAR)
    assert "Vis sidste år som omrids" in browser.get(f"{WHEEL}?{THIS}").text
    assert "Vis sidste år som omrids" not in browser.get(f"{WHEEL}?skoleaar=2025-26").text


def test_asking_for_a_last_year_that_is_not_planned_shows_this_one(browser: Browser) -> None:
    page = browser.get(f"{WHEEL}?{THIS}&sidste=ja")
    assert page.status_code == 200
    assert 'class="before"' not in page.text.replace('<g class="wheel"><g class="before">', "")


@pytest.mark.parametrize("page", [WHEEL, TIMELINE, "/proeveby/hjul.svg"])
def test_last_years_windows_lie_as_outlines_with_their_old_dates(both_years: Installation, page: str) -> None:
    with browsing(both_years) as opened:
        text = opened.get(f"{page}?{THIS}&sidste=ja").text
    titles = re.findall(r'<g class="before"><title>([^<]+)</title>', text)
    assert len(titles) == 9
    assert "3. Skolens egne mål: sidste år 11. august – 10. september 2025" in titles
    assert "8. Arbejde med indsatser: sidste år 11. oktober – 10. februar 2026" in titles


def test_the_list_tells_when_it_was_last_year(both_years: Installation) -> None:
    with browsing(both_years) as opened:
        with_it = opened.get(f"{LIST}?{THIS}&sidste=ja").text
        without = opened.get(f"{LIST}?{THIS}").text
    assert "Sidste år 11. august – 10. september 2025" in with_it
    assert "møder" in with_it[with_it.index("Møde i skolegrupperne") :]
    assert "Sidste år" not in without


def test_a_choice_holds_for_last_year_too(both_years: Installation) -> None:
    with browsing(both_years) as opened:
        page = opened.get(f"{WHEEL}?{THIS}&sidste=ja&ring=data").text
    assert len(re.findall(r'<g class="before"><title>', page)) == 1


def test_a_school_leader_sees_last_year_only_of_their_own_school(both_years: Installation) -> None:
    with browsing(both_years, "s1@skole.example") as leader:
        page = leader.get(f"{LIST}?{THIS}&sidste=ja").text
    met = re.findall(r"Sidste år 11\. oktober – 10\. februar 2026, møder ([^<]+)</span>", page)
    assert [dates.count(" og ") for dates in met] == [0]


def test_an_outline_takes_its_room_in_the_lane() -> None:
    model = model_of(builders.board(), last=builders.board(school_year=LAST_YEAR))
    for band in model.bands:
        for lane in band.lanes:
            assert all(one.last < other.first for one, other in pairwise(lane))
    assert {bar.before for bar in model.bars if bar.number == 3} == {Before(date(2025, 8, 1), date(2025, 8, 31), ())}


def test_the_turn_is_long_enough_for_last_year() -> None:
    late = builders.activity("late", opens="end-06-01", due="end-06-30")
    early = builders.activity("late", opens="end-06-01", due="end-06-15")
    old = builders.board((builders.activity("late", opens="end-06-01", due="end-07-31"),), school_year=LAST_YEAR)
    assert model_of(builders.board((late,))).period.last == date(2027, 6, 30)
    assert model_of(builders.board((early,)), last=old).period.last == date(2027, 7, 31)
    assert model_of(builders.board((early,)), last=old, start=Start.AUGUST).period.last == date(2027, 7, 31)


def test_what_only_last_year_had_is_named() -> None:
    old = builders.board((builders.activity("gone", title="Forsøg med to lærere"),), school_year=LAST_YEAR)
    assert [activity.title for activity in model_of(builders.board(), last=old).gone] == ["Forsøg med to lærere"]


def test_a_date_lies_on_the_same_date_a_year_later_and_29_february_on_the_28th() -> None:
    assert a_year_later(date(2025, 8, 1)) == date(2026, 8, 1)
    assert a_year_later(date(2028, 2, 29)) == date(2029, 2, 28)
    assert SchoolYear(2027).last_day == a_year_later(SchoolYear(2026).last_day)
