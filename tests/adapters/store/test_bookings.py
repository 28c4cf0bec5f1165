from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from kvalitet.adapters.store import Store, bookings
from kvalitet.adapters.store.bookings import Answered, Attendee, Booking
from kvalitet.adapters.store.tables import schema
from kvalitet.invites import Answer
from kvalitet.status import BookingState
from kvalitet.timetable import Slot
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, dialogue, instant, occurrence

TALK, OTHER = occurrence(dialogue(), where=AARBY), occurrence(dialogue(), where=RORBY)
NOW, LATER = instant("2026-08-01"), instant("2026-08-02")
SLOT = Slot(instant("2026-09-14", "09:00"), instant("2026-09-14", "10:30"))
AFTERNOON = Slot(instant("2026-09-14", "13:00"), instant("2026-09-14", "14:30"))
BOOKED = Booking(TALK.key, BookingState.BOOKED, SLOT, "Rådhuset", 0, NOW)


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [TALK, OTHER])


def test_a_proposal_waits_to_be_booked_and_none_is_made_where_no_slot_was_free(store: Store) -> None:
    with store.write() as connection:
        bookings.propose(connection, {TALK.key: SLOT, OTHER.key: None}, places={TALK.key: "Rådhuset"}, now=NOW)
        expected = Booking(TALK.key, BookingState.PROPOSED, SLOT, "Rådhuset", 0, None)
        assert bookings.booking(connection, TALK.key) == expected
        assert bookings.booking(connection, OTHER.key) is None
        assert bookings.bookings(connection, "proeveby") == {TALK.key: expected}
        assert bookings.bookings(connection, "naboby") == {}


def test_a_later_proposal_never_overwrites_what_is_proposed_or_booked(store: Store) -> None:
    with store.write() as connection:
        bookings.save(connection, BOOKED, now=NOW)
        bookings.propose(connection, {TALK.key: AFTERNOON, OTHER.key: AFTERNOON}, places={}, now=LATER)
        bookings.propose(connection, {OTHER.key: SLOT}, places={}, now=LATER)
        assert bookings.booking(connection, TALK.key) == BOOKED
        assert bookings.booking(connection, OTHER.key) == Booking(
            OTHER.key, BookingState.PROPOSED, AFTERNOON, "", 0, None
        )


def test_a_meeting_that_moves_keeps_one_row(store: Store) -> None:
    moved = replace(BOOKED, slot=AFTERNOON, sequence=1, stamped_at=LATER)
    with store.write() as connection:
        bookings.save(connection, BOOKED, now=NOW)
        bookings.save(connection, moved, now=LATER)
        assert bookings.bookings(connection, "proeveby") == {TALK.key: moved}


def test_who_is_invited_has_not_answered(store: Store) -> None:
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "b@skole.example", "Beate", sequence=0)
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        assert bookings.attendees(connection, TALK.key) == [
            Attendee("a@skole.example", "Anton", Answer.NEEDS_ACTION, 0, None, ""),
            Attendee("b@skole.example", "Beate", Answer.NEEDS_ACTION, 0, None, ""),
        ]


def test_the_newest_answer_counts_whatever_order_they_come_in(store: Store) -> None:
    yes, no = Answered(Answer.ACCEPTED, 0, LATER, "Glæder mig"), Answered(Answer.DECLINED, 0, NOW)
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        assert bookings.answer(connection, TALK.key, "A@Skole.example", yes) is True
        assert bookings.answer(connection, TALK.key, "a@skole.example", yes) is False
        assert bookings.answer(connection, TALK.key, "a@skole.example", no) is False
        assert bookings.answer(connection, TALK.key, "fremmed@skole.example", yes) is False
        assert bookings.attendees(connection, TALK.key) == [
            Attendee("a@skole.example", "Anton", Answer.ACCEPTED, 0, LATER, "Glæder mig")
        ]


def test_an_answer_falls_when_the_meeting_moves_and_an_old_answer_no_longer_counts(store: Store) -> None:
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        bookings.answer(connection, TALK.key, "a@skole.example", Answered(Answer.ACCEPTED, 0, NOW))
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        assert [attendee.answer for attendee in bookings.attendees(connection, TALK.key)] == [Answer.ACCEPTED]
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=1)
        late = Answered(Answer.ACCEPTED, 0, LATER)
        assert bookings.answer(connection, TALK.key, "a@skole.example", late) is False
        assert bookings.attendees(connection, TALK.key) == [
            Attendee("a@skole.example", "Anton", Answer.NEEDS_ACTION, 1, None, "")
        ]


def test_an_answer_counts_only_for_what_this_person_was_last_invited_to(store: Store) -> None:
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=1)
        ahead = Answered(Answer.ACCEPTED, 2, LATER)
        assert bookings.answer(connection, TALK.key, "a@skole.example", ahead) is False
        assert bookings.answer(connection, TALK.key, "a@skole.example", replace(ahead, sequence=1)) is True


def test_an_answer_that_nobody_vouches_for_is_kept_as_such(store: Store) -> None:
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        bookings.answer(connection, TALK.key, "a@skole.example", Answered(Answer.ACCEPTED, 0, NOW, is_confirmed=False))
        expected = Attendee("a@skole.example", "Anton", Answer.ACCEPTED, 0, NOW, "", is_confirmed=False)
        assert bookings.attendees(connection, TALK.key) == [expected]


def test_an_answer_to_a_meeting_that_was_cancelled_does_not_count_for_the_one_that_is_booked_instead(
    store: Store,
) -> None:
    with store.write() as connection:
        bookings.save(connection, replace(BOOKED, uid="ny@proeveby.example"), now=NOW)
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        yes = Answered(Answer.ACCEPTED, 0, LATER)
        assert bookings.answer(connection, TALK.key, "a@skole.example", yes, uid="gammel@proeveby.example") is False
        assert bookings.answer(connection, TALK.key, "a@skole.example", yes, uid="ny@proeveby.example") is True


def test_a_meeting_is_found_by_its_name_in_calendars_also_by_an_earlier_one(store: Store) -> None:
    earlier = {"uid": "gammel@proeveby.example", "stamped_at": NOW, "sequence": 0, "method": "REQUEST", "address": ""}
    with store.write() as connection:
        bookings.save(connection, replace(BOOKED, uid="ny@proeveby.example"), now=NOW)
        connection.execute(insert(schema.revision).values(occurrence=TALK.key, **earlier))
        bookings.save(connection, replace(BOOKED, occurrence=OTHER.key), now=NOW)
        names = ["ny@proeveby.example", "gammel@proeveby.example", f"{OTHER.key}@proeveby.example"]
        assert [bookings.occurrence_with(connection, uid) for uid in names] == [TALK.key, TALK.key, OTHER.key]
        unknown = [f"{TALK.key}@proeveby.example", "fremmed@proeveby.example", ""]
        assert [bookings.occurrence_with(connection, uid) for uid in unknown] == [None, None, None]


def test_who_is_no_longer_invited_is_not_listed_and_cannot_answer(store: Store) -> None:
    with store.write() as connection:
        bookings.invite(connection, TALK.key, "a@skole.example", "Anton", sequence=0)
        connection.execute(update(schema.attendee).values(removed_at=NOW))
        assert bookings.attendees(connection, TALK.key) == []
        said = Answered(Answer.ACCEPTED, 0, LATER)
        assert bookings.answer(connection, TALK.key, "a@skole.example", said) is False
