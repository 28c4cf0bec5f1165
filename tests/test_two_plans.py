"""The two municipalities that the product ships: what their plans ask for, row by row."""

from datetime import date, time
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from kvalitet.days import SchoolYear
from kvalitet.goals import Per as GoalPer
from kvalitet.municipality import DANISH_TIME, Municipality
from kvalitet.occurrences import Occurrence, participants, plan
from kvalitet.targets import AtLeast, AtNationalAverage, CountPerSchool, LevelAtLeast, MoreThan, RisePercent, RisePoints
from kvalitet.timetable import Slot, propose
from kvalitet.wheel import Activity, FieldType, Kind, Role

DEPLOYMENTS = Path(__file__).parent.parent / "deployments"
GROUP_MEETING = (
    "Møde med skolegrupper med fokus på indsatsområder samt egne emner. Inddragelse af en »coachende spørgeguide«"
)
UNION_MEETING = "Møde på direktør-/chefniveau med relevante faglige organisationer"
INVOLVEMENT = " for at sikre inddragelse, involvering og løbende orientering"
LOCAL_GOALS = "Hver skole udarbejder konkrete og evaluerbare mål pba. de kommunalt fastsatte mål"
DIALOGUE = "Strategi- og handleplan udfyldes i samarbejde med direktøren (ledelseslæringssamtalen)"
YEARS = tuple(map(SchoolYear, range(2018, 2041)))

# row, title, kind, first and last day as (month, day, years after the school year's start), how many
EVERY_SCHOOL = -1
WHEEL = (
    (1, "Dataudtræk for alle skoler", "extract", (5, 1, 0), (6, 30, 0), 1),
    (2, "Møde med skolegrupper hvor dataudtrækket drøftes", "meeting", (5, 1, 0), (6, 30, 0), 3),
    (3, UNION_MEETING + INVOLVEMENT, "meeting", (5, 1, 0), (6, 30, 0), 1),
    (4, LOCAL_GOALS, "deliverable", (7, 1, 0), (8, 31, 0), EVERY_SCHOOL),
    (5, GROUP_MEETING, "meeting", (8, 1, 0), (9, 30, 0), 3),
    (6, UNION_MEETING, "meeting", (8, 1, 0), (9, 30, 0), 1),
    (7, DIALOGUE, "dialogue", (8, 1, 0), (9, 30, 0), EVERY_SCHOOL),
    (7, "Strategi- og handleplan", "deliverable", (8, 1, 0), (9, 30, 0), EVERY_SCHOOL),
    (8, "Dataudtræk for alle skoler", "extract", (10, 1, 0), (1, 31, 1), 1),
    (9, GROUP_MEETING, "meeting", (10, 1, 0), (1, 31, 1), 3),
    (10, "Der arbejdes med indsatser i strategi- og handleplanen", "effort", (10, 1, 0), (1, 31, 1), EVERY_SCHOOL),
    (11, UNION_MEETING, "meeting", (10, 1, 0), (1, 31, 1), 1),
    (12, GROUP_MEETING, "meeting", (2, 1, 1), (6, 30, 1), 3),
    (
        13,
        "Der arbejdes videre med indsatser i strategi- og handleplanen",
        "effort",
        (2, 1, 1),
        (6, 30, 1),
        EVERY_SCHOOL,
    ),
    (14, UNION_MEETING, "meeting", (2, 1, 1), (6, 30, 1), 1),
)


@cache
def municipality(key: str) -> Municipality:
    found, problems = check(DEPLOYMENTS / key)
    assert [str(problem) for problem in problems] == []
    assert found is not None
    return found


def rows(school_year: SchoolYear) -> list[tuple[int, str, str, date, date, int]]:
    kalundborg = municipality("kalundborg")
    planned = plan(kalundborg, school_year)
    found = []
    for activity in kalundborg.wheel.activities:
        same = [occurrence for occurrence in planned if occurrence.activity == activity.key]
        if activity.row is not None:
            found.append((activity.row, activity.title, activity.kind.value, same[0].opens, same[0].due, len(same)))
    return sorted(found, key=lambda row: row[0])


@pytest.mark.parametrize(("start", "schools"), [(2018, 15), (2026, 14)])
def test_kalundborgs_wheel_has_the_rows_of_its_plan(start: int, schools: int) -> None:
    assert rows(SchoolYear(start)) == [
        (
            row,
            title,
            kind,
            date(start + opens[2], opens[0], opens[1]),
            date(start + due[2], due[0], due[1]),
            schools if many == EVERY_SCHOOL else many,
        )
        for row, title, kind, opens, due, many in WHEEL
    ]


