"""A dialogue of a planned year, and what is done with it."""

from datetime import date, datetime, time
from email import message_from_bytes
from email.policy import default
from typing import Any

from icalendar import Calendar
from sqlalchemy import Connection

from kvalitet.adapters import meetings
from kvalitet.adapters.store import log, outbox
from kvalitet.timetable import Slot, local_slot
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, DIRECTOR, KALUNDBORG, NOW, RENDERER, SLOT

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


def revisions_of_mails(connection: Connection) -> list[tuple[str, str, int, str]]:
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
