"""Logging in by a link in a mail, and what a stranger can make of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from kvalitet.adapters.access import links
from kvalitet.adapters.installation import Installation
from kvalitet.municipality import Login
from kvalitet.web.app import create_app
from tests.web.builders import NOON, municipality
from tests.web.conftest import HOST, Browser, deeds_of, said

LEADER, PAGE, ASK = "s1@skole.example", "/log-ind/proeveby", "/log-ind/proeveby/link"
USED_UP = "Linket er brugt eller for gammelt. Bed om et nyt; det tager et øjeblik."


@pytest.fixture
def installation(installation: Installation) -> Installation:
    """Give the installation whose people log in by a link alone."""
    return replace(installation, municipalities=(municipality("proeveby"),))


@dataclass
class Desk:
    """Somebody's browser at a time of the test's own, and the mailbox where our mails lie."""

    installation: Installation
    now: datetime = NOON
    network: str = "192.0.2.1"

    def __post_init__(self) -> None:
        app = create_app(lambda: self.installation, lambda: self.now)
        self.client = TestClient(app, base_url=HOST, raise_server_exceptions=False, client=(self.network, 50000))
        self.browser = Browser(self.client)

    def carry(self, token: str) -> None:
        """Let the browser have a session's cookie, instead of what it had."""
        self.client.cookies.set("kvalitet_session", token, domain="127.0.0.1", path="/")

    def ask(self, address: str = LEADER, **more: str) -> Response:
        return self.browser.send(ASK, {"address": address, **more}, page=PAGE)

    def links(self) -> list[str]:
        """Give the links that have been mailed, the oldest first."""
        folder: Path = self.installation.settings.home / "mailbox"
        letters = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("**/*.eml"))]
        bodies = [
            part.get_content()
            for letter in letters
            for part in letter.walk()
            if part.get_content_type() == "text/plain"
        ]
        return [found for body in bodies for found in re.findall(rf"{HOST}(/log-ind/link/\S+)", body)]

    def made(self, address: str = LEADER) -> str:
        """Make a link without a mail."""
        with self.installation.store.write() as connection:
            return f"/log-ind/link/{links.make(connection, 'proeveby', address, now=self.now)}"


@pytest.fixture
def desk(installation: Installation) -> Iterator[Desk]:
    opened = Desk(installation)
    with opened.client:
        yield opened


def test_a_leader_logs_in_by_the_link_in_the_mail_and_comes_to_the_page(desk: Desk) -> None:
    desk.ask(til="/proeveby/skole/323001")
    (link,) = desk.links()
    answer = desk.browser.send(link.split("?")[0], {"til": "/proeveby/skole/323001"}, page=link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/proeveby/skole/323001")
    assert desk.browser.get("/proeveby/skole/323001").status_code == 200


def test_opening_the_link_as_a_scanner_does_uses_nothing_up(desk: Desk) -> None:
    link = desk.made()
    for _ in range(3):
        assert (desk.client.get(link).status_code, desk.client.head(link).status_code) == (200, 200)
    page = desk.client.get(link)
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert desk.browser.send(link, {}).status_code == 303


def test_a_link_is_used_once(desk: Desk) -> None:
    link, page = desk.made(), PAGE
    assert desk.browser.send(link, {}, page=page).status_code == 303
    again = desk.browser.send(link, {}, page=page)
    assert (again.status_code, USED_UP in again.text) == (410, True)
    assert desk.client.get(link).status_code == 410


def test_many_at_once_use_a_link_once(desk: Desk) -> None:
    token = desk.made().rsplit("/", 1)[1]
    found: list[tuple[str, str] | None] = []

    def use() -> None:
        with desk.installation.store.write() as connection:
            found.append(links.use(connection, token, now=NOON))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in found if one] == [("proeveby", LEADER)]


def test_a_link_works_for_ten_minutes(desk: Desk) -> None:
    old, new = desk.made("s2@skole.example"), desk.made()
    desk.now = NOON + timedelta(minutes=10) - timedelta(seconds=1)
    assert desk.browser.send(new, {}).status_code == 303
    desk.now = NOON + timedelta(minutes=10)
    assert desk.browser.send(old, {}, page=PAGE).status_code == 410


def test_a_newer_link_takes_the_place_of_an_older(desk: Desk) -> None:
    older, newer = desk.made(), desk.made()
    assert desk.client.get(older).status_code == 410
    assert desk.browser.send(newer, {}).status_code == 303


def test_a_link_of_somebody_who_has_left_the_files_since_lets_nobody_in(desk: Desk) -> None:
    link = desk.made()
    found = desk.installation.municipalities[0]
    school = replace(found.schools[0], leader=replace(found.schools[0].leader, address="ny@skole.example"))
    desk.installation = replace(
        desk.installation, municipalities=(replace(found, schools=(school, *found.schools[1:])),)
    )
    assert desk.browser.send(link, {}).status_code == 410


def test_known_and_unknown_mailboxes_get_the_same_answer(desk: Desk) -> None:
    known, unknown = (desk.ask(address) for address in (LEADER, "ukendt@skole.example"))
    assert known.status_code == unknown.status_code == 200
    assert said(known).replace(LEADER, "x") == said(unknown).replace("ukendt@skole.example", "x")
    assert len(desk.links()) == 1


def test_a_mailbox_of_another_municipality_gets_no_link(desk: Desk) -> None:
    other = replace(municipality("nabo"), contacts=(), schools=())
    desk.installation = replace(desk.installation, municipalities=(*desk.installation.municipalities, other))
    answer = desk.browser.send("/log-ind/nabo/link", {"address": LEADER}, page="/log-ind/nabo")
    assert (answer.status_code, desk.links()) == (200, [])


