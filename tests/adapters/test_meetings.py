import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import Connection

from kvalitet.adapters import meetings
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.transport import MailboxTransport
from kvalitet.adapters.store import Store, bookings, log, outbox
from kvalitet.invites import Answer
from kvalitet.outgoing import MailState
from kvalitet.status import BookingState
from kvalitet.timetable import Slot, local_slot
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, DIRECTOR, KALUNDBORG, NOW, RENDERER, SLOT, SUBGOALS

MEETING = samples.occurrence(DIALOGUE, AARBY)
LATER = local_slot(date(2026, 9, 21), time(13, 0), 90)
PLACE = "Rådhuset, lokale 3"
INVITED = [DIRECTOR.address, AARBY.leader.address]


def book(connection: Connection, slot: Slot = SLOT, *, now: datetime = NOW, **other: Any) -> bool:
    return meetings.book(connection, RENDERER, KALUNDBORG, MEETING, slot, place=PLACE, now=now, **other)


def move(connection: Connection, slot: Slot = LATER, *, now: datetime = NOW, **other: Any) -> bool:
    return meetings.move(connection, RENDERER, KALUNDBORG, MEETING, slot, now=now, **other)


def cancel(connection: Connection, *, now: datetime = NOW) -> bool:
    return meetings.cancel(connection, RENDERER, KALUNDBORG, MEETING, now=now)


@pytest.fixture
def planned(store: Store) -> Store:
    with store.write() as connection:
        samples.write_plan(connection)
    return store


