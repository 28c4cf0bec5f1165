"""The bytes of a feed: what calendars are known to need, and the same bytes every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from kvalitet.adapters.feeds.writing import Entry, calendar
from tests.builders import instant

STAMP = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
DEADLINE = Entry(
    uid="frist.proeveby.2026-27.local_goals.323001.20260930@proeveby.example",
    stamped_at=STAMP,
    starts=date(2026, 9, 30),
    ends=date(2026, 10, 1),
    title="Frist: Skolens egne mål – Åby Skole",
    text="",
    link="https://kvalitet.example/proeveby/forekomst/proeveby.2026-27.local_goals.323001",
)
EXPECTED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//kvalitet//Kvalitetsarbejde i skolerne//DA
CALSCALE:GREGORIAN
NAME:Frister\\, møder
X-WR-CALNAME:Frister\\, møder
REFRESH-INTERVAL;VALUE=DURATION:PT4H
X-PUBLISHED-TTL:PT4H
X-WR-TIMEZONE:Europe/Copenhagen
BEGIN:VEVENT
SUMMARY:Frist: Skolens egne mål – Åby Skole
DTSTART;VALUE=DATE:20260930
DTEND;VALUE=DATE:20261001
DTSTAMP:20260501T060000Z
UID:frist.proeveby.2026-27.local_goals.323001.20260930@proeveby.example
DESCRIPTION:https://kvalitet.example/proeveby/forekomst/proeveby.2026-27.l
 ocal_goals.323001
LAST-MODIFIED:20260501T060000Z
TRANSP:TRANSPARENT
URL:https://kvalitet.example/proeveby/forekomst/proeveby.2026-27.local_goa
 ls.323001
X-MICROSOFT-CDO-BUSYSTATUS:FREE
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Frist: Skolens egne mål – Åby Skole
TRIGGER:-PT15H
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def meeting(day: str, begins: str, ends: str, **given: str) -> Entry:
    values = {"uid": f"kalender.{day}@proeveby.example", "title": "Møde", "text": "", "link": "https://k.example/x"}
    return Entry(stamped_at=STAMP, starts=instant(day, begins), ends=instant(day, ends), **{**values, **given})


def events(content: bytes) -> list[Component]:
    return Calendar.from_ical(content).walk("VEVENT")


def test_a_feed_of_deadlines_is_written_as_calendars_need_it() -> None:
    assert calendar("Frister, møder", [DEADLINE]).decode() == EXPECTED.replace("\n", "\r\n")


def test_a_deadline_lasts_one_whole_day() -> None:
    (event,) = events(calendar("Frister", [DEADLINE]))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 9, 30), date(2026, 10, 1))


def test_a_feed_asks_nobody_to_answer_and_takes_nobodys_time() -> None:
    content = calendar("Alt", [DEADLINE, meeting("2026-09-20", "09:00", "10:00")])
    assert [name for name in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"OPAQUE", b"BUSY\r") if name in content] == []
    assert content.count(b"TRANSP:TRANSPARENT") == content.count(b"BUSYSTATUS:FREE") == 2


def test_a_meeting_has_no_alarm_since_its_invitation_has_one() -> None:
    (event,) = events(calendar("Møder", [meeting("2026-09-20", "09:00", "10:00", place="Rådhuset")]))
    assert event.subcomponents == []
    assert event["location"] == "Rådhuset"


@pytest.mark.parametrize(
    ("day", "begins", "ends", "offset"),
    [
        ("2026-10-24", "09:00", "10:00", 2),
        ("2026-10-25", "01:00", "04:00", 2),
        ("2026-10-26", "09:00", "10:00", 1),
        ("2027-03-27", "09:00", "10:00", 1),
        ("2027-03-28", "01:00", "04:00", 1),
        ("2027-03-29", "09:00", "10:00", 2),
    ],
)
def test_a_meeting_keeps_its_danish_time_around_both_changes_of_the_clock(
    day: str, begins: str, ends: str, offset: int
) -> None:
    content = calendar("Møder", [meeting(day, begins, ends)])
    compact = day.replace("-", "")
    assert f"DTSTART;TZID=Europe/Copenhagen:{compact}T{begins.replace(':', '')}00\r\n".encode() in content
    assert f"DTEND;TZID=Europe/Copenhagen:{compact}T{ends.replace(':', '')}00\r\n".encode() in content
    (event,) = events(content)
    assert event.decoded("dtstart").astimezone(ZoneInfo("Europe/Copenhagen")).utcoffset() == timedelta(hours=offset)


def test_the_time_zone_stands_once_and_only_where_there_are_times() -> None:
    meetings = [meeting("2026-09-20", "09:00", "10:00"), meeting("2026-09-21", "09:00", "10:00")]
    assert calendar("Alt", [DEADLINE, *meetings]).count(b"BEGIN:VTIMEZONE") == 1
    assert calendar("Frister", [DEADLINE]).count(b"VTIMEZONE") == 0
    assert calendar("Tom", []).count(b"VTIMEZONE") == 0


def test_entries_stand_in_the_order_of_time_whatever_order_they_come_in() -> None:
    late, early = meeting("2026-10-20", "09:00", "10:00"), meeting("2026-09-20", "23:30", "23:45")
    given = [late, DEADLINE, early]
    assert [str(event["uid"]) for event in events(calendar("Alt", given))] == [early.uid, DEADLINE.uid, late.uid]
    assert calendar("Alt", given) == calendar("Alt", given[::-1])


def test_texts_that_would_break_a_calendar_are_written_harmlessly() -> None:
    title = "Møde; om, alt\\ og\r\nATTENDEE:mailto:x@y.example\x07"
    content = calendar("Møder", [meeting("2026-09-20", "09:00", "10:00", title=title)])
    assert b"\x07" not in content
    assert [line for line in content.split(b"\r\n") if line.startswith(b"ATTENDEE")] == []
    (event,) = events(content)
    assert event["summary"] == "Møde; om, alt\\ og\nATTENDEE:mailto:x@y.example"


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut() -> None:
    content = calendar("Møder", [meeting("2026-09-20", "09:00", "10:00", title="æøå" * 60)])
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert [line for line in content.split(b"\r\n") if line.decode("utf-8") is None] == []
