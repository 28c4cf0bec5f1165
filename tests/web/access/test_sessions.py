"""Sessions: how they begin, run out and end; and what a stolen cookie is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from kvalitet.adapters.access import accounts, sessions, visitors
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.installation import DEMONSTRATION, Installation
from kvalitet.adapters.store import log
from kvalitet.municipality import Login
from kvalitet.rights import Access, Standing
from tests.web.access.test_links import Desk
from tests.web.builders import NOON, municipality
from tests.web.conftest import ADMINISTRATION, Browser, browsing, logged_in

LEADER, PAGE = "s1@skole.example", "/proeveby/skole/323001"
LONG_AGO = timedelta(hours=3)


@pytest.fixture
def installation(installation: Installation) -> Installation:
    return replace(installation, municipalities=(municipality("proeveby"),))


@pytest.fixture
def desk(installation: Installation) -> Iterator[Desk]:
    opened = Desk(installation)
    with opened.client:
        opened.carry(logged_in(installation, LEADER))
        yield opened


def test_a_cookie_that_was_copied_opens_nothing_after_the_logout(desk: Desk) -> None:
    stolen = desk.client.cookies["kvalitet_session"]
    assert desk.browser.get(PAGE).status_code == 200
    answer = desk.browser.send("/log-ud", {}, page=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/log-ind?sket=ud")
    assert answer.headers["clear-site-data"] == '"cache"'
    gone = {cookie.split("=", 1)[0] for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" in cookie}
    assert gone == {"kvalitet_session", "kvalitet_formular"}
    desk.carry(stolen)
    assert desk.browser.get(PAGE).headers["location"].startswith("/log-ind?")


def test_a_logout_that_another_site_asks_for_is_refused(desk: Desk) -> None:
    desk.browser.headers = {"sec-fetch-site": "cross-site"}
    assert desk.browser.send("/log-ud", {}, page=PAGE).status_code == 403
    assert desk.browser.get(PAGE).status_code == 200


def test_a_session_runs_out_after_an_hour_of_nothing(desk: Desk) -> None:
    desk.now = NOON + timedelta(minutes=59)
    assert desk.browser.get(PAGE).status_code == 200
    desk.now += timedelta(minutes=59)
    assert desk.browser.get(PAGE).status_code == 200
    desk.now += timedelta(minutes=60)
    assert desk.browser.get(PAGE).status_code == 303


def test_a_session_runs_out_after_ten_hours_of_use(desk: Desk) -> None:
    while desk.now < NOON + timedelta(hours=10) - timedelta(minutes=30):
        desk.now += timedelta(minutes=30)
        assert desk.browser.get(PAGE).status_code in {200, 303}
    assert desk.now == NOON + timedelta(hours=9, minutes=30)
    assert desk.browser.get(PAGE).status_code == 200
    desk.now = NOON + timedelta(hours=10)
    assert desk.browser.get(PAGE).status_code == 303


def test_the_limits_are_those_of_the_settings(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"session_idle": 5, "session_hours": 1})
    desk = Desk(replace(installation, settings=settings))
    desk.carry(logged_in(installation, LEADER))
    desk.now = NOON + timedelta(minutes=5)
    assert desk.browser.get(PAGE).status_code == 303


def test_what_was_typed_when_it_ran_out_is_still_known_to_be_ones_own_for_a_day(installation: Installation) -> None:
    token = logged_in(installation, LEADER)
    for after, name in ((timedelta(hours=2), "Leder af Buerup Skole"), (timedelta(hours=26), None)):
        found = visitors.remembered(installation, token, now=NOON + after)
        assert (found.name if found else None) == name


def test_what_was_ended_is_not_remembered(installation: Installation) -> None:
    token = logged_in(installation, LEADER)
    with installation.store.write() as connection:
        sessions.end_of_mailbox(connection, LEADER, now=NOON)
    assert visitors.remembered(installation, token, now=NOON) is None


def test_a_login_ends_the_session_that_the_browser_had(desk: Desk) -> None:
    earlier = desk.client.cookies["kvalitet_session"]
    desk.browser.send(desk.made("s2@skole.example"), {}, page=PAGE)
    later = desk.client.cookies["kvalitet_session"]
    assert (earlier == later, desk.browser.get("/proeveby/skole/323002").status_code) == (False, 200)
    desk.carry(earlier)
    assert desk.browser.get(PAGE).status_code == 303


def test_a_cookie_that_somebody_planted_becomes_nobodys_session(installation: Installation) -> None:
    desk = Desk(installation)
    desk.carry("planted")
    desk.browser.send(desk.made(), {}, page="/log-ind/proeveby")
    assert desk.client.cookies["kvalitet_session"] != "planted"
    desk.carry("planted")
    assert desk.browser.get(PAGE).status_code == 303


def test_a_leader_who_leaves_the_files_is_out_at_once_and_the_new_one_is_not_let_in_by_it(desk: Desk) -> None:
    found = desk.installation.municipalities[0]
    school = replace(found.schools[0], leader=replace(found.schools[0].leader, address="ny@skole.example"))
    changed = replace(found, schools=(school, *found.schools[1:]))
    desk.installation = replace(desk.installation, municipalities=(changed,))
    assert desk.browser.get(PAGE).headers["location"] == "/"
    assert "har ikke givet dig adgang" in desk.browser.get("/").text


def test_a_municipality_that_stops_letting_in_by_mail_shuts_those_who_came_so(desk: Desk) -> None:
    closed = replace(desk.installation.municipalities[0], login=Login(by_mail=False))
    desk.installation = replace(desk.installation, municipalities=(closed,))
    assert desk.browser.get(PAGE).headers["location"] == "/"


def account_session(installation: Installation, standing: Standing, issuer: str = "https://login.example/") -> str:
    with installation.store.write() as connection:
        account = accounts.seen(connection, issuer, "anna", name="Anna", address="", now=NOON)
        accounts.grant(connection, account.id, standing, by="Fagcenter", now=NOON)
        return sessions.begin(connection, Entry("proeveby", Method.OPENID, account=account.id), now=NOON)


@pytest.mark.parametrize(
    ("standing", "issuer", "count"),
    [
        (Standing("proeveby", Access.SCHOOL_LEADER, "323001"), "https://login.example/", 1),
        (Standing("proeveby", Access.SCHOOL_LEADER, "999999"), "https://login.example/", 0),
        (Standing("proeveby", Access.CONSULTANT, None, "væk"), "https://login.example/", 0),
        (Standing("proeveby", Access.SCHOOL_LEADER), "https://login.example/", 0),
        (Standing("nedlagt", Access.ADMINISTRATION), "https://login.example/", 0),
        (Standing("proeveby", Access.ADMINISTRATION), "https://old.example/", 0),
    ],
)
def test_a_grant_counts_while_the_files_have_its_school_and_its_login(
    installation: Installation, standing: Standing, issuer: str, count: int
) -> None:
    login = Login(issuer="https://login.example/", client_id="x")
    found = replace(installation.municipalities[0], login=login)
    here = replace(installation, municipalities=(found,))
    seen = visitors.visitor(here, account_session(here, standing, issuer), now=NOON)
    assert seen
    assert len(seen.viewer.standings) == count


def test_an_operator_is_let_in_to_what_runs_and_to_nothing_that_schools_write(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"operators": " Drift@Driften.example ,"})
    with browsing(replace(installation, settings=settings), "drift@driften.example") as browser:
        pages = {
            page: browser.get(f"/proeveby/{page}").status_code for page in ("", "udbakke", "log", "skoler", "indbakke")
        }
    assert pages == {"": 200, "udbakke": 200, "log": 200, "skoler": 403, "indbakke": 403}


def test_two_addresses_of_one_mailbox_are_one_session_each(installation: Installation) -> None:
    with browsing(installation, ADMINISTRATION.upper()) as browser:
        assert browser.get("/proeveby/").status_code == 200


def demonstrate(installation: Installation) -> None:
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, "played")


def choose(desk: Desk, part: str = "administration", **headers: str) -> int:
    """Choose who to be, as a visitor of the demonstration; the headers are those of a proxy."""
    token = Browser(desk.client).token("/log-ind/proeveby")
    data = {"formularmærke": token, "rolle": part}
    answer = desk.client.post("/log-ind/proeveby/demonstration", data=data, headers=headers, follow_redirects=False)
    return int(answer.status_code)


def test_in_a_demonstration_one_may_be_anybody_from_the_machine_itself_alone(installation: Installation) -> None:
    at_home = Desk(installation, network="127.0.0.1")
    assert choose(at_home) == 404
    demonstrate(installation)
    assert choose(at_home, x_forwarded_for="203.0.113.5") == 303  # an underscore is no header of a proxy
    assert choose(at_home, **{"x-forwarded-for": "203.0.113.5"}) == 404
    assert choose(Desk(installation, network="192.0.2.1")) == 404
    public = installation.settings.model_copy(update={"base_url": "https://kvalitet.example"})
    assert choose(Desk(replace(installation, settings=public), network="127.0.0.1")) == 404
    assert choose(at_home, "school_leader:999999") == 400
    assert choose(at_home, "school_leader:323001") == 303
    assert at_home.browser.get(PAGE).status_code == 200


def test_a_role_that_was_chosen_in_a_demonstration_is_nothing_when_it_is_none_any_more(
    installation: Installation,
) -> None:
    entry = Entry("proeveby", Method.DEMONSTRATION, standing=Standing("proeveby", Access.ADMINISTRATION))
    with installation.store.write() as connection:
        token = sessions.begin(connection, entry, now=NOON)
    found = visitors.visitor(installation, token, now=NOON)
    assert found
    assert found.viewer.standings == ()


def test_pages_are_given_to_nobody_else_by_what_lies_between(desk: Desk) -> None:
    assert desk.browser.get(PAGE).headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("/proeveby/forekomst/k.1/fritag", "/proeveby/forekomst/k.1"),
        ("/proeveby/forekomst/k.1/afgoer/fortryd", "/proeveby/forekomst/k.1"),
        ("/proeveby/forekomst/k.1/aflever", "/proeveby/forekomst/k.1/aflever"),
        ("/proeveby/forekomst/k.1/udsaet?skoleaar=2026-27", "/proeveby/forekomst/k.1?skoleaar=2026-27"),
        ("/proeveby/skole/323001/pause/afslut", "/proeveby/skole/323001"),
        ("/proeveby/mail/1/annuller", "/proeveby/mail/1"),
        ("/proeveby/udbakke/pause", "/proeveby/udbakke"),
        ("/proeveby/adgang/1/tilbagekald", "/proeveby/adgang"),
    ],
)
def test_a_form_sent_after_the_session_leads_back_to_a_page_that_can_be_opened(
    installation: Installation, sent: str, page: str
) -> None:
    with browsing(installation, "") as opened:
        answer = opened.client.post(sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/log-ind?{urlencode({'til': page})}")
