"""The inbox on the board: what came back, and who comes."""

from datetime import timedelta

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import address_marks, bookings, incoming
from kvalitet.adapters.store.bookings import Answered
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming
from kvalitet.invites import Answer
from tests.web.builders import NOON
from tests.web.conftest import Browser

INBOX = "/proeveby/indbakke"
MEETING = "proeveby.2026-27.autumn_meeting.nord"
PAGE = f"/proeveby/forekomst/{MEETING}"


def keep(
    installation: Installation,
    subject: str,
    *,
    kind: IncomingKind = IncomingKind.HUMAN,
    text: str = "Jeg kan desværre ikke.",
    hours: int = 0,
    municipality: str = "proeveby",
    is_confirmed: bool = True,
    **about: object,
) -> int:
    """Let a mail have come in, and give its number."""
    new = NewIncoming(subject, "s1@skole.example", subject, text, b"From: s1\r\n\r\nHej", kind, is_confirmed)
    with installation.store.write() as connection:
        identity = incoming.keep(connection, new, now=NOON - timedelta(hours=hours))
        assert identity
        incoming.place(connection, identity, municipality=municipality, **about)
    return identity


def test_what_a_person_wrote_stands_first_until_somebody_has_seen_it(
    browser: Browser, installation: Installation
) -> None:
    old = keep(installation, "Vi kan ikke den dag", hours=5)
    keep(installation, "Automatisk svar: Ferie", kind=IncomingKind.AUTOMATIC, hours=1)
    page = browser.get(INBOX).text
    assert page.index("Vi kan ikke den dag") < page.index("Automatisk svar: Ferie")
    assert "En mail, som et menneske har skrevet, er ikke set endnu." in page

    seen = browser.send(f"{INBOX}/{old}/set", {}, page=INBOX)
    assert (seen.status_code, seen.headers["location"]) == (303, INBOX)
    page = browser.get(INBOX).text
    assert page.index("Automatisk svar: Ferie") < page.index("Vi kan ikke den dag")
    assert "er ikke set endnu" not in page
    assert "22. november 2026 kl. 12.00 af Fagcenter Børn" in browser.get(f"{INBOX}/{old}").text


def test_the_inbox_counts_by_kind_and_shows_one_kind_alone(browser: Browser, installation: Installation) -> None:
    keep(installation, "Fra et menneske")
    keep(installation, "Ferie", kind=IncomingKind.AUTOMATIC)
    keep(installation, "Sommerferie", kind=IncomingKind.AUTOMATIC)
    page = browser.get(INBOX).text
    assert "alle (3)" in page
    assert "automatiske svar (2)" in page
    only = browser.get(f"{INBOX}?slags=automatic").text
    assert "Sommerferie" in only
    assert "Fra et menneske" not in only


def test_a_mail_shows_its_text_and_what_it_is_about_and_never_its_html(
    browser: Browser, installation: Installation
) -> None:
    number = keep(
        installation,
        "<script>alert(1)</script>",
        text="<b>Hej</b>",
        is_confirmed=False,
        occurrence=MEETING,
        detail="Foreslår en anden tid.",
    )
    page = browser.get(f"{INBOX}/{number}").text
    assert "<script>" not in page
    assert "&lt;b&gt;Hej&lt;/b&gt;" in page
    assert f'href="{PAGE}"' in page
    assert "Foreslår en anden tid." in page
    assert "Ubekræftet afsender" in page


def test_the_mail_as_it_came_is_only_ever_saved(browser: Browser, installation: Installation) -> None:
    answer = browser.get(f"{INBOX}/{keep(installation, 'Hej')}/mail.eml")
    assert answer.content == b"From: s1\r\n\r\nHej"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize("address", ["", "/mail.eml"])
def test_the_mails_of_another_municipality_are_not_shown(
    browser: Browser, installation: Installation, address: str
) -> None:
    number = keep(installation, "Hemmelig", municipality="nabokommunen")
    assert browser.get(f"{INBOX}/{number}{address}").status_code == 404
    assert "Hemmelig" not in browser.get(INBOX).text


def test_a_mail_of_another_municipality_cannot_be_marked_as_seen(browser: Browser, installation: Installation) -> None:
    own, other = keep(installation, "Vores"), keep(installation, "Deres", municipality="nabokommunen")
    assert own != other
    assert browser.send(f"{INBOX}/{other}/set", {}, page=INBOX).status_code == 404
    with installation.store.read() as connection:
        found = incoming.one(connection, other)
    assert found
    assert found.handled_at is None


def test_a_form_of_another_site_marks_nothing(browser: Browser, installation: Installation) -> None:
    number = keep(installation, "Hej")
    browser.headers = {"sec-fetch-site": "cross-site"}
    assert browser.send(f"{INBOX}/{number}/set", {}, page=INBOX).status_code == 403
    with installation.store.read() as connection:
        assert incoming.attention(connection, "proeveby").unread == 1


@pytest.mark.parametrize("address", [f"{INBOX}/999", f"{INBOX}/{2**70}", f"{INBOX}/999/mail.eml"])
def test_a_mail_that_is_not_there_is_a_404(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_kind_that_is_none_is_refused(browser: Browser) -> None:
    answer = browser.get(f"{INBOX}?slags=spam")
    assert answer.status_code == 400
    assert "»spam« er ikke en slags" in answer.text


def test_the_board_says_what_waits_in_the_inbox(browser: Browser, installation: Installation) -> None:
    assert "indbakken er ikke set" not in browser.get("/proeveby/").text
    keep(installation, "En")
    keep(installation, "To")
    with installation.store.write() as connection:
        address_marks.mark(connection, "proeveby", "s1@skole.example", reason="Findes ikke.", now=NOON)
    page = browser.get("/proeveby/").text
    assert "To mails fra mennesker i indbakken er ikke set" in page
    assert "Mails kommer retur fra en adresse" in page


def test_the_page_of_a_meeting_says_who_comes(browser: Browser, installation: Installation) -> None:
    people = {"s1@skole.example": "Leder af Buerup Skole", "s3@skole.example": "Leder af Kalundborg Skole"}
    answered = Answered(Answer.DECLINED, 0, NOON, "Syg.", is_confirmed=False)
    with installation.store.write() as connection:
        for address, name in people.items():
            bookings.invite(connection, MEETING, address, name, sequence=0)
        bookings.answer(connection, MEETING, "s1@skole.example", answered)
    keep(
        installation,
        "Accepteret",
        kind=IncomingKind.SET_ASIDE,
        occurrence=MEETING,
        detail="Svarede »deltager« på en tidligere indkaldelse; mødet er ændret siden.",
    )
    page = browser.get(PAGE).text
    summary = page[page.index('id="hvem-kommer"') :].split("</p>", maxsplit=1)[0]
    assert summary.replace("<strong>", "").replace("</strong>", "") == (
        'id="hvem-kommer">1 deltager ikke, 1 har ikke svaret.'
    )
    assert "deltager ikke: Syg." in page
    assert "ubekræftet</span>" in page
    assert "Svar, der ikke tæller (1)" in page
    assert "på en tidligere indkaldelse" in page
