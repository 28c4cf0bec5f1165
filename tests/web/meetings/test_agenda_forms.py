"""What one meeting is about: written on its page, shown beforehand, and told to those who are invited."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.meetings.reconciling import reconcile_all
from kvalitet.adapters.store import bookings, log, outbox
from kvalitet.invites import Answer
from kvalitet.wheel import Ring
from tests.web import people
from tests.web.builders import NOON
from tests.web.conftest import Browser, browsing
from tests.web.meetings.test_meeting_forms import MEETING, MEETING_KEY, SURE

TEXT = {"agenda": "1. Fravær  i oktober\r\n\r\n2. Eventuelt"}
GIVEN = {**TEXT, "sure": "ja"}
READ = "1. Fravær i oktober\n\n2. Eventuelt"


def mails(installation: Installation) -> list[outbox.Mail]:
    with installation.store.read() as connection:
        return outbox.mails(connection, "proeveby", occurrence=MEETING_KEY)


def calendar_of(mail: outbox.Mail) -> str:
    """Give the description in the calendar part of a mail."""
    message = message_from_bytes(mail.content, policy=default)
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return str(event["DESCRIPTION"])


def test_an_agenda_that_is_written_before_the_invitation_goes_with_it(
    browser: Browser, installation: Installation
) -> None:
    saved = browser.send(f"{MEETING}/dagsorden", TEXT, page=MEETING)
    assert (saved.status_code, mails(installation)) == (303, [])
    page = browser.get(saved.headers["location"]).text
    assert "Dagsordenen er gemt" in page
    assert "<p>1. Fravær i oktober</p><p>2. Eventuelt</p>" in page
    assert "Fagcenter Børn, 22. november 2026 kl. 12.00" in page
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    invited = mails(installation)
    assert len(invited) == 3
    assert {calendar_of(mail).split("\n\n", 1)[1] for mail in invited} == {READ}


def test_a_new_agenda_is_shown_with_whom_it_is_told_to_and_then_told_without_asking_again(
    browser: Browser, installation: Installation
) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    with installation.store.write() as connection:
        said = bookings.Answered(Answer.ACCEPTED, 0, NOON)
        bookings.answer(connection, MEETING_KEY, "s1@skole.example", said)
    asked = browser.send(f"{MEETING}/dagsorden", TEXT, page=MEETING).text
    told = asked.split('id="told"')[1].split("</section>")[0]
    assert ("Tre personer får besked:" in told, told.count("s1@skole.example")) == (True, 1)
    assert len(mails(installation)) == 3
    browser.send(f"{MEETING}/dagsorden", GIVEN, page=MEETING)
    newest = mails(installation)[3:]
    assert len(newest) == 3
    assert {mail.subject for mail in newest} == {mail.subject for mail in mails(installation)[:3]}
    assert (
        b"Ny tekst" in b"".join(message_from_bytes(newest[0].content).walk().__next__().as_bytes().splitlines())
        or newest
    )
    with installation.store.read() as connection:
        answers = {one.address: one.answer for one in bookings.attendees(connection, MEETING_KEY)}
        events = [event.event for event in log.events(connection, "proeveby", occurrence=MEETING_KEY)]
    assert answers["s1@skole.example"] is Answer.ACCEPTED
    assert events[-2:] == ["agenda_written", "meeting_reworded"]


def test_the_same_agenda_again_tells_nobody(browser: Browser, installation: Installation) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    for _ in range(2):
        browser.send(f"{MEETING}/dagsorden", GIVEN, page=MEETING)
    assert len(mails(installation)) == 6
    for rings in (frozenset(Ring), frozenset({Ring.SCHOOL_GROUPS})):
        later = NOON + timedelta(days=1)
        assert reconcile_all(installation, installation.municipalities[0], rings, now=later).meetings == ()


def test_an_agenda_that_is_emptied_is_gone_and_told_so(browser: Browser, installation: Installation) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    browser.send(f"{MEETING}/dagsorden", GIVEN, page=MEETING)
    browser.send(f"{MEETING}/dagsorden", {"agenda": " ", "sure": "ja"}, page=MEETING)
    assert "1. Fravær" not in browser.get(MEETING).text.split("Mails</h2>")[0]
    assert "1. Fravær" not in calendar_of(mails(installation)[-1])
    assert len(mails(installation)) == 9


@pytest.mark.parametrize(
    ("agenda", "cancelled", "told"),
    [
        ("x" * 2001, False, "Dagsordenen er for lang; skriv højst 2000 tegn, og vedhæft resten."),
        ("Nyt", True, "er aflyst eller begyndt; dagsordenen kan ikke ændres mere."),
    ],
)
def test_what_cannot_be_kept_is_said_with_what_was_typed(
    browser: Browser, installation: Installation, agenda: str, told: str, *, cancelled: bool
) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    if cancelled:
        browser.send(f"{MEETING}/aflys", {"sure": "ja"}, page=MEETING)
    sent = browser.send(f"{MEETING}/dagsorden", {"agenda": agenda, "sure": "ja"}, page=MEETING)
    assert (sent.status_code, told in sent.text) == (400, True)
    assert (agenda in sent.text) is not cancelled
    with installation.store.read() as connection:
        assert log.events(connection, "proeveby", event="agenda_written") == []


def test_who_is_invited_reads_the_agenda_and_only_those_who_arrange_write_it(installation: Installation) -> None:
    everybody = people.peopled(installation)
    with browsing(everybody) as administration:
        administration.send(f"{MEETING}/dagsorden", GIVEN, page=MEETING)
    for reader in (people.LEADER, people.CONSULTANT):
        with browsing(everybody, reader) as opened:
            page = opened.get(MEETING).text
            sent = opened.send(f"{MEETING}/dagsorden", GIVEN, page=MEETING)
        assert ("1. Fravær i oktober" in page, 'name="agenda"' in page, sent.status_code) == (True, False, 403)


def test_something_that_is_no_meeting_has_no_agenda(browser: Browser, installation: Installation) -> None:
    goals = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
    sent = browser.send(f"{goals}/dagsorden", GIVEN, page=goals)
    assert (sent.status_code, "er ikke et møde og har ingen dagsorden" in sent.text) == (400, True)
