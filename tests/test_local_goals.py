"""Lokale mål: what a school writes in a goal field of a deliverable is judged as a goal of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kvalitet.days import SchoolYear
from kvalitet.evidence import Evidence
from kvalitet.goals import Goal
from kvalitet.local_goals import Stated, deliverable_of, standing_goals
from kvalitet.measurements import Indicator
from kvalitet.targets import AtLeast, AtMost
from kvalitet.verdicts import Attainment, judge
from kvalitet.wheel import FieldType, FormField, Option
from tests.builders import activity, text_field
from tests.goal_builders import ABSENCE, GRADE, SATISFACTION, SCHOOL, TESTS, absence_goal, figure

INDICATORS: dict[str, Indicator] = {one.key: one for one in (ABSENCE, GRADE, SATISFACTION, TESTS)}
FIELD = FormField(
    "absence", "Skolens mål for fravær", FieldType.GOAL, indicators=tuple(Option(key, key) for key in INDICATORS)
)
DELIVERABLE = activity("absence_goal", fields=(FIELD, text_field("commitment")))
YEAR = SchoolYear(2026)


def stated(year: int = 2026, school: str = SCHOOL, /, **parts: str) -> Stated:
    said = {"text": "Fraværet er højst 8 %", "indicator": "absence", "target": "8,0", "by": "2027-06-30", **parts}
    answers = {f"absence.{part}": text for part, text in said.items()}
    return Stated(school=school, school_year=SchoolYear(year), deliverable=DELIVERABLE, answers=answers)


def goals(*given: Stated, year: SchoolYear = YEAR) -> tuple[Goal, ...]:
    return standing_goals(given, year, INDICATORS, {"absence": "Fravær & trivsel"})


def test_a_school_s_goal_has_a_key_a_title_a_direction_and_a_deadline_of_its_own() -> None:
    (found,) = goals(stated())
    assert (found.key, found.title) == ("local.323003.2026-27.absence_goal.absence", "Fraværet er højst 8 %")
    assert (found.focus_area, found.school, found.is_local) == ("Fravær & trivsel", SCHOOL, True)
    assert (found.target, found.deadline) == (AtMost(value=Decimal("8.0")), SchoolYear(2026))


def test_it_is_judged_on_the_school_s_own_figure() -> None:
    (found,) = goals(stated())
    evidence = Evidence(measurements=(figure(ABSENCE, 2026, "7.9", SCHOOL), figure(ABSENCE, 2026, "9.9", "317001")))
    verdict = judge(found, evidence, school_year=YEAR, today=date(2027, 12, 1), unit=SCHOOL)
    assert verdict.attainment is Attainment.REACHED
    assert verdict.sentence == (
        "Fraværet er højst 8 %: 7,9 % i skoleåret 2026/27; kravet er højst 8,0 % (senest i skoleåret 2026/27): "
        "målet er nået. Kilde: Uddannelsesstatistik.dk."
    )


def test_where_higher_is_better_the_target_is_the_least() -> None:
    (found,) = goals(stated(indicator=GRADE.key, target="6,5", text=""))
    assert (found.target, found.title) == (AtLeast(value=Decimal("6.5")), "Skolens mål for fravær")
    assert found.focus_area == GRADE.area


@pytest.mark.parametrize(
    ("by", "deadline"),
    [
        ("2027-06-01", SchoolYear(2026)),
        ("2027-07-31", SchoolYear(2026)),
        ("2027-05-31", date(2027, 5, 31)),
        ("2027-12-31", date(2027, 12, 31)),
    ],
)
def test_a_day_of_june_or_july_means_the_end_of_the_school_year(by: str, deadline: SchoolYear | date) -> None:
    assert [goal.deadline for goal in goals(stated(by=by))] == [deadline]


@pytest.mark.parametrize(
    "parts",
    [
        {"indicator": "gæt"},
        {"indicator": SATISFACTION.key},
        {"target": "mange"},
        {"target": "-"},
        {"by": "snart"},
        {"indicator": "", "target": "", "by": "", "text": ""},
    ],
)
def test_what_cannot_be_judged_is_no_goal(parts: dict[str, str]) -> None:
    assert goals(stated(2026, SCHOOL, **parts)) == ()


def test_a_new_goal_takes_the_place_of_the_old_one_in_the_same_field() -> None:
    old, new = stated(2025, by="2030-06-30"), stated(2026, target="7")
    assert [goal.target for goal in goals(old, new)] == [AtMost(value=Decimal(7))]
    assert [goal.target for goal in goals(old, new, year=SchoolYear(2025))] == [AtMost(value=Decimal("8.0"))]


def test_a_goal_stands_until_its_deadline_and_those_of_other_schools_beside_it() -> None:
    lasting, other, out = stated(2024, by="2028-06-30"), stated(2025, "317001"), stated(2024, "301004", by="2026-06-30")
    assert [goal.school for goal in goals(lasting, other, out)] == [SCHOOL, "317001"]


def test_a_goal_on_test_results_is_confidential() -> None:
    (found,) = goals(stated(indicator=TESTS.key, target="80"))
    assert found.indicator is not None
    assert found.indicator.confidential is True


def test_a_local_goal_tells_in_which_deliverable_it_was_set() -> None:
    (own,) = goals(stated(text="Færre fraværsdage", indicator="absence", target="4,5", by="2027-06-30"))
    assert deliverable_of(own) == stated().deliverable.key
    assert deliverable_of(absence_goal()) == ""
