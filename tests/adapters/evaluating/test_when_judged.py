"""Goals are judged again when anything that they are judged on has come, and once in every month."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows import evaluate_goals
from kvalitet.adapters.extracting.entering import Typist, enter
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.entered.entry import Place
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store
from kvalitet.days import SchoolYear
from kvalitet.goals import AtMost, Goal, Per
from kvalitet.measurements import MUNICIPALITY, Measurement
from tests.adapters.installed import installation
from tests.builders import activity, instant, municipality

JUDGED, NEXT_DAY = instant("2026-09-08"), instant("2026-09-09")
YEAR = SchoolYear(2025)
PLACE = municipality(activity("own_goals"))


@pytest.fixture
def judged(store: Store, tmp_path: Path) -> Installation:
    found = installation(store, tmp_path, PLACE)
    evaluate_goals.run(found, PLACE, now=JUDGED)
    return found


def asks(of: Installation, now: datetime) -> bool:
    return evaluate_goals.has_work(of, PLACE, now)


def test_a_figure_that_is_typed_in_is_judged_the_next_time(judged: Installation) -> None:
    assert not asks(judged, NEXT_DAY)
    indicator = load_catalogue()["parent_satisfaction"]
    found = Measurement(
        indicator=indicator.key, school_year=YEAR, unit=MUNICIPALITY, source="Undersøgelse", value=Decimal(87)
    )
    place = Place(indicator, YEAR, MUNICIPALITY)
    enter(judged, PLACE, found, place, Typist("Kontoret", instant("2026-09-08", "12:00")))
    assert asks(judged, NEXT_DAY)


def test_a_new_month_is_a_reason_also_when_its_first_day_was_missed(judged: Installation) -> None:
    days = ("2026-09-30", "2026-10-01", "2026-10-02")
    assert [asks(judged, instant(day)) for day in days] == [False, True, True]


def test_goals_that_are_changed_in_the_files_are_judged_the_next_time(store: Store, tmp_path: Path) -> None:
    goal = Goal(
        key="absence",
        title="Højst 6 procent fravær",
        focus_area="Fravær",
        target=AtMost(value=Decimal(6)),
        per=Per.SCHOOL,
        deadline=SchoolYear(2028),
        indicator=load_catalogue()["absence"],
    )
    before, after = (replace(PLACE, goals=(replace(goal, target=AtMost(value=Decimal(most))),)) for most in (6, 5))
    found = installation(store, tmp_path, before)
    evaluate_goals.run(found, before, now=JUDGED)
    assert not evaluate_goals.has_work(found, before, NEXT_DAY)
    assert evaluate_goals.has_work(found, after, NEXT_DAY)
