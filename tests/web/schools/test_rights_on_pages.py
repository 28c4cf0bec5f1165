"""Pages that everybody may open show each viewer only what is theirs to know and to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import log, verdicts
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.goals import AtNationalAverage
from kvalitet.municipality import Contact
from kvalitet.wheel import Role, Wheel
from tests.goal_builders import TESTS, goal
from tests.web import builders, people
from tests.web.conftest import browsing
from tests.web.test_inbox import keep

GOAL = goal(TESTS, AtNationalAverage(lower_is_better=False), deadline=builders.YEAR)
ACTIVITY = "/proeveby/aktivitet/local_goals"
GOALS = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
SILENT = "Der er ikke sendt mail siden"
UNREAD = "En mail fra mennesker i indbakken er ikke set"


@pytest.mark.parametrize(
    ("reader", "is_offered"),
    [
        (people.ADMINISTRATION, True),
        (people.DIRECTOR, True),
        (people.CONSULTANT, True),
        (people.LEADER, False),
        (people.DEPUTY, False),
        (people.SCHOOL_BOARD, False),
    ],
)
def test_only_who_follows_up_is_offered_to_remind_those_who_miss_an_activity(
    everybody: Installation, reader: str, *, is_offered: bool
) -> None:
    with browsing(everybody, reader) as opened:
        page, asked = opened.get(ACTIVITY), opened.get(f"{ACTIVITY}/paamind")
    assert page.status_code == 200
    assert ("Påmind nu dem, der mangler" in page.text) is is_offered
    assert asked.status_code == (200 if is_offered else 403)


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (people.ADMINISTRATION, {SILENT, UNREAD}),
        (people.DIRECTOR, {SILENT, UNREAD}),
        (people.OPERATOR, {SILENT}),
        (people.CONSULTANT, set()),
        (people.LEADER, set()),
        (people.UNIONS, set()),
    ],
)
def test_what_is_wrong_with_the_mails_is_told_only_to_who_may_look_at_them(
    everybody: Installation, reader: str, told: set[str]
) -> None:
    keep(everybody, "Vi kan ikke den dag", hours=5)
    with everybody.store.write() as connection:
        log.beat(connection, "send_mail", now=builders.NOON - timedelta(hours=5))
    with browsing(everybody, reader) as opened:
        page = opened.get("/proeveby/").text
    assert {line for line in (SILENT, UNREAD) if line in page} == told


@pytest.mark.parametrize(
    ("reader", "is_told"), [(people.ADMINISTRATION, True), (people.CONSULTANT, True), (people.LEADER, False)]
)
def test_that_a_call_was_noted_is_seen_only_by_who_follows_up(
    everybody: Installation, reader: str, *, is_told: bool
) -> None:
    with browsing(everybody, people.CONSULTANT) as opened:
        assert opened.send(f"{GOALS}/opkald", {"note": "De er ramt af sygdom."}, page=GOALS).status_code == 303
    with browsing(everybody, reader) as opened:
        page = opened.get(GOALS).text
    assert ("Opkald noteret" in page, "De er ramt af sygdom." in page) == (is_told, is_told)


def test_the_audit_of_a_school_has_what_was_done_on_the_pages_of_its_deliverables(everybody: Installation) -> None:
    with browsing(everybody) as opened:
        opened.send(f"{GOALS}/fritag", {"reason": "Lukker til sommer."}, page=GOALS)
        own = opened.get("/proeveby/revisionsspor?skole=323001").text
        other = opened.get("/proeveby/revisionsspor?skole=323002").text
    assert (own.count("<td>gjort</td>"), other.count("<td>gjort</td>")) == (1, 0)


@pytest.mark.parametrize("page", ["", "liste", "tidslinje"])
def test_the_year_leads_to_no_page_that_is_closed_to_its_viewer(everybody: Installation, page: str) -> None:
    wanted = re.compile(r'href="(/proeveby/(?:aktivitet|forekomst|skole)/[^"]+)"')
    with browsing(everybody, people.OPERATOR) as opened:
        shown = opened.get(f"/proeveby/{page}").text
    with browsing(everybody) as opened:
        linked = opened.get(f"/proeveby/{page}").text
    assert "Skolens egne mål" in shown
    assert (wanted.findall(shown), bool(wanted.findall(linked))) == ([], True)


@pytest.mark.parametrize("page", ["", "liste", "tidslinje"])
def test_a_year_in_which_nothing_concerns_the_viewer_is_not_said_to_be_unplanned(
    everybody: Installation, page: str
) -> None:
    (municipality,) = everybody.municipalities
    groupless = [found for found in builders.ACTIVITIES if found.key in {"local_goals", "absence_plan"}]
    here = replace(municipality, wheel=Wheel(tuple(groupless)))
    with browsing(replace(everybody, municipalities=(here,)), people.UNIONS) as opened:
        planned = opened.get(f"/proeveby/{page}").text
    elsewhere = replace(municipality, key="tomby")
    with browsing(replace(everybody, municipalities=(elsewhere,)), people.LEADER) as opened:
        unplanned = opened.get(f"/tomby/{page}").text
    assert "Der er ikke noget til dig i årshjulet for 2026/27." in planned
    assert "Skoleåret 2026/27 er ikke planlagt endnu. Det bliver det, når årshjulet drejer." in unplanned
    assert [text for text in (planned, unplanned) if "Viser alle" in text or "kvalitet plan" in text] == []


@pytest.mark.parametrize(("reader", "is_counted"), [(people.LEADER, True), (people.UNIONS, False)])
def test_nobody_is_told_that_nothing_is_missing_where_they_are_shown_no_school(
    everybody: Installation, reader: str, *, is_counted: bool
) -> None:
    with browsing(everybody, reader) as opened:
        year, schools = opened.get("/proeveby/").text, opened.get("/proeveby/skoler").text
    counts = [
        text in year for text in ("afleveringer mangler</text>", "Hvem mangler noget?", 'aria-label="afleveringer:')
    ]
    assert counts == [is_counted] * 3
    assert ("Din adgang omfatter ikke de enkelte skolers afleveringer." in schools) is not is_counted
    assert [text in schools for text in ("Sortér efter", " afleveret", "Hent det viste")] == [is_counted] * 3
    assert "Skolerne har intet at aflevere" not in schools


def test_a_leader_who_is_a_consultant_of_another_group_sees_no_calls_with_their_own_school(
    everybody: Installation,
) -> None:
    (municipality,) = everybody.municipalities
    both = Contact(Role.CONSULTANT, "Konsulent for Nord", people.OTHER_LEADER, school_group="nord")
    here = replace(municipality, contacts=(*municipality.contacts, both))
    with browsing(everybody) as opened:
        for school in (people.SCHOOL, people.OTHER):
            page = GOALS.replace(people.SCHOOL, school)
            assert opened.send(f"{page}/opkald", {"note": "De er ramt af sygdom."}, page=page).status_code == 303
    with browsing(replace(everybody, municipalities=(here,)), people.OTHER_LEADER) as opened:
        rows = opened.get("/proeveby/skoler").text.split("<tr>")
        saved = opened.get("/proeveby/skoler.csv").text
    found = {
        school: [text in row for text in ("1 opkald", "Følg op</a>")]
        for school in (people.SCHOOL, people.OTHER)
        for row in rows
        if f'href="skole/{school}"' in row
    }
    assert found == {people.SCHOOL: [True, True], people.OTHER: [False, False]}
    calls = {line.split(";")[1]: line.split(";")[-1] for line in saved.splitlines()}
    assert (calls[people.SCHOOL], calls[people.OTHER], calls[""]) == ("1", "", "1")


@pytest.mark.parametrize(
    ("reader", "last"),
    [
        (people.ADMINISTRATION, "Opkald"),
        (people.CONSULTANT, "Opkald"),
        (people.LEADER, "Næste påmindelse"),
        (people.SCHOOL_BOARD, "Næste påmindelse"),
    ],
)
def test_what_is_saved_of_the_matrix_has_calls_only_for_those_who_follow_up(
    everybody: Installation, reader: str, last: str
) -> None:
    with browsing(everybody, reader) as opened:
        heads = opened.get("/proeveby/skoler.csv").text.splitlines()[0].split(";")
        book = CalamineWorkbook.from_filelike(BytesIO(opened.get("/proeveby/skoler.xlsx").content))
    assert (heads[-1], book.get_sheet_by_index(0).to_python()[0][-1]) == (last, last)


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (people.LEADER, "Dom over Buerup Skole."),
        (people.UNIONS, "Der er ingen vurdering af målet, som du kan se, i 2026/27."),
    ],
)
def test_a_goal_is_not_said_to_be_unjudged_where_its_verdicts_are_for_others(
    everybody: Installation, reader: str, said: str
) -> None:
    (municipality,) = everybody.municipalities
    kept = KeptVerdict(
        "proeveby",
        GOAL.key,
        "323001",
        builders.YEAR,
        "reached",
        "Dom over Buerup Skole.",
        confidential=False,
        judged_at=builders.NOON,
    )
    with everybody.store.write() as connection:
        verdicts.save(connection, kept)
    here = replace(municipality, goals=(GOAL,))
    with browsing(replace(everybody, municipalities=(here,)), reader) as opened:
        page = opened.get("/proeveby/maal").text
    assert said in page
    assert "Målet er ikke vurderet endnu" not in page
