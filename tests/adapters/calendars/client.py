"""A calendar as a client that follows RFC 5546 keeps it, fed with the bytes of mails alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from functools import lru_cache
from typing import Any

from icalendar import Calendar


@dataclass(frozen=True)
class Entry:
    """What stands in somebody's calendar."""

    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    description: str


@dataclass
class Client:
    """One person's calendar: it drops what is older than what it knows (§ 2.1.5), and CANCEL takes an entry away."""

    address: str
    entries: dict[str, Entry] = field(default_factory=dict)
    newest: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def receive(self, content: bytes) -> None:
        """Act on the calendar part of a mail."""
        told = read(content)
        assert told.address == self.address
        known = self.newest.get(told.uid)
        if known and told.stamp <= known:
            assert told.stamp != known, "two different mails to one person may not be the same revision"
            return
        self.newest[told.uid] = told.stamp
        if told.method == "CANCEL":
            self.entries.pop(told.uid, None)
        else:
            assert told.method == "REQUEST"
            self.entries[told.uid] = told.entry


@dataclass(frozen=True)
class Told:
    """What a mail tells a calendar."""

    address: str
    method: str
    uid: str
    stamp: tuple[int, datetime]
    entry: Entry


@lru_cache(1000)
def read(content: bytes) -> Told:
    """Read the calendar part of a mail."""
    parts = message_from_bytes(content, policy=default).walk()
    (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    payload: Any = part.get_payload(decode=True)
    calendar = Calendar.from_ical(payload)
    assert part.get_param("method") == str(calendar["METHOD"])
    event: Any
    (event,) = calendar.walk("VEVENT")
    return Told(
        address=str(event["ATTENDEE"]).removeprefix("mailto:"),
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        stamp=(int(event["SEQUENCE"]), event.decoded("DTSTAMP").astimezone(UTC)),
        entry=_entry(event),
    )


def _entry(event: Any) -> Entry:
    return Entry(
        starts_at=event.decoded("DTSTART").astimezone(UTC),
        ends_at=event.decoded("DTEND").astimezone(UTC),
        title=str(event["SUMMARY"]),
        place=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
    )