def revisions(connection: Connection) -> list[tuple[str, str, int, str]]:
    """List what each mail's calendar says: recipient, method, sequence and local start."""
    found = []
    for mail in outbox.mails(connection)[::-1]:
        parts = message_from_bytes(mail.content, policy=default).walk()
        (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(part.get_payload(decode=True))  # type: ignore[arg-type]
        event: Any = calendar.walk("VEVENT")[0]
        start = event.decoded("DTSTART").strftime("%d.%m. %H.%M")
        found.append((mail.recipient, str(calendar["METHOD"]), int(event["SEQUENCE"]), start))
    return found


def told(connection: Connection) -> list[tuple[str, str]]:
    return [(event.event, event.detail) for event in log.events(connection)]


def test_a_dialogue_invites_the_director_and_the_school_leader(planned: Store) -> None:
    with planned.write() as connection:
        assert book(connection)

        assert revisions(connection) == [(person, "REQUEST", 0, "14.09. 09.00") for person in INVITED]
        attendees = bookings.attendees(connection, MEETING.key)
        assert [(attendee.address, attendee.answer) for attendee in attendees] == [
            (person, Answer.NEEDS_ACTION) for person in INVITED
        ]
        when = "mandag den 14. september 2026, uge 38, kl. 9.00-10.30, Rådhuset, lokale 3"
        assert told(connection) == [("meeting_booked", when)]
        booking = bookings.booking(connection, MEETING.key)
        assert booking == bookings.Booking(MEETING.key, BookingState.BOOKED, SLOT, PLACE, 0, NOW)


def test_booking_twice_has_no_second_effect(planned: Store) -> None:
    with planned.write() as connection:
        assert book(connection)
        assert not book(connection, now=NOW + timedelta(hours=1))

        assert len(outbox.mails(connection)) == 2
        assert len(told(connection)) == 1


def test_a_proposal_becomes_a_booking(planned: Store) -> None:
    with planned.write() as connection:
        bookings.propose(connection, {MEETING.key: SLOT}, places={}, now=NOW)
        assert book(connection)
        assert len(outbox.mails(connection)) == 2


def test_moving_sends_the_next_revision_and_asks_again(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        said = bookings.Answered(Answer.ACCEPTED, 0, NOW)
        assert bookings.answer(connection, MEETING.key, AARBY.leader.address, said)
        assert move(connection)
        assert not move(connection)

        assert revisions(connection)[2:] == [(person, "REQUEST", 1, "21.09. 13.00") for person in INVITED]
        answers = [attendee.answer for attendee in bookings.attendees(connection, MEETING.key)]
        assert answers == [Answer.NEEDS_ACTION, Answer.NEEDS_ACTION]
        assert told(connection)[1] == (
            "meeting_booked",
            "mandag den 21. september 2026, uge 39, kl. 13.00-14.30, Rådhuset, lokale 3",
        )


def test_a_proposal_is_moved_without_a_mail(planned: Store) -> None:
    with planned.write() as connection:
        bookings.propose(connection, {MEETING.key: SLOT}, places={}, now=NOW)
        assert move(connection, place="Skolen")

        booking = bookings.booking(connection, MEETING.key)
        assert booking == bookings.Booking(MEETING.key, BookingState.PROPOSED, LATER, "Skolen", 0, None)
        assert outbox.mails(connection) == []


def test_cancelling_takes_the_meeting_back_once(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        assert cancel(connection)
        assert not cancel(connection)

        assert revisions(connection)[2:] == [(person, "CANCEL", 1, "14.09. 09.00") for person in INVITED]
        assert [event for event, _ in told(connection)] == ["meeting_booked", "meeting_cancelled"]


def test_a_proposal_is_cancelled_without_a_mail(planned: Store) -> None:
    with planned.write() as connection:
        bookings.propose(connection, {MEETING.key: SLOT}, places={}, now=NOW)
        assert cancel(connection)
        assert outbox.mails(connection) == []


def test_the_mailbox_that_invites_is_not_invited(planned: Store) -> None:
    director = replace(KALUNDBORG.sender, address=DIRECTOR.address)
    with planned.write() as connection:
        meetings.book(connection, RENDERER, replace(KALUNDBORG, sender=director), MEETING, SLOT, place=PLACE, now=NOW)
        assert [recipient for recipient, *_ in revisions(connection)] == [AARBY.leader.address]


def test_only_the_newest_revision_is_sent(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
        move(connection)
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    box = MailboxTransport(tmp_path / "box")
    outcome = asyncio.run(drain(planned, box, needed, now=lambda: NOW, worker="w"))

    assert outcome == Drained(sent=2, cancelled=2)
    with planned.read() as connection:
        reasons = {mail.reason for mail in outbox.mails(connection, state=MailState.CANCELLED)}
        assert reasons == {"Mødet er flyttet; en nyere indkaldelse er på vej."}


def test_an_invitation_to_a_cancelled_meeting_is_not_sent_but_the_cancellation_is(
    planned: Store, tmp_path: Path
) -> None:
    with planned.write() as connection:
        book(connection)
        cancel(connection)
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    box = MailboxTransport(tmp_path / "box")

    assert asyncio.run(drain(planned, box, needed, now=lambda: NOW, worker="w")) == Drained(sent=2, cancelled=2)


def test_an_invitation_to_a_meeting_that_has_begun_is_not_sent(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    box = MailboxTransport(tmp_path / "box")

    assert asyncio.run(drain(planned, box, needed, now=lambda: SLOT.starts_at, worker="w")) == Drained(cancelled=2)


BACKWARDS = Slot(SLOT.ends_at, SLOT.starts_at)
PAST = Slot(NOW - timedelta(hours=2), NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("slot", "sentence"),
    [
        (BACKWARDS, "Mødet slutter, før det begynder; ret sluttidspunktet."),
        (
            PAST,
            (
                "Mødet ville ligge i fortiden (mandag den 24. august 2026, uge 35, kl. 6.00-7.00);"
                " vælg et senere tidspunkt."
            ),
        ),
    ],
)
def test_impossible_times_are_refused_and_nothing_is_done(planned: Store, slot: Slot, sentence: str) -> None:
    with planned.write() as connection:
        book(connection)
    with planned.write() as connection:
        for attempt in (book, move):
            with pytest.raises(UserError) as refused:
                attempt(connection, slot)
            assert refused.value.message == sentence
        assert len(outbox.mails(connection)) == 2


def test_a_cancelled_meeting_stays_cancelled(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        cancel(connection)
        for attempt in (book, move):
            with pytest.raises(UserError, match="er aflyst; et aflyst møde kan ikke indkaldes igen"):
                attempt(connection)


def test_a_booked_meeting_is_moved_not_booked_anew(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        with pytest.raises(UserError, match="er allerede indkaldt; flyt mødet i stedet"):
            book(connection, LATER)


def test_what_has_no_date_cannot_be_moved_or_cancelled(planned: Store) -> None:
    with planned.write() as connection:
        with pytest.raises(UserError, match="har ingen dato at flytte"):
            move(connection)
        with pytest.raises(UserError, match="har ingen dato at aflyse"):
            cancel(connection)


def test_a_meeting_that_was_held_cannot_be_cancelled(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        with pytest.raises(UserError, match="et møde, der er forbi, kan ikke aflyses"):
            cancel(connection, now=SLOT.ends_at)


def test_only_meetings_are_booked(planned: Store) -> None:
    with planned.write() as connection, pytest.raises(UserError, match="er ikke et møde"):
        meetings.book(connection, RENDERER, KALUNDBORG, samples.occurrence(SUBGOALS, AARBY), SLOT, place="", now=NOW)