def test_kalundborgs_dialogue_ends_in_the_action_plan_and_both_stand_on_row_7() -> None:
    wheel = municipality("kalundborg").wheel
    (dialogue,) = (activity for activity in wheel.activities if activity.kind is Kind.DIALOGUE)
    assert (dialogue.row, dialogue.ends_in, wheel.activity("action_plan").row) == (7, "action_plan", 7)
    assert (dialogue.owner, dialogue.participants) == (Role.DIRECTOR, (Role.SCHOOL_LEADER,))


def test_kalundborgs_group_meetings_bring_the_question_guide_where_the_plan_says_so() -> None:
    wheel = municipality("kalundborg").wheel
    with_guide = [a.row for a in wheel.activities if a.kind is Kind.MEETING and a.meeting.question_guide]
    assert with_guide == [5, 9, 12]


def test_every_school_of_kalundborg_hands_in_what_the_plan_asks_for() -> None:
    deliverables = [a for a in municipality("kalundborg").wheel.activities if a.kind is Kind.DELIVERABLE]
    assert sorted(activity.key for activity in deliverables) == [
        "absence_goal",
        "absence_plan",
        "action_plan",
        "business_agreements",
        "cross_school_cooperation",
        "impact_coaches",
        "local_goals",
        "open_school",
        "partnership_agreements",
        "process_absence",
        "process_cooperation",
        "process_results",
        "results_initiatives",
        "transitions",
        "uu_involvement",
    ]
    assert all(activity.fields and activity.ladder and activity.description for activity in deliverables)


def test_kalundborgs_ladder_rises_from_a_reminder_to_the_director() -> None:
    steps = municipality("kalundborg").wheel.activity("local_goals").ladder
    assert [(step.days, step.stage.value, [role.value for role in step.to]) for step in steps][:3] == [
        (-14, "reminder", ["school_leader"]),
        (-3, "reminder", ["school_leader"]),
        (1, "overdue_notice", ["school_leader"]),
    ]
    assert [step.days for step in steps] == [-14, -3, 1, 7, 14]
    assert (steps[-1].stage.value, Role.DIRECTOR in steps[-1].to) == ("escalation", True)


def test_kalundborgs_goals_have_the_targets_of_the_plan() -> None:
    goals = {goal.key: goal for goal in municipality("kalundborg").goals}
    assert {key: type(goal.target) for key, goal in goals.items() if key != "partnership_agreements"} == {
        "absence_at_national_average": AtNationalAverage,
        "good_results_danish": RisePoints,
        "good_results_maths": RisePoints,
        "at_least_02": RisePoints,
        "grade_average": RisePercent,
        "business_agreements": CountPerSchool,
    }
    assert goals["absence_at_national_average"].deadline == SchoolYear(2019)
    assert goals["grade_average"].deadline == SchoolYear(2020)
    assert {key for key, goal in goals.items() if goal.indicator and goal.indicator.confidential} == {
        "good_results_danish",
        "good_results_maths",
    }


def test_hvidovres_goals_have_the_targets_of_the_plan() -> None:
    goals = {goal.key: goal for goal in municipality("hvidovre").goals}
    assert {key: (type(goal.target), goal.per, goal.deadline_year.label) for key, goal in goals.items()} == {
        "grade_average": (AtLeast, GoalPer.SCHOOL, "2016/17"),
        "inclusion": (MoreThan, GoalPer.MUNICIPALITY, "2014/15"),
        "parent_satisfaction": (LevelAtLeast, GoalPer.MUNICIPALITY, "2015/16"),
    }


def test_hvidovres_efforts_come_in_two_waves_and_may_serve_several_goals() -> None:
    efforts = municipality("hvidovre").efforts
    waves = {year: [e.key for e in efforts if e.first_school_year == year] for year in ("2012/13", "2013/14")}
    assert waves == {
        "2012/13": [
            "teaching_with_it",
            "training",
            "talent",
            "absence",
            "school_home_talks",
            "parent_satisfaction_surveys",
        ],
        "2013/14": ["more_lessons", "class_management", "two_teachers", "professional_assessment"],
    }
    assert {effort.key for effort in efforts if len(effort.goals) > 1} == {
        "teaching_with_it",
        "training",
        "talent",
        "class_management",
    }


