from dataclasses import replace
from datetime import timedelta

import pytest

from kvalitet.adapters import meetings
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import Store, bookings, outbox
from kvalitet.invites import Answer
from kvalitet.status import BookingState
from kvalitet.timetable import Slot
from tests.adapters.dialogue import INVITED, LATER, MEETING, PLACE, book, cancel, move, revisions_of_mails, told
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIRECTOR, KALUNDBORG, NOW, RENDERER, SLOT, SUBGOALS


def test_a_dialogue_invites_the_director_and_the_school_leader(planned: Store) -> None:
    with planned.write() as connection:
        assert book(connection)

        assert revisions_of_mails(connection) == [(person, "REQUEST", 0, "14.09. 09.00") for person in INVITED]
        attendees = bookings.attendees(connection, MEETING.key)
        assert [(attendee.address, attendee.answer) for attendee in attendees] == [
            (person, Answer.NEEDS_ACTION) for person in INVITED
        ]
        when = "mandag den 14. september 2026, uge 38, kl. 9.00-10.30, Rådhuset, lokale 3"
        assert told(connection) == [("meeting_booked", when)]
        booking = bookings.booking(connection, MEETING.key)
        assert booking
        assert (booking.state, booking.slot, booking.place) == (BookingState.BOOKED, SLOT, PLACE)
        assert (booking.uid, booking.sequence, booking.stamped_at) == (f"{MEETING.key}@kalundborg.example", 0, NOW)


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

        assert revisions_of_mails(connection)[2:] == [(person, "REQUEST", 1, "21.09. 13.00") for person in INVITED]
        answers = [attendee.answer for attendee in bookings.attendees(connection, MEETING.key)]
        assert answers == [Answer.NEEDS_ACTION, Answer.NEEDS_ACTION]
        assert told(connection)[1] == (
            "meeting_moved",
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

        assert revisions_of_mails(connection)[2:] == [(person, "CANCEL", 1, "14.09. 09.00") for person in INVITED]
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
        assert [recipient for recipient, *_ in revisions_of_mails(connection)] == [AARBY.leader.address]


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


def test_a_cancelled_meeting_is_not_moved_but_booked_anew(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        cancel(connection)
        with pytest.raises(UserError, match="er aflyst; indkald til det igen i stedet"):
            move(connection)


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
