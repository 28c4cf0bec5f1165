from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.occurrences import Changes, Occurrence, difference, participants, plan, stands
from kvalitet.wheel import Kind, Per, Role
from tests.builders import (
    AAGAARD,
    AARBY,
    DIRECTOR,
    OFFICE,
    RORBY,
    YEAR,
    activity,
    dialogue,
    municipality,
    occurrence,
    school,
)

GROUP_MEETING = activity(
    "group_meeting",
    kind=Kind.MEETING,
    per=Per.SCHOOL_GROUP,
    owner=Role.ADMINISTRATION,
    participants=(Role.SCHOOL_LEADER,),
    fields=(),
    ladder=(),
)
CLOSED = school("323009", "Lukket Skole", group="syd", closed=date(2025, 7, 31))


def test_a_deliverable_has_one_occurrence_for_each_school() -> None:
    assert plan(municipality(schools=(AARBY, RORBY)), YEAR) == (
        Occurrence(
            key="proeveby.2026-27.local_goals.323001",
            municipality="proeveby",
            school_year=YEAR,
            activity="local_goals",
            title="Skolens egne mål",
            kind=Kind.DELIVERABLE,
            opens=date(2026, 8, 15),
            due=date(2026, 9, 30),
            school="323001",
        ),
        Occurrence(
            key="proeveby.2026-27.local_goals.323002",
            municipality="proeveby",
            school_year=YEAR,
            activity="local_goals",
            title="Skolens egne mål",
            kind=Kind.DELIVERABLE,
            opens=date(2026, 8, 15),
            due=date(2026, 9, 30),
            school="323002",
        ),
    )


def test_a_meeting_has_one_occurrence_for_each_group_that_has_schools() -> None:
    planned = plan(municipality(GROUP_MEETING, schools=(AARBY, RORBY)), YEAR)
    assert [(o.key, o.school, o.school_group) for o in planned] == [
        ("proeveby.2026-27.group_meeting.nord", None, "nord")
    ]


def test_what_is_for_the_whole_municipality_has_one_occurrence() -> None:
    planned = plan(municipality(activity("report", per=Per.MUNICIPALITY)), YEAR)
    assert [(o.key, o.school, o.school_group) for o in planned] == [("proeveby.2026-27.report", None, None)]


def test_occurrences_come_in_the_order_of_the_wheel() -> None:
    planned = plan(municipality(dialogue(), activity(), schools=(AARBY,)), YEAR)
    assert [occurrence.activity for occurrence in planned] == ["dialogue", "local_goals"]


def test_a_school_that_closes_before_the_deadline_owes_nothing() -> None:
    autumn, spring = activity(), activity("evaluation", opens="end-05-01", due="end-06-30")
    closing = school(closed=date(2026, 12, 31))
    assert [o.activity for o in plan(municipality(autumn, spring, schools=(closing,)), YEAR)] == ["local_goals"]


def test_what_prepares_the_year_in_may_is_for_the_schools_of_the_year_to_come() -> None:
    preparing = activity("extract", opens="start-05-01", due="start-06-30")
    new = school("323010", "Ny Skole", opened=date(2026, 8, 1))
    gone = school("323011", "Gammel Skole", closed=date(2026, 7, 31))
    assert [o.school for o in plan(municipality(preparing, schools=(new, gone)), YEAR)] == ["323010"]


def test_a_dialogue_is_held_with_its_owner_and_the_schools_own_leader() -> None:
    found = municipality(dialogue())
    occurrence = plan(found, YEAR)[1]
    assert participants(found, dialogue(), occurrence) == (DIRECTOR, RORBY.leader)


def test_a_group_meets_without_the_leader_of_a_closed_school() -> None:
    found = municipality(GROUP_MEETING, schools=(AARBY, AAGAARD, CLOSED))
    south = plan(found, YEAR)[1]
    before = plan(found, SchoolYear(2024))[1]
    assert participants(found, GROUP_MEETING, south) == (OFFICE, AAGAARD.leader)
    assert participants(found, GROUP_MEETING, before) == (OFFICE, AAGAARD.leader, CLOSED.leader)


def test_a_person_with_two_roles_takes_part_once() -> None:
    both = replace(OFFICE, role=Role.CONSULTANT)
    found = municipality(GROUP_MEETING, contacts=(OFFICE, both))
    meeting = replace(GROUP_MEETING, participants=(Role.CONSULTANT,))
    assert participants(found, meeting, plan(found, YEAR)[0]) == (both,)


def test_an_unchanged_plan_has_no_difference() -> None:
    planned = plan(municipality(), YEAR)
    assert difference(planned, planned) == Changes((), (), ())
    assert not difference(planned, planned)


def test_a_difference_tells_what_is_new_moved_and_dropped() -> None:
    before = plan(municipality(schools=(AARBY, RORBY)), YEAR)
    after = plan(municipality(activity(due="start-10-15"), schools=(RORBY, AAGAARD)), YEAR)
    changes = difference(before, after)
    assert [occurrence.school for occurrence in changes.new] == [AAGAARD.number]
    assert changes.moved == ((before[1], after[0]),)
    assert changes.dropped == (before[0],)
    assert changes


@given(st.integers(2010, 2044).map(SchoolYear))
def test_keys_are_unique_and_do_not_depend_on_the_order_of_the_schools(year: SchoolYear) -> None:
    activities = (activity(), dialogue(), GROUP_MEETING)
    keys = {o.key for o in plan(municipality(*activities), year)}
    turned = {o.key for o in plan(municipality(*activities, schools=(AAGAARD, RORBY, AARBY)), year)}
    assert keys == turned
    assert len(keys) == 8


def test_what_the_files_still_know_stands_and_what_they_no_longer_know_does_not() -> None:
    closing = school("323009", "Lukkeby Skole", closed=date(2026, 7, 31))
    whole = municipality(activity(), schools=(AARBY, closing))
    known, unknown_activity = occurrence(where=AARBY), occurrence(activity("other"), where=AARBY)
    strange_school, closed_school = occurrence(where=RORBY), occurrence(where=closing)
    of_group = replace(occurrence(where=None), school_group="nord")
    of_lost_group = replace(of_group, school_group="øst")
    asked = (known, unknown_activity, strange_school, closed_school, of_group, of_lost_group)
    assert [stands(whole, each, today=date(2026, 9, 1)) for each in asked] == [True, False, False, False, True, False]
    assert stands(whole, closed_school, today=date(2026, 7, 31))
