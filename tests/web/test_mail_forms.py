"""What a person decides about mails on the board."""

import pytest
from sqlalchemy import update

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import address_marks, log, outbox
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import HeldFor, MailState
from tests.adapters.store.test_outbox import new
from tests.web import builders
from tests.web.conftest import Browser

OUTBOX = "/proeveby/udbakke"


def put(installation: Installation, *keys: str, **values: object) -> int:
    """Put mails into the outbox as they are told, and give the number of the first."""
    with installation.store.write() as connection:
        for key in keys:
            outbox.enqueue(connection, new(key), now=builders.NOON)
        connection.execute(update(mail_schema.mail).values(expires_at=None, template="receipt", **values))
        return min(mail.id for mail in outbox.mails(connection))


def kept(installation: Installation, number: int) -> Mail:
    with installation.store.read() as connection:
        found = outbox.mail(connection, number)
    assert found
    return found


def events(installation: Installation) -> list[str]:
    with installation.store.read() as connection:
        return [event.event for event in log.events(connection, "proeveby") if event.event.startswith("mail_")]


def test_paused_sending_is_said_on_the_outbox_and_resumed_there(browser: Browser, installation: Installation) -> None:
    put(installation, "a")
    sent = browser.send(f"{OUTBOX}/pause", {"reason": "Mailserveren flyttes."}, page=OUTBOX)
    assert (sent.status_code, sent.headers["location"]) == (303, OUTBOX)
    page = browser.get(OUTBOX).text
    assert "Afsendelsen er sat på pause" in page
    assert "For Prøveby Kommune" in page
    assert "Mailserveren flyttes." in page
    assert kept(installation, 1).state is MailState.QUEUED
    browser.send(f"{OUTBOX}/genoptag", {"sure": "ja"}, page=OUTBOX)
    assert "Afsendelsen er sat på pause" not in browser.get(OUTBOX).text
    assert kept(installation, 1).state is MailState.SENT
    assert events(installation) == ["mail_paused", "mail_resumed", "mail_sent"]


def test_a_pause_of_all_municipalities_is_shown_but_not_ended_by_one_of_them(
    browser: Browser, installation: Installation
) -> None:
    with installation.store.write() as connection:
        mail_pauses.pause(connection, "", reason="Kopi lagt tilbage.", by="driften", now=builders.NOON)
    page = browser.get(OUTBOX).text
    assert "For alle kommuner" in page
    assert "Genoptag afsendelsen" not in page
    refused = browser.send(f"{OUTBOX}/genoptag", {"sure": "ja"}, page=OUTBOX)
    assert refused.status_code == 400
    assert "ikke sat på pause for Prøveby Kommune, men for alle kommuner" in refused.text


def test_what_the_surge_guard_holds_is_shown_and_released_together(
    browser: Browser, installation: Installation
) -> None:
    put(installation, "a", "b", state="held", held_for="surge", reason="Der kom 2 mails på én gang.")
    assert "2 mails holdes tilbage, fordi der kom mange på én gang" in browser.get(OUTBOX).text
    unsure = browser.send(f"{OUTBOX}/frigiv", {}, page=OUTBOX)
    assert (unsure.status_code, "Sæt kryds" in unsure.text) == (400, True)
    browser.send(f"{OUTBOX}/frigiv", {"sure": "ja"}, page=OUTBOX)
    assert {kept(installation, number).state for number in (1, 2)} == {MailState.SENT}


def test_a_marked_address_is_shown_and_cleared(browser: Browser, installation: Installation) -> None:
    number = put(installation, "a", state="held", held_for="address", reason="Mails kommer tilbage.")
    with installation.store.write() as connection:
        address_marks.mark(
            connection, "proeveby", "leder@skole.example", reason="Ukendt modtager.", mail=number, now=builders.NOON
        )
    page = browser.get(OUTBOX).text
    assert "Mails kommer tilbage fra 1 adresse" in page
    assert "Ukendt modtager." in page
    browser.send(f"{OUTBOX}/adresse", {"address": "leder@skole.example"}, page=OUTBOX)
    assert kept(installation, number).state is MailState.SENT
    again = browser.send(f"{OUTBOX}/adresse", {"address": "leder@skole.example"}, page=OUTBOX)
    assert (again.status_code, "er ikke mærket" in again.text) == (400, True)


