import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component

from kvalitet.adapters.mail.calendar_part import calendar_part
from kvalitet.invites import Answer, Invite, Method
from kvalitet.municipality import Organizer
from kvalitet.timetable import local_slot
from kvalitet.wheel import Role
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, KALUNDBORG


def written(invite: Invite) -> bytes:
    return calendar_part(invite, KALUNDBORG.sender, AARBY.leader)


def unfolded(invite: Invite) -> list[str]:
    return written(invite).decode().replace("\r\n ", "").split("\r\n")


def event_of(invite: Invite) -> Component:
    (event,) = Calendar.from_ical(written(invite)).walk("VEVENT")
    return event


def test_an_invitation_says_all_that_a_calendar_needs() -> None:
    lines = unfolded(samples.invite())

    for line in [
        "METHOD:REQUEST",
        "UID:kalundborg.2026-27.leadership_dialogue.323001@kalundborg.example",
        "SEQUENCE:0",
        "DTSTAMP:20260824T060000Z",
        "DTSTART;TZID=Europe/Copenhagen:20260914T090000",
        "DTEND;TZID=Europe/Copenhagen:20260914T103000",
        "SUMMARY:Ledelseslæringssamtale – Aarby Skole",
        "LOCATION:Rådhuset\\, lokale 3",
        "STATUS:CONFIRMED",
        'ORGANIZER;CN="Fagcenter Børn Læring og uddannelse":mailto:aarshjul@kalundborg.example',
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        "TRIGGER:-PT1H",
    ]:
        assert line in lines


def test_only_the_reader_stands_as_participant() -> None:
    (line,) = [line for line in unfolded(samples.invite()) if line.startswith("ATTENDEE")]

    assert line == (
        'ATTENDEE;CN="Skoleleder Aarby Skole";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:'
        "mailto:skoleleder.323001@kalundborg.example"
    )


def test_an_invitation_rings_once_and_a_cancellation_never() -> None:
    assert len(event_of(samples.invite()).walk("VALARM")) == 1
    assert event_of(samples.invite(Method.CANCEL)).walk("VALARM") == []


def test_two_people_who_share_a_mailbox_each_stand_by_name() -> None:
    deputy = replace(AARBY.leader, name="Vicekonstitueret leder")
    first, second = (
        Calendar.from_ical(calendar_part(samples.invite(), KALUNDBORG.sender, person)).walk("VEVENT")[0]["ATTENDEE"]
        for person in (AARBY.leader, deputy)
    )

    assert (first.params["CN"], second.params["CN"]) == ("Skoleleder Aarby Skole", "Vicekonstitueret leder")


def test_a_cancellation_says_so_and_still_when_and_whom() -> None:
    lines = unfolded(samples.invite(Method.CANCEL, sequence=2))

    for line in [
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "SEQUENCE:2",
        "DTSTART;TZID=Europe/Copenhagen:20260914T090000",
    ]:
        assert line in lines
    assert sum(line.startswith(("ATTENDEE", "ORGANIZER")) for line in lines) == 2


def test_what_is_taken_out_of_one_calendar_is_no_cancelled_meeting() -> None:
    lines = unfolded(samples.left_out())

    assert "METHOD:CANCEL" in lines
    assert not any(line.startswith(("STATUS", "BEGIN:VALARM")) for line in lines)


def test_who_is_written_for_is_the_organizer_and_the_service_stands_as_sender() -> None:
    organizer = Organizer(Role.DIRECTOR, "Direktionen", "direktionen@kalundborg.example")
    (line,) = [line for line in unfolded(replace(samples.invite(), organizer=organizer)) if line.startswith("ORG")]

    assert line == (
        'ORGANIZER;CN=Direktionen;SENT-BY="mailto:aarshjul@kalundborg.example":mailto:direktionen@kalundborg.example'
    )


def test_new_words_carry_the_answer_that_stands() -> None:
    (line,) = [line for line in unfolded(replace(samples.invite(), answer=Answer.ACCEPTED)) if "ATTENDEE" in line]

    assert ";PARTSTAT=ACCEPTED;" in line


def test_the_zone_is_one_rule_for_each_half_of_the_year() -> None:
    lines = unfolded(samples.invite())

    assert lines.count("BEGIN:VTIMEZONE") == lines.count("BEGIN:STANDARD") == lines.count("BEGIN:DAYLIGHT") == 1
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in lines
    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" in lines
    assert not any(line.startswith("RDATE") for line in lines)


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26), date(2027, 1, 4), date(2040, 7, 2)])
def test_a_meeting_keeps_its_danish_time_in_summer_and_winter(day: date) -> None:
    slot = local_slot(day, time(9, 0), 90)
    event = event_of(samples.invite(slot=slot))

    assert event.decoded("DTSTART").astimezone(UTC) == slot.starts_at
    assert event.decoded("DTSTART").hour == 9


def test_the_same_revision_gives_the_same_bytes() -> None:
    assert written(samples.invite()) == written(samples.invite())


@settings(max_examples=150, deadline=None)
@given(title=st.text(max_size=120), place=st.text(max_size=40))
def test_any_text_stays_inside_the_rules_for_bytes(title: str, place: str) -> None:
    content = written(replace(samples.invite(), title=title, place=place, description=title))

    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is split between two lines
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 1


@given(st.sampled_from(['"', ";", ":", ",", "\r\nATTENDEE:mailto:evil@d.example", "^", "\x07"]))
def test_no_name_can_add_a_property(trouble: str) -> None:
    person = replace(AARBY.leader, name=f"Skole{trouble}leder")
    (event,) = Calendar.from_ical(calendar_part(samples.invite(), KALUNDBORG.sender, person)).walk("VEVENT")

    assert not isinstance(event["ATTENDEE"], list)
    assert str(event["ATTENDEE"]) == "mailto:skoleleder.323001@kalundborg.example"


def test_instants_of_the_two_nights_are_what_they_say() -> None:
    for year in range(2026, 2041):
        for month, day in [(3, 25), (10, 25)]:
            start = datetime(year, month, day, tzinfo=UTC) + timedelta(hours=12)
            slot = replace(samples.SLOT, starts_at=start, ends_at=start + timedelta(hours=1))
            assert event_of(samples.invite(slot=slot)).decoded("DTSTART").astimezone(UTC) == start
