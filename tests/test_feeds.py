"""Who sees which meetings and deadlines in the calendar that they subscribe to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kvalitet.board import Board, board_of
from kvalitet.days import SchoolYear
from kvalitet.feeds import deadlines, everybody, held_by, last_day, meetings, years
from kvalitet.municipality import Contact, Municipality
from kvalitet.occurrences import plan
from kvalitet.status import BookingState, Decision, Facts
from kvalitet.wheel import Activity, Kind, Per, Role
from tests.builders import AAGAARD, AARBY, CONTACTS, RORBY, YEAR, activity, instant, municipality

NOW = instant("2026-09-01", "12:00")
TODAY = date(2026, 9, 1)
NORTH = Contact(Role.CONSULTANT, "Konsulent nord", "nord@proeveby.example", school_group="nord")
UNIONS = Contact(Role.UNIONS, "Faglige organisationer", "faglige@proeveby.example")
BOARD = Contact(Role.SCHOOL_BOARD, "Skolebestyrelsen", "bestyrelsen@proeveby.example", school=AARBY.number)
ADMINISTRATION, DIRECTOR, LEADER = Role.ADMINISTRATION, Role.DIRECTOR, Role.SCHOOL_LEADER


def meeting(key: str, per: Per, *participants: Role, owner: Role = DIRECTOR) -> Activity:
    return activity(
        key, title=key, kind=Kind.MEETING, per=per, owner=owner, participants=participants, fields=(), ladder=()
    )


WHEEL = (
    activity(),
    activity("council_report", title="Rapport", per=Per.MUNICIPALITY, owner=ADMINISTRATION),
    meeting("dialogue", Per.SCHOOL, LEADER, Role.SCHOOL_BOARD),
    meeting("group_meeting", Per.SCHOOL_GROUP, LEADER, owner=ADMINISTRATION),
    meeting("union_meeting", Per.MUNICIPALITY, Role.UNIONS),
    meeting("all_leaders", Per.MUNICIPALITY, LEADER),
)
CALLED = Facts(
    booking=BookingState.BOOKED, starts_at=instant("2026-09-20", "09:00"), ends_at=instant("2026-09-20", "10:00")
)


def town(**given: object) -> Municipality:
    return municipality(*WHEEL, **{"contacts": (*CONTACTS, NORTH, UNIONS, BOARD), **given})  # type: ignore[arg-type]


def board(facts: dict[str, Facts] | None = None, *, of: Municipality | None = None) -> Board:
    found = of or town()
    occurrences = plan(found, YEAR)
    called = {occurrence.key: CALLED for occurrence in occurrences if occurrence.kind.is_meeting}
    return board_of(found, YEAR, occurrences, {**called, **(facts or {})}, now=NOW)


def short(key: str) -> str:
    return key.removeprefix("proeveby.2026-27.")


def seen(reader: Contact, facts: dict[str, Facts] | None = None) -> tuple[list[str], list[str]]:
    """Give the meetings and deadlines of one reader, by the end of their keys."""
    found = board(facts)
    held = held_by(found.municipality, reader.role, reader.address, today=TODAY)
    return (
        [short(row.occurrence.key) for row in meetings(found, held)],
        [short(row.occurrence.key) for deadline in deadlines(found, held) for row in deadline.rows],
    )


EVERY_MEETING = [
    "dialogue.323001", "dialogue.323002", "dialogue.323003", "group_meeting.nord", "group_meeting.syd",
    "union_meeting", "all_leaders",
]  # fmt: skip
EVERY_DEADLINE = ["local_goals.323001", "local_goals.323002", "local_goals.323003", "council_report"]
SCOPES = {
    "forvaltningen ser alt": (CONTACTS[2], EVERY_MEETING, EVERY_DEADLINE),
    "direktøren ser alt": (CONTACTS[0], EVERY_MEETING, EVERY_DEADLINE),
    "hele kommunens konsulent ser alt": (CONTACTS[1], EVERY_MEETING, EVERY_DEADLINE),
    "en gruppes konsulent ser gruppen og dens skoler": (
        NORTH,
        ["dialogue.323001", "dialogue.323002", "group_meeting.nord"],
        ["local_goals.323001", "local_goals.323002"],
    ),
    "en skoleleder ser sin skole, sin gruppe og det, alle skoleledere er med til": (
        AARBY.leader,
        ["dialogue.323001", "group_meeting.nord", "all_leaders"],
        ["local_goals.323001"],
    ),
    "en skoleleder i den anden gruppe ser sit eget": (
        AAGAARD.leader,
        ["dialogue.323003", "group_meeting.syd", "all_leaders"],
        ["local_goals.323003"],
    ),
    "en skolebestyrelse ser de møder, den er med til": (BOARD, ["dialogue.323001"], []),
    "de faglige organisationer ser deres møde": (UNIONS, ["union_meeting"], []),
    "en fremmed ser intet": (Contact(ADMINISTRATION, "Fremmed", "fremmed@proeveby.example"), [], []),
    "en person i en anden rolle ser intet": (replace(UNIONS, role=DIRECTOR), [], []),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_each_role_sees_its_own_and_no_more(scope: str) -> None:
    reader, expected_meetings, expected_deadlines = SCOPES[scope]
    assert seen(reader) == (expected_meetings, expected_deadlines)


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        (Facts(), True),
        (Facts(delivered_at=NOW), False),
        (Facts(delivered_at=NOW, decision=Decision.APPROVED), False),
        (Facts(delivered_at=NOW, decision=Decision.SENT_BACK), True),
        (Facts(waived=True), False),
    ],
)
def test_a_deadline_stays_until_nothing_more_is_expected(facts: Facts, *, stays: bool) -> None:
    key = "proeveby.2026-27.local_goals.323001"
    assert seen(AARBY.leader, {key: facts})[1] == (["local_goals.323001"] if stays else [])


@pytest.mark.parametrize(
    ("facts", "is_there"),
    [
        (CALLED, True),
        (replace(CALLED, booking=BookingState.PROPOSED), False),
        (replace(CALLED, booking=BookingState.CANCELLED), False),
        (replace(CALLED, waived=True), False),
        (Facts(), False),
        (replace(CALLED, starts_at=instant("2026-08-20"), ends_at=instant("2026-08-20", "06:00")), True),
    ],
)
def test_only_a_meeting_that_is_called_or_held_stands_in_a_calendar(facts: Facts, *, is_there: bool) -> None:
    key = "proeveby.2026-27.union_meeting"
    assert seen(UNIONS, {key: facts})[0] == (["union_meeting"] if is_there else [])


def test_those_who_oversee_schools_get_one_entry_for_each_activity_and_day() -> None:
    found = board({"proeveby.2026-27.local_goals.323002": Facts(waived=True)})
    (goals, report) = deadlines(found, (CONTACTS[0],))
    assert (goals.title, goals.day) == ("Skolens egne mål", date(2026, 9, 30))
    assert [short(row.occurrence.key) for row in goals.rows] == ["local_goals.323001", "local_goals.323003"]
    assert short(goals.first.key) == "local_goals.323001"
    assert [short(row.occurrence.key) for row in report.rows] == ["council_report"]


def test_an_entry_of_many_schools_stays_until_the_last_has_delivered() -> None:
    keys = [f"proeveby.2026-27.local_goals.{school.number}" for school in (AARBY, RORBY, AAGAARD)]
    done = dict.fromkeys(keys[:2], Facts(delivered_at=NOW))
    assert [deadline.title for deadline in deadlines(board(done), (CONTACTS[0],))] == ["Skolens egne mål", "Rapport"]
    all_done = dict.fromkeys(keys, Facts(delivered_at=NOW))
    assert [deadline.title for deadline in deadlines(board(all_done), (CONTACTS[0],))] == ["Rapport"]


def test_a_leader_of_two_schools_has_a_deadline_for_each() -> None:
    both = replace(RORBY, leader=replace(RORBY.leader, address=AARBY.leader.address))
    found = board(of=town(schools=(AARBY, both, AAGAARD)))
    held = held_by(found.municipality, LEADER, AARBY.leader.address.upper(), today=TODAY)
    assert [contact.school for contact in held] == ["323001", "323002"]
    assert [short(deadline.first.key) for deadline in deadlines(found, held)] == [
        "local_goals.323001",
        "local_goals.323002",
    ]


def test_the_leader_of_a_closed_school_holds_the_role_until_it_closes() -> None:
    found = town(schools=(replace(AARBY, closed=date(2026, 9, 1)), RORBY))
    assert held_by(found, LEADER, AARBY.leader.address, today=date(2026, 9, 1)) == (AARBY.leader,)
    assert held_by(found, LEADER, AARBY.leader.address, today=date(2026, 9, 2)) == ()


def test_everybody_is_listed_once_for_each_role() -> None:
    twice = (*CONTACTS, replace(CONTACTS[1], school_group="nord"), replace(CONTACTS[1], role=Role.UNIONS))
    stray = Contact(LEADER, "Skrevet det forkerte sted", "leder@proeveby.example")
    found = everybody(town(contacts=(*twice, stray)), today=TODAY)
    assert [(one.role, one.address) for one in found] == [
        (LEADER, AARBY.leader.address),
        (LEADER, RORBY.leader.address),
        (LEADER, AAGAARD.leader.address),
        (DIRECTOR, "direktoer@proeveby.example"),
        (Role.CONSULTANT, "konsulent@proeveby.example"),
        (ADMINISTRATION, "fagcenter@proeveby.example"),
        (Role.UNIONS, "konsulent@proeveby.example"),
    ]


@pytest.mark.parametrize(
    ("today", "shown"),
    [(date(2027, 7, 31), [2025, 2026, 2027]), (date(2027, 8, 1), [2026, 2027]), (date(2028, 8, 1), [2027])],
)
def test_a_year_is_shown_until_a_new_one_has_begun_after_its_wheel(today: date, shown: list[int]) -> None:
    found = municipality(activity(), activity("late_report", opens="end-08-01", due="end-08-31"))
    planned = (SchoolYear(2025), SchoolYear(2026), SchoolYear(2027))
    assert [year.start for year in years(found, planned, today=today)] == shown


@pytest.mark.parametrize(
    ("shown", "today", "last"),
    [
        (SchoolYear(2026), date(2026, 5, 4), date(2027, 7, 31)),
        (SchoolYear(2026), date(2027, 7, 31), date(2027, 7, 31)),
        (SchoolYear(2026), date(2027, 8, 1), date(2028, 7, 31)),
    ],
)
def test_a_feed_ends_with_the_school_year(shown: SchoolYear, today: date, last: date) -> None:
    assert last_day(shown, today=today) == last
