"""The page that the link in our mail leads to: opening it changes nothing, the button delivers once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows import read_replies
from kvalitet.adapters.store import Store, deliveries
from kvalitet.adapters.store.deliveries import Delivery
from kvalitet.web.app import create_app
from tests.adapters.offers.asked import LEADER, NOW, Asked, asked, key
from tests.adapters.offers.mails import File, answer
from tests.web.conftest import HOST, Browser, let_in

ONE, SEVERAL = ("action_plan",), ("local_goals", "action_plan")


@dataclass
class Desk:
    """A leader's mailbox and browser."""

    leader: Asked
    browser: Browser
    now: datetime = NOW + timedelta(hours=1)

    @property
    def link(self) -> str:
        """The address in the question that we mailed."""
        return f"/proeveby/bekraeft/{self.leader.token()}"

    def delivered(self, of: str = "action_plan") -> list[Delivery]:
        with self.leader.installation.store.read() as connection:
            return deliveries.versions(connection, key(of))


@pytest.fixture
def desk(store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    leader = asked(store, tmp_path, *map(key, getattr(request, "param", ONE)))
    leader.answers(File())
    app = create_app(lambda: leader.installation, lambda: opened.now)
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as client:
        opened = Desk(leader, Browser(client))
        yield opened


def test_opening_the_link_shows_the_file_and_delivers_nothing(desk: Desk) -> None:
    page = [desk.browser.get(desk.link) for _ in range(3)][-1]
    assert desk.browser.client.head(desk.link).status_code == 200
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Handleplan for Åby.pdf" in page.text
    assert "Handleplan, Aarby Skole" in page.text
    assert "Den er ikke afleveret, før du bekræfter." in page.text
    assert desk.delivered() == []


def test_the_button_delivers_and_leads_to_the_receipt(desk: Desk) -> None:
    answered = desk.browser.send(desk.link, {"punkt": key("action_plan")})
    assert (answered.status_code, answered.headers["location"]) == (303, desk.link)
    receipt = desk.browser.get(desk.link).text
    assert "Tak, det er modtaget" in receipt
    assert "Handleplan for Åby.pdf" in receipt
    assert len(desk.leader.written("receipt")) == 1


def test_two_clicks_are_one_delivery_and_the_link_goes_on_leading_to_it(desk: Desk) -> None:
    token = desk.browser.token(desk.link)
    texts = {"formularmærke": token, "punkt": key("action_plan")}
    answers = [
        desk.browser.client.post(desk.link, data=texts, headers=desk.browser.headers, follow_redirects=False)
        for _ in range(2)
    ]
    desk.now = NOW + timedelta(days=30)
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, desk.link)}
    assert "Udgave 1 blev afleveret" in desk.browser.get(desk.link).text
    assert len(desk.delivered()) == 1


@pytest.mark.parametrize("desk", [SEVERAL], indirect=True)
def test_of_several_one_is_chosen_first(desk: Desk) -> None:
    page = desk.browser.get(desk.link).text
    assert "Hvad er filen?" in page
    assert '<button class="button button-primary"' not in page
    chosen = desk.browser.get(f"{desk.link}?punkt={key('local_goals')}").text
    assert "Skolens mål" in chosen
    assert "Det er noget andet" in chosen


@pytest.mark.parametrize("desk", [SEVERAL], indirect=True)
def test_what_is_not_filled_in_comes_back_with_what_was(desk: Desk) -> None:
    page = f"{desk.link}?punkt={key('local_goals')}"
    refused = desk.browser.send(desk.link, {"punkt": key("local_goals"), "goal": ""}, page=page)
    assert (refused.status_code, "Udfyld »Skolens mål«." in refused.text) == (400, True)
    assert desk.delivered("local_goals") == []
    done = desk.browser.send(desk.link, {"punkt": key("local_goals"), "goal": "Læsning"}, page=page)
    assert done.status_code == 303
    assert [dict(one.answers) for one in desk.delivered("local_goals")] == [{"goal": "Læsning"}]


@pytest.mark.parametrize("desk", [SEVERAL], indirect=True)
def test_a_choice_that_is_none_is_asked_again(desk: Desk) -> None:
    page = f"{desk.link}?punkt={key('local_goals')}"
    answered = desk.browser.send(desk.link, {"punkt": key("survey")}, page=page)
    assert (answered.status_code, "Hvad er filen?" in answered.text) == (400, True)


def test_a_link_that_is_of_no_use_says_what_to_do(desk: Desk) -> None:
    link = desk.link
    wrong = [desk.browser.get(f"/proeveby/bekraeft/{'x' * 43}")]
    desk.now = NOW + timedelta(days=14)
    wrong.append(desk.browser.get(link))
    assert {one.status_code for one in wrong} == {404}
    assert all("Linket virker ikke mere. Svar på mailen igen med filen" in one.text for one in wrong)


def test_another_site_cannot_confirm(desk: Desk) -> None:
    desk.browser.get(desk.link)
    answered = desk.browser.client.post(desk.link, data={"punkt": key("action_plan")})
    assert (answered.status_code, desk.delivered()) == (403, [])


def test_pages_say_that_the_file_waits_until_it_is_confirmed(desk: Desk) -> None:
    said = "afventer bekræftelse"
    let_in(desk.browser.client, desk.leader.installation, LEADER, now=NOW + timedelta(days=70))
    pages = [f"/proeveby/forekomst/{key('action_plan')}", "/proeveby/skole/323001"]
    desk.now = NOW + timedelta(days=70)
    assert [said in desk.browser.get(page).text for page in [*pages, "/proeveby/"]] == [False] * 3
    desk.leader.answers(File(), now=desk.now)
    assert [said in desk.browser.get(page).text for page in [*pages, "/proeveby/"]] == [True] * 3
    desk.browser.send(desk.link, {"punkt": key("action_plan")})
    assert [said in desk.browser.get(page).text for page in [*pages, "/proeveby/"]] == [False] * 3


def test_from_the_answered_reminder_to_the_receipt_in_the_mailbox(desk: Desk) -> None:
    installation = desk.leader.installation
    inbox = installation.settings.home / "inbox"
    inbox.mkdir(parents=True)
    raw = answer(desk.leader.mail.message_id, File("ny plan.pdf"), sender=LEADER, message_id="<nyt@skole.example>")
    (inbox / "1.eml").write_bytes(raw)
    read_replies.run(installation, now=desk.now)
    desk.browser.send(desk.link, {"punkt": key("action_plan")})
    mailbox = [_parsed(path) for path in sorted((installation.settings.home / "mailbox").glob("*.eml"))]
    (receipt,) = [mail for mail in mailbox if "Tak, vi har modtaget" in _text(mail)]
    assert (receipt["To"].addresses[0].addr_spec, receipt["Subject"]) == (
        LEADER,
        "Handleplan 2026/27 – Aarby Skole",
    )
    (file,) = [one.file for one in desk.delivered()]
    assert file
    assert file.name == "ny plan.pdf"


def _parsed(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())
