"""Calendars that are broken in one way each, to show that a checker can say no."""

from __future__ import annotations

import re
from collections.abc import Callable

ZONE = re.compile(rb"BEGIN:VTIMEZONE\r\n.*END:VTIMEZONE\r\n", re.DOTALL)

Break = Callable[[bytes], bytes]


def without(name: str) -> Break:
    """Leave a property out, wherever it stands, with its folded lines."""
    line = re.compile(rb"(?m)^" + name.encode() + rb"[;:].*\r\n(?:[ \t].*\r\n)*")

    def leave_out(calendar: bytes) -> bytes:
        return line.sub(b"", calendar)

    return leave_out


def put(old: str, new: str) -> Break:
    """Write something else."""

    def write(calendar: bytes) -> bytes:
        unfolded = calendar.replace(b"\r\n ", b"")
        assert old.encode() in unfolded, f"»{old}« is not there to be broken"
        return unfolded.replace(old.encode(), new.encode())

    return write


def folded_in_a_character(calendar: bytes) -> bytes:
    """Break a line between the two octets of an æ."""
    return calendar.replace("æ".encode(), b"\xc3\r\n \xa6", 1)


def without_its_zone(calendar: bytes) -> bytes:
    """Name a time zone and do not say what it is."""
    return ZONE.sub(b"", calendar).replace(b"Europe/Copenhagen", b"Our/Own")


def cut_off(calendar: bytes) -> bytes:
    """Lose the last two lines."""
    return calendar[: calendar.rindex(b"END:VEVENT")]


def with_two_meetings(calendar: bytes) -> bytes:
    """Add a second meeting, which Outlook would not show."""
    event = calendar[calendar.index(b"BEGIN:VEVENT") : calendar.index(b"END:VCALENDAR")]
    return calendar.replace(b"END:VCALENDAR", event.replace(b"UID:", b"UID:second-") + b"END:VCALENDAR")


# What is broken in an invitation, and who is to refuse it. Nobody sees all of it.
INVITATIONS: dict[str, tuple[Break, set[str]]] = {
    "no UID": (without("UID"), {"libical", "kcalendarcore", "radicale"}),
    "no organizer": (without("ORGANIZER"), {"libical", "kcalendarcore"}),
    "nobody invited": (without("ATTENDEE"), {"libical", "kcalendarcore"}),
    "no DTSTAMP": (without("DTSTAMP"), {"libical", "kcalendarcore"}),
    "no summary": (without("SUMMARY"), {"libical", "kcalendarcore"}),
    "no beginning": (without("DTSTART"), {"libical", "icaljs", "kcalendarcore", "radicale"}),
    "no method": (without("METHOD"), {"kcalendarcore"}),
    "no zone": (without_its_zone, {"libical", "icaljs"}),
    "a zone without a rule's day": (put("BYDAY=-1SU", "BYDAY=-1XX"), {"libical", "icaljs", "radicale"}),
    "a zone with half an offset": (put("TZOFFSETFROM:+0100", "TZOFFSETFROM:+01"), {"icaljs", "radicale"}),
    "an impossible time": (put("20261023T090000", "2026-10-23T0900"), {"libical", "kcalendarcore", "radicale"}),
    "a mailbox without mailto": (put("mailto:skole", "skole"), {"icaljs"}),
    "an answer that does not exist": (put("PARTSTAT=NEEDS-ACTION", "PARTSTAT=PERHAPS"), {"icaljs"}),
    "an alarm at no time": (put("TRIGGER:-PT1H", "TRIGGER:-1H"), {"libical", "icaljs"}),
    "a line that ends inside a character": (folded_in_a_character, {"icaljs"}),
    "an end that is lost": (cut_off, {"libical", "icaljs", "kcalendarcore", "radicale"}),
    "two meetings": (with_two_meetings, {"radicale"}),
}
CANCELLATIONS: dict[str, tuple[Break, set[str]]] = {
    "no sequence": (without("SEQUENCE"), {"libical", "kcalendarcore"}),
    "no organizer": (without("ORGANIZER"), {"libical", "kcalendarcore"}),
    "no UID": (without("UID"), {"libical", "kcalendarcore", "radicale"}),
    "no DTSTAMP": (without("DTSTAMP"), {"libical", "kcalendarcore"}),
}
