"""Writing: a feed as iCalendar (RFC 5545, 7986); the same values give the same bytes, so their hash is the ETag.

It is a snapshot to look at, no scheduling: so there is no METHOD (PUBLISH would want an ORGANIZER, RFC 5546
§ 3.2.1, and with one Outlook asks its reader to answer), and DTSTAMP tells when an entry was last revised
(RFC 5545 § 3.8.7.2). An entry's UID is never an invitation's: a calendar that holds both keeps the two apart,
and the answer to the invitation stays. For the same reason no entry takes time: the invitation does, and an
entry that did would be told as its conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm, Calendar, Event, vDuration, vText

from kvalitet.adapters.danish import local
from kvalitet.adapters.mail.calendar_part import PRODUCT, ZONE, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

REFRESH = timedelta(hours=4)
# Nine o'clock on the day before.
ALARM = timedelta(hours=-15)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """Kalenderpunkt: what one line of a feed shows; `ends` is exclusive, and dates make it last whole days."""

    uid: str
    stamped_at: datetime
    starts: datetime | date
    ends: datetime | date
    title: str
    text: str
    link: str
    place: str = ""

    @property
    def is_all_day(self) -> bool:
        """Tell whether it is a day and not a time."""
        return not isinstance(self.starts, datetime)


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """Write a feed, its entries in the order of time."""
    written = Calendar()
    written.add("prodid", PRODUCT)
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("name", vText(clean(name)))
    written.add("x-wr-calname", vText(clean(name)))
    written.add("x-wr-timezone", vText("Europe/Copenhagen"))
    written.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    written.add("x-published-ttl", vDuration(REFRESH))
    ordered = sorted(entries, key=_order)
    for entry in ordered:
        written.add_component(_event(entry))
    content: bytes = written.to_ical()
    if all(entry.is_all_day for entry in ordered):
        return content
    return content.replace(b"BEGIN:VEVENT", ZONE + b"BEGIN:VEVENT", 1)


def _order(entry: Entry) -> tuple[str, str]:
    starts = entry.starts.astimezone(UTC) if isinstance(entry.starts, datetime) else entry.starts
    return starts.isoformat(), entry.uid


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamped_at)
    event.add("last-modified", entry.stamped_at)
    event.add("dtstart", _moment(entry.starts))
    event.add("dtend", _moment(entry.ends))
    event.add("summary", clean(entry.title))
    event.add("description", clean(f"{entry.text}\n{entry.link}".strip()))
    event.add("url", entry.link)
    if entry.place:
        event.add("location", clean(entry.place))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if entry.is_all_day:
        event.add_component(_alarm(entry))
    return event


def _moment(when: datetime | date) -> datetime | date:
    return local(when) if isinstance(when, datetime) else when


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean(entry.title))
    alarm.add("trigger", ALARM)
    return alarm
