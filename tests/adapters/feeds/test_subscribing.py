"""Making, reading and revoking feeds, on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import text

from flows import turn_wheel
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.feeds import keeping, subscribing
from kvalitet.adapters.feeds.subscribing import Made
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.meetings import book, cancel, move
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.adapters.store import Store, log, plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.feeds import Content, FeedState
from kvalitet.municipality import Municipality
from kvalitet.occurrences import plan
from kvalitet.timetable import Slot
from kvalitet.wheel import Kind, Role
from tests.adapters import installed
from tests.adapters.store import planned
from tests.builders import AAGAARD, AARBY, RORBY, YEAR, activity, instant, municipality, text_field

NOW = instant("2026-09-01", "12:00")
LEADER = AARBY.leader.address
GOALS = "proeveby.2026-27.local_goals.323001"
DIALOGUE = "proeveby.2026-27.dialogue.323001"
WHEEL = (
    activity(fields=(text_field(),)),
    activity(
        "dialogue", title="Ledelseslæringssamtale", opens="start-09-01", due="start-10-31", kind=Kind.DIALOGUE,
        owner=Role.DIRECTOR, participants=(Role.SCHOOL_LEADER,), fields=(), ladder=(),
    ),
)  # fmt: skip
SLOT = Slot(instant("2026-09-21", "09:00"), instant("2026-09-21", "10:00"))


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    found = municipality(*WHEEL)
    planned.write(store, plan(found, YEAR))
    elsewhere = municipality(*WHEEL, key="nabo", name="Nabo Kommune")
    opened = installed.installation(store, tmp_path, found, elsewhere)
    return replace(opened, settings=opened.settings.model_copy(update={"templates": CHECKOUT / "templates" / "email"}))


def made(installation: Installation, role: Role = Role.SCHOOL_LEADER, address: str = LEADER) -> Made:
    return subscribing.create(installation, installation.municipality("proeveby"), role=role, address=address, now=NOW)


def read(installation: Installation, feed: Made, content: Content = Content.ALL) -> bytes:
    return subscribing.content_of(installation, feed.feed, content, now=NOW)


def uids(content: bytes) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def called(installation: Installation, slot: Slot = SLOT) -> None:
    found = installation.municipality("proeveby")
    with installation.store.write() as connection:
        occurrence = plans.occurrence(connection, DIALOGUE)
        assert occurrence
        book(connection, installation.renderer, found, occurrence, slot, place="Rådhuset", now=NOW)


def without_leader(installation: Installation) -> Installation:
    found = installation.municipality("proeveby")
    new = replace(AARBY, leader=replace(AARBY.leader, address="ny.leder@proeveby.example"))
    changed = replace(found, schools=(new, RORBY, AAGAARD))
    return replace(installation, municipalities=(changed,))


def test_only_a_hash_of_the_token_is_kept(installation: Installation) -> None:
    feed = made(installation)
    with installation.store.read() as connection:
        rows = connection.execute(text("SELECT * FROM feed")).all()
        events = connection.execute(text("SELECT * FROM event")).all()
    assert len(feed.token) >= 43
    assert feed.token not in f"{rows}{events}"
    assert subscribing.opened(installation, feed.token, now=NOW) == feed.feed


def test_every_feed_has_a_token_of_its_own(installation: Installation) -> None:
    assert len({made(installation).token for _ in range(20)}) == 20


def test_its_addresses_are_given_once_and_end_in_what_they_hold(installation: Installation) -> None:
    feed = made(installation)
    stem = f"https://kvalitet.example/kalender/{feed.token}"
    assert feed.addresses == {
        Content.MEETINGS: f"{stem}/moeder.ics",
        Content.DEADLINES: f"{stem}/frister.ics",
        Content.ALL: f"{stem}/alt.ics",
    }


def test_a_feed_ends_with_the_school_year(installation: Installation) -> None:
    feed = made(installation)
    assert feed.feed.expires_on == date(2027, 7, 31)
    assert subscribing.opened(installation, feed.token, now=instant("2027-07-31", "23:59")) is not None
    assert subscribing.opened(installation, feed.token, now=instant("2027-08-01", "00:00")) is None


@pytest.mark.parametrize(
    ("role", "address", "sentence"),
    [
        (Role.DIRECTOR, LEADER, f"»{LEADER}« har ikke rollen direktør"),
        (Role.SCHOOL_LEADER, "x@y.example", "»x@y.example« har ikke rollen skoleleder"),
    ],
)
def test_nobody_gets_a_feed_for_a_role_that_the_files_do_not_give(
    installation: Installation, role: Role, address: str, sentence: str
) -> None:
    with pytest.raises(UserError, match=f"^{sentence}"):
        made(installation, role, address)


def test_a_leader_sees_the_own_schools_meetings_and_deadlines(installation: Installation) -> None:
    called(installation)
    feed = made(installation)
    deadline = f"frist.{GOALS}.20260930@proeveby.example"
    talk = f"kalender.{DIALOGUE}@proeveby.example"
    assert uids(read(installation, feed)) == [talk, deadline]
    assert uids(read(installation, feed, Content.MEETINGS)) == [talk]
    assert uids(read(installation, feed, Content.DEADLINES)) == [deadline]


def test_an_entry_tells_title_school_time_place_and_page_alone(installation: Installation) -> None:
    called(installation)
    talk, goals = Calendar.from_ical(read(installation, made(installation))).walk("VEVENT")
    page = "https://kvalitet.example/proeveby/forekomst"
    assert (talk["summary"], talk["location"]) == ("Ledelseslæringssamtale – Aarby Skole", "Rådhuset")
    assert (talk["description"], talk["url"]) == (f"{page}/{DIALOGUE}", f"{page}/{DIALOGUE}")
    assert (goals["summary"], goals["description"]) == ("Frist: Skolens egne mål – Aarby Skole", f"{page}/{GOALS}")


def test_the_administration_sees_one_deadline_for_all_schools(installation: Installation) -> None:
    feed = made(installation, Role.ADMINISTRATION, "fagcenter@proeveby.example")
    (event,) = Calendar.from_ical(read(installation, feed)).walk("VEVENT")
    assert event["uid"] == "frist.proeveby.2026-27.local_goals.20260930@proeveby.example"
    assert event["summary"] == "Frist: Skolens egne mål"
    assert event["description"] == (
        "Tre afleveringer.\nhttps://kvalitet.example/proeveby/aktivitet/local_goals?skoleaar=2026-27"
    )


def test_a_delivered_deadline_is_gone(installation: Installation) -> None:
    feed = made(installation)
    deliver(installation, GOALS, Submission({"goal": "Mere læsning"}, "Skolelederen"), now=NOW)
    assert uids(read(installation, feed)) == []


def test_a_moved_meeting_moves_and_a_cancelled_one_is_gone(installation: Installation) -> None:
    called(installation)
    feed, found = made(installation), installation.municipality("proeveby")
    before = read(installation, feed, Content.MEETINGS)
    later = Slot(SLOT.starts_at + timedelta(days=1), SLOT.ends_at + timedelta(days=1))
    with installation.store.write() as connection:
        occurrence = plans.occurrence(connection, DIALOGUE)
        assert occurrence
        move(connection, installation.renderer, found, occurrence, later, now=NOW + timedelta(minutes=1))
    after = read(installation, feed, Content.MEETINGS)
    assert (b":20260921T090000\r\n" in before, b":20260922T090000\r\n" in after) == (True, True)
    assert (b"DTSTAMP:20260901T100000Z" in before, b"DTSTAMP:20260901T100100Z" in after) == (True, True)
    assert uids(before) == uids(after)
    with installation.store.write() as connection:
        cancel(connection, installation.renderer, found, occurrence, now=NOW + timedelta(minutes=2))
    assert uids(read(installation, feed, Content.MEETINGS)) == []


def test_reading_twice_gives_the_same_bytes(installation: Installation) -> None:
    called(installation)
    feed = made(installation)
    later = subscribing.content_of(installation, feed.feed, Content.ALL, now=NOW + timedelta(hours=5))
    assert read(installation, feed) == read(installation, feed) == later


def test_an_invitation_and_a_feed_never_share_a_uid(installation: Installation) -> None:
    called(installation)
    with installation.store.read() as connection:
        contents = connection.execute(text("SELECT content FROM mail")).scalars().all()
    assert contents
    for uid in uids(read(installation, made(installation))):
        assert [content for content in contents if uid.encode() in bytes(content)] == []


def test_a_revoked_feed_opens_nothing(installation: Installation) -> None:
    feed, found = made(installation), installation.municipality("proeveby")
    assert subscribing.revoke(installation, found, feed.feed.id, now=NOW) is True
    assert subscribing.revoke(installation, found, feed.feed.id, now=NOW) is False
    assert subscribing.opened(installation, feed.token, now=NOW) is None


def test_one_municipality_revokes_no_feed_of_another(installation: Installation) -> None:
    feed = made(installation)
    with pytest.raises(UserError, match=r"^Kalender nr\. \d+ findes ikke hos Nabo Kommune"):
        subscribing.revoke(installation, installation.municipality("nabo"), feed.feed.id, now=NOW)
    assert subscribing.opened(installation, feed.token, now=NOW) is not None


def test_who_has_left_the_files_is_shut_out_for_good(installation: Installation) -> None:
    feed = made(installation)
    assert subscribing.opened(without_leader(installation), feed.token, now=NOW) is None
    assert subscribing.opened(installation, feed.token, now=NOW) is None
    with installation.store.read() as connection:
        told = [(event.event, event.recipient) for event in log.events(connection, "proeveby")]
    assert told == [("feed_created", LEADER), ("feed_revoked", LEADER)]


def test_the_feeds_of_those_who_have_left_are_shut_when_the_wheel_turns(installation: Installation) -> None:
    leader, other = made(installation), made(installation, Role.DIRECTOR, "direktoer@proeveby.example")
    changed = without_leader(installation)
    turn_wheel.run(changed, changed.municipality("proeveby"), now=NOW, phases=())
    turn_wheel.run(changed, changed.municipality("proeveby"), now=NOW + timedelta(days=1), phases=())
    with installation.store.read() as connection:
        revoked = {feed.id: feed.revoked_at for feed in keeping.feeds(connection, "proeveby")}
    assert revoked == {leader.feed.id: NOW, other.feed.id: None}


def test_a_municipality_that_is_gone_opens_nothing(installation: Installation) -> None:
    feed = made(installation)
    assert subscribing.opened(replace(installation, municipalities=()), feed.token, now=NOW) is None


def test_the_last_use_is_noted_to_the_hour(installation: Installation) -> None:
    feed, noted = made(installation), []
    for minutes in (0, 30, 59, 60, 61):
        subscribing.opened(installation, feed.token, now=NOW + timedelta(minutes=minutes))
        with installation.store.read() as connection:
            (known,) = keeping.feeds(connection, "proeveby")
        noted.append(known.used_at)
    assert noted == [NOW, NOW, NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1)]


def test_its_state_says_whether_it_works_and_why_not(installation: Installation) -> None:
    feed, found = made(installation).feed, installation.municipality("proeveby")
    left: Municipality = without_leader(installation).municipality("proeveby")
    assert subscribing.state_of(found, feed, now=NOW) is FeedState.LIVE
    assert subscribing.state_of(left, feed, now=NOW) is FeedState.LEFT
    assert subscribing.state_of(found, feed, now=instant("2027-08-01")) is FeedState.EXPIRED
    assert subscribing.state_of(found, replace(feed, revoked_at=NOW), now=NOW) is FeedState.REVOKED


def test_a_meeting_of_the_year_before_is_no_longer_shown(installation: Installation) -> None:
    called(installation)
    feed = made(installation)
    assert uids(subscribing.content_of(installation, feed.feed, Content.ALL, now=instant("2027-08-01"))) == []
