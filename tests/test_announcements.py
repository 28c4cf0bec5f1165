from datetime import UTC, date, datetime, time, timedelta

from kvalitet.announcements import Announced, Change, Meeting, cancellations, changes, invitations
from kvalitet.invites import Method, Revision
from kvalitet.timetable import local_slot

NOW = datetime(2026, 8, 24, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FIRST = Revision("møde@proeveby.example", 0, NOW)
MEETING = Meeting(local_slot(date(2026, 9, 14), time(9, 0), 90), "Rådhuset", "tekst")
AFTERNOON = Meeting(local_slot(date(2026, 9, 14), time(13, 0), 90), "Rådhuset", "tekst")
ANNOUNCED = Announced(MEETING, FIRST, frozenset({"a@x.example", "b@x.example"}))


def told(*people: str, meeting: Meeting = MEETING, now: datetime = LATER) -> list[tuple[str, str, int, str, str]]:
    """List what each is told: change, method, sequence, seconds since the last one, and address."""
    return [
        (
            each.change.value,
            each.revision.method.value,
            each.revision.sequence,
            str(each.revision.stamped_at - NOW),
            each.address[0],
        )
        for each in changes(ANNOUNCED, meeting, people, now=now)
    ]


def test_everybody_is_invited_by_the_same_revision_once() -> None:
    found = invitations(FIRST, ["b@x.example", "a@x.example", "b@x.example"])
    assert [(each.change, each.revision, each.address) for each in found] == [
        (Change.INVITED, FIRST, "b@x.example"),
        (Change.INVITED, FIRST, "a@x.example"),
    ]


def test_nobody_is_told_when_nothing_has_changed() -> None:
    assert told("b@x.example", "a@x.example") == []


def test_a_new_time_asks_everybody_again() -> None:
    assert told("a@x.example", "b@x.example", meeting=AFTERNOON) == [
        ("moved", "REQUEST", 1, "1:00:00", "a"),
        ("moved", "REQUEST", 1, "1:00:00", "b"),
    ]


def test_a_new_place_is_a_move_too() -> None:
    elsewhere = Meeting(MEETING.slot, "Skolen", "tekst")
    assert [each[0] for each in told("a@x.example", "b@x.example", meeting=elsewhere)] == ["moved", "moved"]


def test_a_new_text_keeps_the_sequence_and_the_answers() -> None:
    other = Meeting(MEETING.slot, MEETING.place, "ny tekst")
    assert told("a@x.example", "b@x.example", meeting=other) == [
        ("reworded", "REQUEST", 0, "1:00:00", "a"),
        ("reworded", "REQUEST", 0, "1:00:00", "b"),
    ]


def test_only_the_added_one_hears_of_being_added() -> None:
    assert told("a@x.example", "b@x.example", "c@x.example") == [("invited", "REQUEST", 0, "1:00:00", "c")]


def test_a_changed_leader_is_one_taken_out_and_one_invited_and_nobody_else_hears_of_it() -> None:
    assert told("a@x.example", "c@x.example") == [
        ("uninvited", "CANCEL", 1, "1:00:00", "b"),
        ("invited", "REQUEST", 1, "1:00:01", "c"),
    ]


def test_each_of_those_who_leave_gets_a_revision_of_its_own() -> None:
    assert told() == [("uninvited", "CANCEL", 1, "1:00:00", "a"), ("uninvited", "CANCEL", 2, "1:00:01", "b")]


def test_whoever_comes_with_a_move_is_invited_by_the_same_revision() -> None:
    assert told("b@x.example", "c@x.example", meeting=AFTERNOON) == [
        ("uninvited", "CANCEL", 1, "1:00:00", "a"),
        ("moved", "REQUEST", 2, "1:00:01", "b"),
        ("invited", "REQUEST", 2, "1:00:01", "c"),
    ]


def test_a_clock_that_went_back_does_not_take_calendars_with_it() -> None:
    assert told("a@x.example", "b@x.example", meeting=AFTERNOON, now=NOW - timedelta(days=1))[0][3] == "0:00:01"


def test_a_cancellation_reaches_all_who_were_invited() -> None:
    found = cancellations(ANNOUNCED, now=LATER)
    revision = Revision(FIRST.uid, 1, LATER, Method.CANCEL)
    assert [(each.change, each.revision, each.address) for each in found] == [
        (Change.CANCELLED, revision, "a@x.example"),
        (Change.CANCELLED, revision, "b@x.example"),
    ]
