"""The files change after people were invited: calendars follow, each person hears what is new, and once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from flows import group_meetings, leadership_dialogues
from kvalitet.adapters import meetings
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, bookings, log, plans
from kvalitet.adapters.store.tables import schema
from kvalitet.invites import Answer
from kvalitet.municipality import Municipality
from kvalitet.status import BookingState
from kvalitet.wheel import MeetingPlan
from tests.adapters.installed import installation
from tests.builders import AARBY, DIRECTOR, RORBY, activity, dialogue, instant, municipality
from tests.flows.playing import mailed, turned

KEY = "proeveby.2026-27.dialogue.323001"
AT_TOWN_HALL = MeetingPlan(place="Rådhuset")
HERE = municipality(dialogue(meeting=AT_TOWN_HALL), schools=(AARBY,))
NEW_LEADER = replace(AARBY.leader, address="ny.leder@proeveby.example", name="Ny leder")


@pytest.fixture
def invited(store: Store, tmp_path: Path) -> Store:
    """Give a store in which people have been invited to the one dialogue."""
    turned(installation(store, tmp_path, HERE), HERE, "2026-08-03", "2026-08-05")
    return store


def told(store: Store, home: Path, there: Municipality) -> list[tuple[str, str]]:
    """Let the changed files be seen twice, and list what people were told: the mail and its reader."""
    made = installation(store, home, there)
    assert turned(made, there, "2026-08-06", "2026-08-07") == []
    return [(mail.template, mail.recipient) for mail in mailed(made) if mail.day >= "2026-08-06"]


def events(store: Store) -> list[str]:
    with store.read() as connection:
        kinds = [event.event for event in log.events(connection, occurrence=KEY)]
    return [kind for kind in kinds if kind.startswith(("meeting", "participant"))]


def place_of(store: Store) -> str:
    with store.read() as connection:
        booking = bookings.booking(connection, KEY)
    assert booking
    return booking.place


def test_a_changed_leader_is_taken_out_and_the_new_one_is_invited(invited: Store, tmp_path: Path) -> None:
    there = replace(HERE, schools=(replace(AARBY, leader=NEW_LEADER),))
    assert told(invited, tmp_path, there) == [
        ("uninvited", AARBY.leader.address),
        ("invitation", NEW_LEADER.address),
    ]
    assert events(invited) == ["meeting_booked", "participant_removed", "participant_added"]


def test_an_address_in_other_letters_is_the_same_person(invited: Store, tmp_path: Path) -> None:
    louder = replace(AARBY.leader, address=AARBY.leader.address.title())
    assert told(invited, tmp_path, replace(HERE, schools=(replace(AARBY, leader=louder),))) == []


def test_a_new_description_is_told_to_all_without_asking_again(invited: Store, tmp_path: Path) -> None:
    with invited.write() as connection:
        said = bookings.Answered(Answer.ACCEPTED, 0, instant("2026-08-05"))
        bookings.answer(connection, KEY, DIRECTOR.address, said)
    there = municipality(dialogue(meeting=AT_TOWN_HALL, description="Tag planen med."), schools=(AARBY,))
    assert told(invited, tmp_path, there) == [
        ("invitation", DIRECTOR.address),
        ("invitation", AARBY.leader.address),
    ]
    assert events(invited) == ["meeting_booked", "meeting_reworded"]
    with invited.read() as connection:
        answers = [attendee.answer.value for attendee in bookings.attendees(connection, KEY)]
    assert answers == ["accepted", "needs_action"]


def test_a_place_that_came_of_the_files_follows_them(invited: Store, tmp_path: Path) -> None:
    there = municipality(dialogue(meeting=MeetingPlan(place="Skolen")), schools=(AARBY,))
    assert [template for template, _ in told(invited, tmp_path, there)] == ["invitation"] * 2
    assert (place_of(invited), events(invited)) == ("Skolen", ["meeting_booked", "meeting_moved"])


def test_a_place_that_somebody_chose_stays(invited: Store, tmp_path: Path) -> None:
    with invited.write() as connection:
        meeting, known = plans.occurrence(connection, KEY), bookings.booking(connection, KEY)
        assert meeting
        assert known
        renderer = installation(invited, tmp_path, HERE).renderer
        now = instant("2026-08-05", "12:00")
        meetings.move(connection, renderer, HERE, meeting, known.slot, place="Biblioteket", now=now)
    there = municipality(dialogue(meeting=MeetingPlan(place="Skolen")), schools=(AARBY,))
    assert told(invited, tmp_path, there) == []
    assert place_of(invited) == "Biblioteket"


@pytest.mark.parametrize(
    "there",
    [
        municipality(activity("other", opens="end-05-01", due="end-05-30"), schools=(AARBY,)),
        municipality(dialogue(meeting=AT_TOWN_HALL), schools=(RORBY,)),
    ],
    ids=["activity", "school"],
)
def test_a_meeting_that_the_files_no_longer_know_is_cancelled(
    invited: Store, tmp_path: Path, there: Municipality
) -> None:
    cancelled = [mail for mail in told(invited, tmp_path, there) if mail[0] == "cancellation"]
    assert cancelled == [("cancellation", DIRECTOR.address), ("cancellation", AARBY.leader.address)]
    with invited.read() as connection:
        booking = bookings.booking(connection, KEY)
        (event,) = log.events(connection, event="meeting_cancelled")
    assert booking
    assert booking.state is BookingState.CANCELLED
    assert event.detail.endswith(": findes ikke længere i kommunens årshjul")


def test_two_at_once_tell_people_once(invited: Store, tmp_path: Path) -> None:
    there = replace(HERE, schools=(replace(AARBY, leader=NEW_LEADER),))
    made = installation(invited, tmp_path, there)
    now = instant("2026-08-06")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: leadership_dialogues.run(made, there, now=now), range(2)))
    assert [mail.template for mail in mailed(made) if mail.day == "2026-08-06"] == ["uninvited", "invitation"]


def test_a_meeting_from_before_its_words_were_kept_is_left_in_peace(invited: Store, tmp_path: Path) -> None:
    with invited.write() as connection:
        connection.execute(update(schema.booking).values(wording=""))
        log.remember(connection, "reconcile:proeveby:dialogues", "")
    assert told(invited, tmp_path, HERE) == []
    with invited.read() as connection:
        booking = bookings.booking(connection, KEY)
    assert booking
    assert booking.wording


def test_nothing_is_told_on_days_without_mails(invited: Store, tmp_path: Path) -> None:
    there = replace(HERE, schools=(replace(AARBY, leader=NEW_LEADER),))
    made = installation(invited, tmp_path, there)
    assert not leadership_dialogues.run(made, there, now=instant("2026-08-08"))


def missing_guide(store: Store, home: Path) -> tuple[Installation, Municipality]:
    there = municipality(dialogue(meeting=MeetingPlan(question_guide="væk.md")), schools=(AARBY,))
    return installation(store, home, there), there


def test_a_question_guide_that_cannot_be_read_is_a_failure_each_day_until_it_can(
    invited: Store, tmp_path: Path
) -> None:
    made, there = missing_guide(invited, tmp_path)
    for day in ("2026-08-06", "2026-08-07"):
        outcome = leadership_dialogues.run(made, there, now=instant(day))
        sentence = "Ledelseslæringssamtale: Spørgeguiden »væk.md« kan ikke læses; kør »kvalitet check«."
        assert outcome.failures == (sentence,)
    assert not group_meetings.run(made, there, now=instant("2026-08-07"))
