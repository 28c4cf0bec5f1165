from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import update

from kvalitet.adapters.access import mailing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import outbox
from kvalitet.adapters.store.tables import mail_schema
from tests.adapters.store.test_outbox import new
from tests.web import builders, people
from tests.web.conftest import browsing

OUTBOX = "/proeveby/udbakke"
_m = mail_schema.mail


def put(installation: Installation, key: str, **values: object) -> int:
    """Put a mail into the outbox, and give its number."""
    with installation.store.write() as connection:
        outbox.enqueue(connection, new(key), now=builders.NOON)
        connection.execute(update(_m).where(_m.c.key == key).values(expires_at=None, template="receipt", **values))
        return next(mail.id for mail in outbox.mails(connection) if mail.key == key)


def numbers_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row"><a href="/proeveby/mail/(\d+)', page)]


def test_the_outbox_is_searched_by_state_kind_school_recipient_subject_and_day(everybody: Installation) -> None:
    first = put(everybody, "a", state="failed", school="323001", subject="Kvittering 100 %", recipient_name="Åse Leder")
    second = put(everybody, "b", state="sent", school="323002", subject="Andet", recipient="ole@skole.example")
    with browsing(everybody) as opened:
        found = {
            query: numbers_on(opened.get(f"{OUTBOX}?{query}").text)
            for query in (
                "",
                "tilstand=failed",
                "slags=receipt&skole=323002",
                "slags=reminder",
                "modtager=OLE@",
                "modtager=Åse",
                "emne=100+%25",
                "emne=_",
                "dag=2026-11-22",
                "dag=2026-11-21",
            )
        }
    assert found == {
        "": [second, first],
        "tilstand=failed": [first],
        "slags=receipt&skole=323002": [second],
        "slags=reminder": [],
        "modtager=OLE@": [second],
        "modtager=Åse": [first],
        "emne=100+%25": [first],
        "emne=_": [],
        "dag=2026-11-22": [second, first],
        "dag=2026-11-21": [],
    }


def test_a_full_outbox_is_paged(everybody: Installation) -> None:
    for number in range(103):
        put(everybody, f"m-{number}")
    with browsing(everybody) as opened:
        first, second = opened.get(OUTBOX).text, opened.get(f"{OUTBOX}?side=2").text
    assert (len(numbers_on(first)), len(numbers_on(second))) == (100, 3)
    assert "101–103 af 103" in second


def test_who_may_not_read_mails_sees_what_became_of_them_and_nothing_of_what_they_say(
    everybody: Installation,
) -> None:
    number = put(everybody, "a", state="failed", subject="Om skolens egne mål", reason="Ukendt modtager.")
    address = f"/proeveby/mail/{number}"
    with browsing(everybody, people.OPERATOR) as opened:
        pages = {page: opened.get(page).text for page in (OUTBOX, address, f"{OUTBOX}?emne=egne")}
        assert [page for page, text in pages.items() if "skolens egne mål" in text or "<iframe" in text] == []
        assert f"Mail nr. {number}" in pages[OUTBOX]
        assert "Ukendt modtager." in pages[OUTBOX]
        assert "fejlet" in pages[address]
        assert "ikke, hvad der står i den" in pages[address]
        # Searching for a subject finds nothing out.
        assert numbers_on(opened.get(f"{OUTBOX}?emne=noget+helt+andet").text) == [number]
        assert {opened.get(f"{address}/{part}").status_code for part in ("html", "mail.eml")} == {403}
        assert opened.send(f"{address}/proev-igen", {"sure": "ja"}, page=address).status_code == 303


def test_who_keeps_it_running_is_not_shown_the_letters_of_tomorrow(everybody: Installation) -> None:
    with browsing(everybody) as opened:
        assert "<iframe" in opened.get("/proeveby/forhaandsvisning?dato=2026-11-23").text
    with browsing(everybody, people.OPERATOR) as opened:
        page = opened.get("/proeveby/forhaandsvisning?dato=2026-11-23").text
    assert "Leder af Buerup Skole" in page
    assert "<iframe" not in page
    assert 'class="letter"' not in page


def test_the_director_reads_mails_and_is_offered_no_button(everybody: Installation) -> None:
    number = put(everybody, "a", state="failed", subject="Om skolens egne mål")
    with browsing(everybody, people.DIRECTOR) as opened:
        outgoing, mail = opened.get(OUTBOX).text, opened.get(f"/proeveby/mail/{number}").text
    assert "Om skolens egne mål" in outgoing
    assert "Om skolens egne mål" in mail
    assert [page for page in (outgoing, mail) if 'method="post" action="/proeveby/' in page] == []


@pytest.mark.parametrize("reader", [people.CONSULTANT, people.LEADER, people.DEPUTY, people.UNIONS])
def test_the_outbox_is_not_for_schools_and_readers(everybody: Installation, reader: str) -> None:
    number = put(everybody, "a", school="323001")
    with browsing(everybody, reader) as opened:
        assert opened.get(OUTBOX).status_code == 403
        assert opened.get(f"/proeveby/mail/{number}").status_code == 403


def test_a_login_link_never_lies_in_the_outbox(everybody: Installation) -> None:
    (municipality,) = everybody.municipalities
    asked = mailing.LinkAsked(municipality, people.LEADER, way="", network="127.0.0.1")
    assert asyncio.run(mailing.send_link(everybody, asked, now=builders.NOON))
    with everybody.store.read() as connection:
        assert outbox.mails(connection) == []