def test_a_municipality_that_lets_nobody_in_by_mail_sends_none(desk: Desk) -> None:
    page = desk.browser.token(PAGE)
    found = replace(desk.installation.municipalities[0], login=Login(by_mail=False))
    desk.installation = replace(desk.installation, municipalities=(found,))
    answer = desk.client.post(ASK, data={"formularmærke": page, "address": LEADER})
    assert (answer.status_code, desk.links()) == (404, [])


@pytest.mark.parametrize("written", ["S1@SKOLE.example", "  s1@skole.example ", "s1@skole.EXAMPLE"])
def test_letters_in_another_case_are_the_same_mailbox_and_the_same_limit(desk: Desk, written: str) -> None:
    for _ in range(4):
        desk.ask()
    desk.ask(written)
    desk.ask(written)
    assert len(desk.links()) == 5


def test_a_mailbox_gets_five_links_an_hour_and_the_answer_stays_the_same(desk: Desk) -> None:
    answers = [desk.ask() for _ in range(6)]
    assert len({said(answer) for answer in answers}) == 1
    assert len(desk.links()) == 5
    desk.now = NOON + timedelta(hours=1, seconds=1)
    desk.ask()
    assert len(desk.links()) == 6


def test_who_floods_a_mailbox_does_not_shut_its_owner_out(desk: Desk) -> None:
    for _ in range(7):
        desk.ask()
    owner = Desk(desk.installation, network="198.51.100.7")
    owner.ask()
    assert len(desk.links()) == 6
    link = desk.links()[-1]
    assert owner.browser.send(link, {}).status_code == 303


def test_from_however_many_networks_a_mailbox_gets_fifteen_an_hour(desk: Desk) -> None:
    for number in range(20):
        Desk(desk.installation, network=f"198.51.100.{number}").ask()
    assert len(desk.links()) == 15


@pytest.mark.parametrize("networks", [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")])
def test_a_network_may_ask_so_often_and_is_then_told_how_long_to_wait(
    installation: Installation, networks: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvalitet.adapters.access import attempts  # noqa: PLC0415 -- the limit is made small for this test

    monkeypatch.setattr(attempts, "LINKS_FROM_A_NETWORK", attempts.Limit("few", 2, timedelta(hours=1)))
    first, second = (Desk(installation, network=network) for network in networks)
    assert [first.ask(f"x{n}@skole.example").status_code for n in range(2)] == [200, 200]
    answer = second.ask("x3@skole.example")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3600")
    assert "Vent 60 minutter" in answer.text
    assert Desk(installation, network="203.0.113.9").ask().status_code == 200


@pytest.mark.parametrize("address", ["", "ikke en adresse"])
def test_what_is_no_address_is_said_at_the_field_with_what_was_typed(desk: Desk, address: str) -> None:
    answer = desk.ask(address)
    assert (answer.status_code, f'value="{address}"' in answer.text) == (400, True)
    assert "Skriv den mailadresse, som kommunens mails om årshjulet kommer til." in answer.text


def test_the_page_that_one_was_going_to_is_not_lost_when_the_address_was_wrong(desk: Desk) -> None:
    answer = desk.ask("forkert", til="/proeveby/skole/323001")
    assert 'name="til" value="/proeveby/skole/323001"' in answer.text


def test_a_form_of_another_site_logs_nobody_in(desk: Desk) -> None:
    link = desk.made()
    desk.browser.headers = {"sec-fetch-site": "cross-site"}
    assert desk.browser.send(link, {}).status_code == 403
    desk.browser.headers = {"sec-fetch-site": "same-origin"}
    assert desk.browser.send(link, {}).status_code == 303


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\nx", "javascript:alert(1)"]
)
def test_a_link_leads_to_no_other_site(desk: Desk, way: str) -> None:
    answer = desk.browser.send(desk.made(), {"til": way}, page=PAGE)
    assert answer.headers["location"] == "/proeveby/skole/323001"


def test_a_mail_that_could_not_be_sent_changes_nothing_in_the_answer(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    settings = desk.installation.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9})
    desk.installation = replace(desk.installation, settings=settings)
    assert "Se i din mail" in desk.ask().text
    assert "Et loginlink kunne ikke sendes" in caplog.text
    assert "/log-ind/link/" not in caplog.text


def test_logging_in_and_a_used_link_are_written_down(desk: Desk) -> None:
    link = desk.made()
    desk.browser.send(link, {}, page=PAGE)
    desk.client.cookies.clear()
    desk.browser.send(link, {}, page=PAGE)
    with desk.installation.store.read() as connection:
        here, nowhere = (deeds_of(connection, key) for key in ("proeveby", ""))
    assert [(deed.actor, deed.action, deed.outcome) for deed in here] == [
        ("Leder af Buerup Skole", "login_pages.post_link", 303)
    ]
    assert [(deed.actor, deed.action, deed.outcome) for deed in nowhere] == [("Ingen", "login_pages.post_link", 410)]


def test_strangers_who_send_forms_without_our_mark_fill_no_table(desk: Desk) -> None:
    for address in (ASK, "/log-ud", "/proeveby/udbakke/pause", "/log-ind/link/x"):
        desk.client.post(address, data={})
    with desk.installation.store.read() as connection:
        assert [*deeds_of(connection, "proeveby"), *deeds_of(connection, "")] == []
