from dataclasses import replace

from sqlalchemy import delete, update

from kvalitet.adapters import meetings
from kvalitet.adapters.store import Store, bookings, outbox, revisions
from kvalitet.adapters.store.tables import schema
from kvalitet.invites import NO_PAPERS, Answer
from tests.adapters.dialogue import INVITED, LATER, MEETING, book, cancel, move, revisions_of_mails, told
from tests.adapters.mail.samples import AARBY, DIRECTOR, KALUNDBORG, NOW, RENDERER, SLOT


def test_a_meeting_that_is_booked_again_is_another_one_in_calendars(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        bookings.answer(connection, MEETING.key, AARBY.leader.address, bookings.Answered(Answer.ACCEPTED, 0, NOW))
        cancel(connection)
        assert book(connection, LATER)

        uids = [f"{MEETING.key}@kalundborg.example", f"{MEETING.key}~2@kalundborg.example"]
        made = revisions.of(connection, MEETING.key)
        assert [(each.uid, each.sequence, each.method.value) for each in made] == [
            (uids[0], 0, "REQUEST"),
            (uids[0], 1, "CANCEL"),
            (uids[1], 0, "REQUEST"),
        ]
        assert [bookings.occurrence_with(connection, uid) for uid in uids] == [MEETING.key, MEETING.key]
        answers = [attendee.answer for attendee in bookings.attendees(connection, MEETING.key)]
        assert answers == [Answer.NEEDS_ACTION, Answer.NEEDS_ACTION]
        assert [event for event, _ in told(connection)] == ["meeting_booked", "meeting_cancelled", "meeting_booked"]


def test_a_meeting_from_before_names_were_kept_keeps_the_name_that_calendars_know(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        connection.execute(update(schema.booking).values(uid=None, wording=""))
        connection.execute(delete(schema.revision))
        assert move(connection)
        booking = bookings.booking(connection, MEETING.key)
        assert booking
        assert (booking.uid, booking.sequence) == (f"{MEETING.key}@kalundborg.example", 1)
        connection.execute(update(schema.booking).values(uid=None))
        connection.execute(delete(schema.revision))
        cancel(connection)
        connection.execute(update(schema.booking).values(uid=None))
        connection.execute(delete(schema.revision))
        book(connection)
        assert [each.uid for each in revisions.of(connection, MEETING.key)] == [f"{MEETING.key}~2@kalundborg.example"]


def test_what_would_be_told_is_known_before_it_is(planned: Store) -> None:
    with planned.write() as connection:
        book(connection)
        decision = meetings.move_of(connection, KALUNDBORG, MEETING, LATER, now=NOW)
        assert [(person.address, person.text) for person in meetings.announcements(decision)] == [
            (person, "får det nye tidspunkt eller sted og svarer igen") for person in INVITED
        ]
        nothing = meetings.move_of(connection, KALUNDBORG, MEETING, SLOT, now=NOW)
        assert meetings.announcements(nothing) == []
        assert len(outbox.mails(connection)) == 2


def test_a_new_leader_is_invited_and_the_former_one_is_let_go_when_a_meeting_moves(planned: Store) -> None:
    leader = replace(AARBY.leader, address="ny.leder@kalundborg.example")
    there = replace(KALUNDBORG, schools=(replace(AARBY, leader=leader), *KALUNDBORG.schools[1:]))
    with planned.write() as connection:
        book(connection)
        meetings.move(connection, RENDERER, there, MEETING, LATER, now=NOW)
        assert revisions_of_mails(connection)[2:] == [
            (AARBY.leader.address, "CANCEL", 1, "14.09. 09.00"),
            (DIRECTOR.address, "REQUEST", 2, "21.09. 13.00"),
            (leader.address, "REQUEST", 2, "21.09. 13.00"),
        ]
        assert [attendee.address for attendee in bookings.attendees(connection, MEETING.key)] == [
            DIRECTOR.address,
            leader.address,
        ]
        assert sorted(told(connection)[1:]) == [
            ("meeting_moved", "mandag den 21. september 2026, uge 39, kl. 13.00-14.30, Rådhuset, lokale 3"),
            ("participant_added", "Skoleleder, Aarby Skole"),
            ("participant_removed", "Skoleleder, Aarby Skole"),
        ]


def test_a_mailbox_that_the_files_write_in_two_ways_is_invited_once_and_keeps_its_invitation(planned: Store) -> None:
    shouted = replace(DIRECTOR, address=AARBY.leader.address.upper())
    there = replace(KALUNDBORG, contacts=tuple(shouted if one == DIRECTOR else one for one in KALUNDBORG.contacts))
    with planned.write() as connection:
        meetings.book(connection, RENDERER, there, MEETING, SLOT, place="", now=NOW)
        assert revisions_of_mails(connection) == [(shouted.address, "REQUEST", 0, "14.09. 09.00")]
        assert meetings.reconcile(connection, RENDERER, there, MEETING, NO_PAPERS, now=NOW) is None
        assert len(outbox.mails(connection)) == 1
