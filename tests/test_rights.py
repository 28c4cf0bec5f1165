"""Who may see and do what, for which schools."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kvalitet.board import Board, board_of
from kvalitet.municipality import Contact
from kvalitet.occurrences import Occurrence, plan
from kvalitet.rights import (
    ACCESSES,
    Access,
    Right,
    Standing,
    Viewer,
    possible_standings,
    standing_of,
    standings_of,
    text_of,
)
from kvalitet.status import Facts
from kvalitet.wheel import Kind, Per, Role
from tests import builders
from tests.builders import AAGAARD, AARBY, RORBY, YEAR

GROUP_MEETING = builders.dialogue("group_meeting", per=Per.SCHOOL_GROUP, kind=Kind.MEETING)
TOWN_MEETING = builders.dialogue("town_meeting", per=Per.MUNICIPALITY, kind=Kind.MEETING)
UNIONS_MEETING = builders.dialogue("unions", per=Per.MUNICIPALITY, kind=Kind.MEETING, participants=(Role.UNIONS,))
ACTIVITIES = (builders.activity(), GROUP_MEETING, TOWN_MEETING, UNIONS_MEETING, builders.extract(), builders.effort())
TOWN = builders.municipality(*ACTIVITIES)
NOW, TODAY = builders.instant("2026-09-01"), date(2026, 9, 1)
OWN, NEIGHBOUR, FAR = AARBY.number, RORBY.number, AAGAARD.number


def viewer(access: Access, school: str | None = None, group: str | None = None, *, town: str = "proeveby") -> Viewer:
    return Viewer("mail:x", "Nogen", "x@proeveby.example", (Standing(town, access, school, group),))


def board() -> Board:
    return board_of(TOWN, YEAR, plan(TOWN, YEAR), dict[str, Facts](), now=NOW)


def shown(who: Viewer) -> set[str]:
    """Give what a board shows, without municipality and year."""
    return {row.occurrence.key.removeprefix("proeveby.2026-27.") for row in who.board(board()).rows}


ALL = {
    *(f"local_goals.{number}" for number in (OWN, NEIGHBOUR, FAR)),
    "group_meeting.nord",
    "group_meeting.syd",
    "town_meeting",
    "unions",
    "extract",
    "effort",
}
IN_THE_NORTH = {f"local_goals.{OWN}", f"local_goals.{NEIGHBOUR}", "group_meeting.nord", "extract", "effort"}
OF_OWN_SCHOOL = {f"local_goals.{OWN}", "group_meeting.nord", "town_meeting", "extract", "effort"}


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        (viewer(Access.ADMINISTRATION), ALL),
        (viewer(Access.DIRECTOR), ALL),
        (viewer(Access.CONSULTANT), ALL),
        (viewer(Access.OPERATOR), ALL),
        (viewer(Access.CONSULTANT, group="nord"), IN_THE_NORTH),
        (viewer(Access.SCHOOL_LEADER, OWN), OF_OWN_SCHOOL),
        (viewer(Access.DEPUTY, OWN), OF_OWN_SCHOOL),
        (viewer(Access.READER, OWN), (OF_OWN_SCHOOL - {"town_meeting"}) | {"unions"}),
        (viewer(Access.READER), ALL - {f"local_goals.{number}" for number in (OWN, NEIGHBOUR, FAR)}),
        (viewer(Access.ADMINISTRATION, town="nabo"), set()),
        (Viewer("", "Ingen"), set()),
    ],
    ids=lambda found: found.standings[0].access if isinstance(found, Viewer) and found.standings else "",
)
def test_a_board_shows_what_is_ones_own(who: Viewer, keys: set[str]) -> None:
    assert shown(who) == keys


def test_the_board_of_those_who_see_all_is_the_very_same() -> None:
    whole = board()
    assert viewer(Access.DIRECTOR).board(whole) is whole


def test_a_reader_of_all_that_is_common_who_also_leads_a_school_sees_that_school() -> None:
    both = replace(
        viewer(Access.READER), standings=(*viewer(Access.READER).standings, *viewer(Access.DEPUTY, OWN).standings)
    )
    assert f"local_goals.{OWN}" in shown(both)
    assert f"local_goals.{FAR}" not in shown(both)


def test_what_has_left_the_wheel_is_shown_only_to_those_who_see_all() -> None:
    gone = builders.occurrence(TOWN_MEETING, where=None)
    smaller = replace(TOWN, wheel=builders.municipality(builders.activity()).wheel)
    assert not viewer(Access.SCHOOL_LEADER, OWN).may_about(Right.SEE_YEAR, smaller, gone)
    assert not viewer(Access.CONSULTANT, group="nord").may_about(Right.SEE_YEAR, smaller, gone)
    assert viewer(Access.DIRECTOR).may_about(Right.SEE_YEAR, smaller, gone)


@pytest.mark.parametrize(
    ("who", "invited"),
    [
        (viewer(Access.DIRECTOR), {"group_meeting", "town_meeting", "unions"}),  # who owns them is there too
        (viewer(Access.ADMINISTRATION), set()),
        (viewer(Access.CONSULTANT, group="nord"), set()),
        (viewer(Access.SCHOOL_LEADER, OWN), {"group_meeting", "town_meeting"}),
        (viewer(Access.DEPUTY, OWN), {"group_meeting", "town_meeting"}),
        (viewer(Access.SCHOOL_LEADER, FAR), {"town_meeting"}),
        (viewer(Access.READER, OWN), {"unions"}),
        (viewer(Access.READER), {"unions"}),
    ],
)
def test_who_is_invited_follows_from_the_wheel(who: Viewer, invited: set[str]) -> None:
    keys = ("group_meeting.nord", "town_meeting", "unions")
    meetings = [found for found in plan(TOWN, YEAR) if found.key.endswith(keys)]
    assert {found.activity for found in meetings if who.is_invited(TOWN, found)} == invited


def test_what_has_left_the_wheel_invites_nobody() -> None:
    gone = builders.occurrence(TOWN_MEETING, where=None)
    smaller = replace(TOWN, wheel=builders.municipality(builders.activity()).wheel)
    assert not viewer(Access.DIRECTOR).is_invited(smaller, gone)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (viewer(Access.ADMINISTRATION), True),
        (viewer(Access.SCHOOL_LEADER, OWN), False),
        (viewer(Access.READER), False),
        (viewer(Access.CONSULTANT, group="nord"), False),
    ],
)
def test_what_a_school_that_is_gone_has_left_is_for_those_who_see_all(who: Viewer, *, may: bool) -> None:
    gone: Occurrence = replace(builders.occurrence(), school="999999")
    assert who.may_about(Right.SEE_YEAR, TOWN, gone) is may


def test_a_leader_delivers_for_one_school_and_nothing_else() -> None:
    leader = viewer(Access.SCHOOL_LEADER, OWN)
    assert leader.may(Right.DELIVER, TOWN)
    assert [number for number in (OWN, NEIGHBOUR, FAR, "999999") if leader.may(Right.DELIVER, TOWN, number)] == [OWN]
    assert not leader.may_everywhere(Right.DELIVER, TOWN)
    assert not leader.may(Right.EXEMPT, TOWN, OWN)


def test_a_consultant_of_a_group_follows_up_its_schools() -> None:
    consultant = viewer(Access.CONSULTANT, group="nord")
    assert [n for n in (OWN, NEIGHBOUR, FAR) if consultant.may(Right.FOLLOW_UP, TOWN, n)] == [OWN, NEIGHBOUR]
    assert viewer(Access.CONSULTANT).may(Right.FOLLOW_UP, TOWN, FAR)


def test_rights_of_one_municipality_are_none_in_another() -> None:
    assert not viewer(Access.ADMINISTRATION, town="nabo").may(Right.SEE_YEAR, TOWN)


def test_a_right_that_nobody_has_is_none_for_a_school_either() -> None:
    assert not Viewer("", "Ingen").may(Right.SEE_YEAR, TOWN, OWN)


def test_whoever_reads_a_mailbox_is_what_the_files_say_in_whatever_case_it_is_written() -> None:
    assert standings_of(TOWN, f"Skoleleder.{OWN}@PROEVEBY.example", today=TODAY) == (
        Standing("proeveby", Access.SCHOOL_LEADER, OWN),
    )
    assert standings_of(TOWN, "fagcenter@proeveby.example", today=TODAY) == (
        Standing("proeveby", Access.ADMINISTRATION),
    )
    assert standings_of(TOWN, "ukendt@proeveby.example", today=TODAY) == ()


def test_one_mailbox_may_stand_for_several_and_for_the_same_only_once() -> None:
    shared = (
        Contact(Role.CONSULTANT, "Konsulent", "fælles@proeveby.example", school_group="nord"),
        Contact(Role.CONSULTANT, "Konsulent", "fælles@proeveby.example", school_group="syd"),
        Contact(Role.UNIONS, "Lærerne", "fælles@proeveby.example"),
        Contact(Role.MED_COMMITTEE, "MED", "fælles@proeveby.example"),
    )
    town = replace(TOWN, contacts=shared)
    assert set(standings_of(town, "fælles@proeveby.example", today=TODAY)) == {
        Standing("proeveby", Access.CONSULTANT, None, "nord"),
        Standing("proeveby", Access.CONSULTANT, None, "syd"),
        Standing("proeveby", Access.READER),
    }


def test_a_deputy_without_a_school_is_let_in_nowhere() -> None:
    town = replace(TOWN, contacts=(Contact(Role.DEPUTY, "Stedfortræder", "d@proeveby.example"),))
    assert standings_of(town, "d@proeveby.example", today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("administration", Standing("proeveby", Access.ADMINISTRATION)),
        ("director", Standing("proeveby", Access.DIRECTOR)),
        ("operator", Standing("proeveby", Access.OPERATOR)),
        ("consultant", Standing("proeveby", Access.CONSULTANT)),
        ("consultant:nord", Standing("proeveby", Access.CONSULTANT, None, "nord")),
        ("reader", Standing("proeveby", Access.READER)),
        (f"reader:{OWN}", Standing("proeveby", Access.READER, OWN)),
        (f"school_leader:{OWN}", Standing("proeveby", Access.SCHOOL_LEADER, OWN)),
        (f"deputy:{OWN}", Standing("proeveby", Access.DEPUTY, OWN)),
    ],
)
def test_a_role_of_the_login_is_read_as_it_is_written(text: str, standing: Standing) -> None:
    assert standing_of(TOWN, text, today=TODAY) == standing
    assert text_of(standing) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "admin",
        "Administration",
        " administration",
        f"administration:{OWN}",
        "director:nord",
        "operator:x",
        "consultant:øst",
        f"consultant:{OWN}",
        "consultant:",
        "reader:",
        "reader:nord",
        "school_leader",
        "school_leader:",
        "school_leader:999999",
        "deputy",
        f"deputy:{OWN}:{FAR}",
    ],
)
def test_a_role_that_says_too_little_too_much_or_something_unknown_is_none(text: str) -> None:
    assert standing_of(TOWN, text, today=TODAY) is None


def test_all_that_one_can_be_let_in_as_can_be_written_and_read() -> None:
    possible = possible_standings(TOWN, today=TODAY)
    assert [text_of(found) for found in possible][:8] == [
        "administration",
        "director",
        "consultant",
        "reader",
        "operator",
        "consultant:nord",
        "consultant:syd",
        f"deputy:{OWN}",
    ]
    assert len(possible) == 5 + 2 + 3 * 3
    assert [standing_of(TOWN, text_of(found), today=TODAY) for found in possible] == list(possible)


@pytest.mark.parametrize(
    ("standing", "holds"),
    [
        (Standing("proeveby", Access.READER, "999999"), False),
        (Standing("proeveby", Access.CONSULTANT, None, "øst"), False),
        (Standing("proeveby", Access.SCHOOL_LEADER), False),
        (Standing("proeveby", Access.CONSULTANT, None, "syd"), True),
    ],
)
def test_a_standing_holds_while_the_files_have_its_school_or_group(standing: Standing, *, holds: bool) -> None:
    assert standing.holds(TOWN, today=TODAY) is holds


@pytest.mark.parametrize("access", [Access.SCHOOL_LEADER, Access.DEPUTY, Access.READER])
def test_whoever_is_let_in_to_one_school_is_let_in_through_its_last_day(access: Access) -> None:
    closed = replace(TOWN, schools=(replace(AARBY, closed=date(2026, 9, 1)), RORBY, AAGAARD))
    standing = Standing("proeveby", access, OWN)
    assert standing.holds(closed, today=date(2026, 9, 1))
    assert not standing.holds(closed, today=date(2026, 9, 2))
    assert standing not in possible_standings(closed, today=date(2026, 9, 2))
    assert standing_of(closed, text_of(standing), today=date(2026, 9, 2)) is None


def test_every_access_has_a_danish_name() -> None:
    assert set(ACCESSES) == set(Access)
