"""What a page shows of what is one's own: calendars, verdicts, reminders and the state of the machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.feeds import keeping, subscribing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import outbox, verdicts
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.goals import AtNationalAverage
from kvalitet.municipality import Contact, Login
from kvalitet.rights import Access, Standing
from kvalitet.wheel import Role
from tests.goal_builders import TESTS, goal
from tests.web.access.test_links import Desk
from tests.web.builders import NOON, YEAR, municipality
from tests.web.conftest import HOST, Browser, browsing

GOAL = goal(TESTS, AtNationalAverage(lower_is_better=False), deadline=YEAR)
CALENDARS, GOALS = "/proeveby/kalendere", "/proeveby/maal"
CONSULTANTS = (
    Contact(Role.CONSULTANT, "Konsulent Nord", "nord@proeveby.example", school_group="nord"),
    Contact(Role.CONSULTANT, "Anden Nord", "anden@proeveby.example", school_group="nord"),
    Contact(Role.DEPUTY, "Stedfortræder, Buerup", "d1@skole.example", school="323001"),
)


@pytest.fixture
def installation(installation: Installation) -> Installation:
    found = municipality("proeveby")
    people = (*found.contacts, *CONSULTANTS)
    return replace(installation, municipalities=(replace(found, contacts=people),))


def feed_of(installation: Installation, address: str, role: Role) -> int:
    made = subscribing.create(installation, installation.municipalities[0], role=role, address=address, now=NOON)
    return made.feed.id


def people_on(page: str) -> list[str]:
    """Give whom a calendar can be made for."""
    options = page.split('<select class="form-select" id="person"')[1].split("</select>", maxsplit=1)[0]
    return [part.split(">", 1)[1].split(" (", 1)[0] for part in options.split("<option value=")[2:]]


@pytest.mark.parametrize(
    ("address", "people"),
    [
        ("s1@skole.example", ["Leder af Buerup Skole"]),
        ("d1@skole.example", ["Stedfortræder, Buerup"]),
        ("nord@proeveby.example", ["Konsulent Nord"]),
        ("faglige@proeveby.example", ["Faglige organisationer"]),
        ("direktor@proeveby.example", ["Direktøren"]),
    ],
)
def test_a_calendar_is_made_for_oneself_alone(installation: Installation, address: str, people: list[str]) -> None:
    with browsing(installation, address) as browser:
        assert people_on(browser.get(CALENDARS).text) == people


def test_the_administration_makes_calendars_for_everybody(browser: Browser) -> None:
    assert len(people_on(browser.get(CALENDARS).text)) == 5 + 3 + 3


@pytest.mark.parametrize("other", ["school_leader s2@skole.example", "consultant anden@proeveby.example", "x y"])
def test_a_calendar_of_somebody_else_cannot_be_made(installation: Installation, other: str) -> None:
    with browsing(installation, "nord@proeveby.example") as browser:
        answer = browser.send(CALENDARS, {"person": other})
    assert (answer.status_code, "/kalender/" in answer.text) == (400, False)


def test_ones_own_calendar_is_seen_and_revoked_and_that_of_others_is_not_there(installation: Installation) -> None:
    mine = feed_of(installation, "nord@proeveby.example", Role.CONSULTANT)
    other = feed_of(installation, "anden@proeveby.example", Role.CONSULTANT)
    leader = feed_of(installation, "s1@skole.example", Role.SCHOOL_LEADER)
    with browsing(installation, "nord@proeveby.example") as browser:
        page = browser.get(CALENDARS).text
        assert ("Konsulent Nord</th>" in page, "Anden Nord" in page, "Leder af Buerup" in page) == (True, False, False)
        codes = {
            number: browser.send(f"{CALENDARS}/{number}/tilbagekald", {}, page=CALENDARS).status_code
            for number in (mine, other, leader, 999)
        }
    assert codes == {mine: 303, other: 404, leader: 404, 999: 404}
    with installation.store.read() as connection:
        assert {one.id for one in keeping.feeds(connection, "proeveby") if one.revoked_at} == {mine}


def account_browser(installation: Installation, standing: Standing, address: str) -> Desk:
    """Give the browser of somebody whose own login says that this is their address."""
    login = Login(issuer="https://login.example/", client_id="x")
    here = replace(installation, municipalities=(replace(installation.municipalities[0], login=login),))
    with here.store.write() as connection:
        account = accounts.seen(connection, login.issuer, "a", name="A", address=address, now=NOON)
        accounts.grant(connection, account.id, standing, by="Fagcenter", now=NOON)
        token = sessions.begin(connection, Entry("proeveby", Method.OPENID, account=account.id), now=NOON)
    desk = Desk(here)
    desk.carry(token)
    return desk


def test_an_address_that_the_login_says_opens_no_calendar_by_itself(installation: Installation) -> None:
    reader = account_browser(installation, Standing("proeveby", Access.READER), "nord@proeveby.example")
    assert "ingen kalender at lave" in reader.browser.get(CALENDARS).text


def test_a_leader_with_an_address_of_their_own_makes_the_calendar_of_the_role(installation: Installation) -> None:
    leader = account_browser(installation, Standing("proeveby", Access.SCHOOL_LEADER, "323001"), "anna@x.example")
    assert people_on(leader.browser.get(CALENDARS).text) == ["Leder af Buerup Skole"]


@pytest.fixture
def judged(installation: Installation) -> Installation:
    """Give the installation with one goal, judged for everybody, openly and in confidence."""
    found = replace(installation.municipalities[0], goals=(GOAL,))
    with installation.store.write() as connection:
        for unit, confidential in (("323001", False), ("323002", False), ("323003", True), ("municipality", False)):
            kept = KeptVerdict(
                "proeveby",
                GOAL.key,
                unit,
                YEAR,
                "reached",
                f"Dom over {unit}.",
                confidential=confidential,
                judged_at=NOON,
            )
            verdicts.save(connection, kept)
    return replace(installation, municipalities=(found,))


def verdicts_on(installation: Installation, address: str) -> set[str]:
    with browsing(installation, address) as browser:
        page = browser.get(GOALS).text
    return {unit for unit in ("323001", "323002", "323003", "municipality") if f"Dom over {unit}" in page}


@pytest.mark.parametrize(
    ("address", "units"),
    [
        ("s1@skole.example", {"323001", "municipality"}),
        ("s3@skole.example", {"323003", "municipality"}),
        ("nord@proeveby.example", {"323001", "323003", "municipality"}),
        ("direktor@proeveby.example", {"323001", "323002", "323003", "municipality"}),
        ("faglige@proeveby.example", {"municipality"}),
    ],
)
def test_the_goals_show_verdicts_of_ones_own_schools_and_of_the_municipality(
    judged: Installation, address: str, units: set[str]
) -> None:
    assert verdicts_on(judged, address) == units


def test_a_confidential_verdict_of_the_municipality_is_for_those_who_see_all(judged: Installation) -> None:
    kept = KeptVerdict(
        "proeveby", GOAL.key, "municipality", YEAR, "not_reached", "Fortrolig dom.", confidential=True, judged_at=NOON
    )
    with judged.store.write() as connection:
        verdicts.save(connection, kept)
    seen = {}
    for address in (
        "direktor@proeveby.example",
        "s1@skole.example",
        "nord@proeveby.example",
        "faglige@proeveby.example",
    ):
        with browsing(judged, address) as browser:
            seen[address.split("@", 1)[0]] = "Fortrolig dom." in browser.get(GOALS).text
    assert seen == {"direktor": True, "s1": False, "nord": False, "faglige": False}


def test_a_school_reader_sees_no_confidential_verdict(judged: Installation) -> None:
    board = Contact(Role.SCHOOL_BOARD, "Skolebestyrelsen", "b3@skole.example", school="323003")
    found = replace(judged.municipalities[0], contacts=(*judged.municipalities[0].contacts, board))
    assert verdicts_on(replace(judged, municipalities=(found,)), board.address) == {"municipality"}


def test_a_consultant_who_reminds_comes_back_to_a_page_that_they_may_see(installation: Installation) -> None:
    page = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001/paamind"
    with browsing(installation, "nord@proeveby.example") as browser:
        answer = browser.send(page, {"again": "ja"})
        assert answer.headers["location"] == page.removesuffix("/paamind")
        assert browser.get(answer.headers["location"]).status_code == 200


def test_a_consultant_of_a_group_reminds_its_own_schools_alone(installation: Installation) -> None:
    page = "/proeveby/aktivitet/local_goals/paamind"
    with browsing(installation, "nord@proeveby.example") as browser:
        shown = browser.get(page).text
        browser.send(page, {"again": "ja"})
    assert ("Buerup Skole" in shown, "Hvidebækskolen" in shown) == (True, False)
    with installation.store.read() as connection:
        assert {mail.recipient for mail in outbox.mails(connection)} == {
            "s1@skole.example",
            "s3@skole.example",
            "s5@skole.example",
        }


def readiness(installation: Installation, *, network: str, address: str = "", **headers: str) -> dict[str, object]:
    with browsing(installation, address) as browser:
        client = TestClient(browser.client.app, base_url=HOST, client=(network, 50000))
        client.cookies = browser.client.cookies
        found: dict[str, object] = client.get("/readyz", headers=headers).json()
    return found


def test_strangers_are_told_whether_all_is_well_and_nothing_more(installation: Installation) -> None:
    assert readiness(installation, network="192.0.2.1") == {"status": "ok"}
    assert readiness(installation, network="192.0.2.1", address="s1@skole.example") == {"status": "ok"}
    assert readiness(installation, network="127.0.0.1", **{"x-forwarded-for": "192.0.2.1"}) == {"status": "ok"}


@pytest.mark.parametrize(("network", "address"), [("127.0.0.1", ""), ("192.0.2.1", "fagcenter@proeveby.example")])
def test_whoever_keeps_it_running_is_told_what_works(installation: Installation, network: str, address: str) -> None:
    told = readiness(installation, network=network, address=address)
    assert set(told) == {"store", "migrations", "heartbeats", "prefect"}