def test_hvidovres_status_to_the_council_is_due_on_31_march_of_even_years() -> None:
    wheel = municipality("hvidovre").wheel
    status = wheel.activity("council_status")
    dues = [status.window(year)[1] for year in YEARS if status.happens_in(year)]
    assert dues == [date(year, 3, 31) for year in range(2020, 2041, 2)]
    assert status.after == ("school_board_statement",)


def test_hvidovre_holds_the_yearly_school_development_dialogue_since_the_law_of_2022() -> None:
    dialogue = municipality("hvidovre").wheel.activity("school_development_dialogue")
    assert [dialogue.happens_in(SchoolYear(year)) for year in (2021, 2022, 2023, 2040)] == [False, True, True, True]


def test_the_leader_of_a_closed_school_is_not_invited() -> None:
    kalundborg = municipality("kalundborg")
    activity = kalundborg.wheel.activity("autumn_group_meeting")
    invited = {
        start: {
            person.address
            for occurrence in plan(kalundborg, SchoolYear(start))
            if occurrence.activity == activity.key
            for person in participants(kalundborg, activity, occurrence)
        }
        for start in (2024, 2025)
    }
    assert invited[2024] - invited[2025] == {kalundborg.school("319003").leader.address}


@pytest.mark.parametrize("key", ["kalundborg", "hvidovre"])
def test_every_year_plans_with_unique_keys_that_stay_the_same(key: str) -> None:
    for year in YEARS:
        keys = [occurrence.key for occurrence in plan(municipality(key), year)]
        assert len(keys) == len(set(keys)) > 0
        assert keys == [occurrence.key for occurrence in plan(municipality(key), year)]
        assert all(part.startswith(f"{key}.{year.key}.") for part in keys)


@pytest.mark.parametrize("key", ["kalundborg", "hvidovre"])
def test_every_meeting_of_every_year_gets_a_time_when_people_can_come(key: str) -> None:
    found = municipality(key)
    for year in YEARS:
        planned = {occurrence.key: occurrence for occurrence in plan(found, year)}
        proposed = propose(found, planned.values(), {})
        assert proposed.keys() == {key for key, occurrence in planned.items() if occurrence.kind.is_meeting}
        diaries: dict[str, list[Slot]] = {}
        for occurrence_key, slot in proposed.items():
            assert slot is not None, occurrence_key
            occurrence = planned[occurrence_key]
            lies_well(found, occurrence, slot)
            for person in participants(found, activity_of(found, occurrence), occurrence):
                diaries.setdefault(person.address, []).append(slot)
        for slots in diaries.values():
            ordered = sorted(slots)
            assert not any(first.overlaps(second) for first, second in pairwise(ordered))


def activity_of(found: Municipality, occurrence: Occurrence) -> Activity:
    return found.wheel.activity(occurrence.activity)


def lies_well(found: Municipality, occurrence: Occurrence, slot: Slot) -> None:
    starts, ends = (instant.astimezone(DANISH_TIME) for instant in (slot.starts_at, slot.ends_at))
    assert occurrence.opens <= starts.date() <= occurrence.due
    assert found.calendar.is_mail_day(starts.date())
    assert time(8, 0) <= starts.time() < ends.time() <= time(16, 0)
    assert (ends - starts).seconds == activity_of(found, occurrence).meeting.minutes * 60


@pytest.mark.parametrize(("of", "deliverable"), [("kalundborg", "action_plan"), ("hvidovre", "development_agreement")])
def test_what_a_school_promises_comes_back_the_year_after(of: str, deliverable: str) -> None:
    fields = {field.key: field for field in municipality(of).wheel.activity(deliverable).fields}
    assert (fields["efforts"].type, fields["efforts"].promises) == (FieldType.TABLE, True)
    assert (fields["last_year"].type, fields["last_year"].answers_to) == (FieldType.PROMISES, f"{deliverable}.efforts")


def test_kalundborgs_schools_hand_in_an_absence_goal_that_is_measured_and_three_agreements() -> None:
    wheel = municipality("kalundborg").wheel
    goal, _ = wheel.activity("absence_goal").fields
    (agreements,) = wheel.activity("business_agreements").fields
    assert (goal.type, [option.key for option in goal.indicators]) == (FieldType.GOAL, ["absence"])
    assert [column.key for column in agreements.columns] == ["partner", "what", "since"]
    assert agreements.least_rows == 3