def test_uncertain_mails_are_pointed_out_and_can_be_sent_again_with_the_flag(
    browser: Browser, installation: Installation
) -> None:
    number = put(installation, "a", state="uncertain", reason="Ingen ved, om mailen kom frem.")
    assert "Én mail er uvis" in browser.get(OUTBOX).text
    address = f"/proeveby/mail/{number}"
    assert "selv om modtageren måske har fået den" in browser.get(address).text
    browser.send(f"{address}/proev-igen", {"sure": "ja"}, page=address)
    found = kept(installation, number)
    assert (found.state, found.may_be_doubled) == (MailState.SENT, True)
    assert "kan være kommet frem to gange" in browser.get(address).text


def test_a_mail_is_held_with_a_reason_and_released(browser: Browser, installation: Installation) -> None:
    number = put(installation, "a")
    address = f"/proeveby/mail/{number}"
    assert browser.send(f"{address}/hold-tilbage", {"reason": " "}, page=address).status_code == 400
    browser.send(f"{address}/hold-tilbage", {"reason": "Spørg skolen først."}, page=address)
    found = kept(installation, number)
    assert (found.state, found.held_for, found.reason) == (MailState.HELD, HeldFor.PERSON, "Spørg skolen først.")
    assert "Én mail holdes tilbage" in " ".join(browser.get(OUTBOX).text.replace("</a>", "").split())
    browser.send(f"{address}/frigiv", {"sure": "ja"}, page=address)
    assert kept(installation, number).state is MailState.SENT
    assert events(installation) == ["mail_hold", "mail_release", "mail_sent"]


def test_a_cancelled_mail_is_never_sent(browser: Browser, installation: Installation) -> None:
    number = put(installation, "a", state="failed")
    address = f"/proeveby/mail/{number}"
    browser.send(f"{address}/annuller", {"reason": "Aftalt med skolen.", "sure": "ja"}, page=address)
    found = kept(installation, number)
    assert (found.state, found.reason) == (MailState.CANCELLED, "Aftalt med skolen.")
    assert "Hvad skal der ske med mailen?" not in browser.get(address).text


@pytest.mark.parametrize("action", ["proev-igen", "hold-tilbage", "frigiv", "annuller"])
def test_a_sent_mail_is_out_of_reach(browser: Browser, installation: Installation, action: str) -> None:
    number = put(installation, "a", state="sent", sent_at=builders.NOON)
    put(installation, "b")
    refused = browser.send(f"/proeveby/mail/{number}/{action}", {"reason": "Nej", "sure": "ja"}, page=OUTBOX)
    assert refused.status_code == 400
    assert "den er i tilstanden »sendt«" in refused.text


def test_a_form_of_another_site_or_another_municipality_changes_nothing(
    browser: Browser, installation: Installation
) -> None:
    number = put(installation, "a")
    foreign = browser.client.post(f"/proeveby/mail/{number}/annuller", data={"sure": "ja", "reason": "x"})
    assert foreign.status_code == 403
    for address in ("/proeveby/mail/4711/annuller", f"/proeveby/mail/{number}/findes-ikke"):
        assert browser.send(address, {"sure": "ja", "reason": "x"}, page=OUTBOX).status_code == 404
    assert kept(installation, number).state is MailState.QUEUED


def test_a_mail_that_is_not_sent_says_so_on_the_page_of_its_school(
    browser: Browser, installation: Installation
) -> None:
    put(installation, "m-1", school="323001")
    page = browser.get("/proeveby/skole/323001").text
    assert '<span class="note">venter</span>' in page
