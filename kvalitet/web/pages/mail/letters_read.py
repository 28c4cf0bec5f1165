"""Reading a mail back from its bytes: headers, text, HTML and the calendar part."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from icalendar import Calendar

from kvalitet.adapters import danish

if TYPE_CHECKING:
    from email.message import EmailMessage

SHOWN_HEADERS = {
    "From": "Fra",
    "To": "Til",
    "Cc": "Kopi",
    "Reply-To": "Svar til",
    "Date": "Dato",
    "Message-ID": "Message-ID",
}
METHODS = {"REQUEST": "Indkaldelse", "CANCEL": "Aflysning", "REPLY": "Svar"}


@dataclass(frozen=True)
class CalendarPart:
    """Kalenderdel: what a calendar program reads in the mail."""

    lines: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Letter:
    """Brev: a mail as a person reads it."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    text: str
    html: str
    calendar: CalendarPart | None


def read(content: bytes) -> Letter:
    """Read a mail; parts that it lacks are empty."""
    message: EmailMessage = message_from_bytes(content, policy=default)
    headers = tuple((title, _header(message, name)) for name, title in SHOWN_HEADERS.items() if message[name])
    parts = {"text/plain": "", "text/html": "", "text/calendar": ""}
    for part in message.walk():
        kind = part.get_content_type()
        if kind in parts and not parts[kind] and not part.is_attachment():
            parts[kind] = part.get_content()
    calendar = _calendar(parts["text/calendar"]) if parts["text/calendar"] else None
    return Letter(headers, str(message["Subject"] or ""), parts["text/plain"], parts["text/html"], calendar)


def _header(message: EmailMessage, name: str) -> str:
    """Give a header as it is read; the date as the clock on a Danish wall showed it."""
    found = message[name]
    sent = getattr(found, "datetime", None)
    return danish.span_text(sent, sent).rpartition("-")[0] if sent else str(found)


def _calendar(source: str) -> CalendarPart:
    try:
        calendar = Calendar.from_ical(source)
    except ValueError:
        return CalendarPart((), source)
    lines = [("Slags", METHODS.get(str(calendar.get("METHOD", "")), str(calendar.get("METHOD", ""))))]
    for event in calendar.walk("VEVENT"):
        starts, ends = event.get("DTSTART"), event.get("DTEND")
        lines.append(("Møde", str(event.get("SUMMARY", ""))))
        if starts and ends:
            lines.append(("Tid", danish.span_text(starts.dt, ends.dt)))
        lines.append(("Sted", str(event.get("LOCATION", ""))))
        lines.append(("Udgave", str(event.get("SEQUENCE", 0))))
        lines += [("Deltager", _person(person)) for person in _listed(event.get("ATTENDEE"))]
    return CalendarPart(tuple(line for line in lines if line[1]), source)


def _listed(found: object) -> list[object]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _person(found: object) -> str:
    address = str(found).removeprefix("mailto:").removeprefix("MAILTO:")
    name = getattr(found, "params", {}).get("CN", "")
    return f"{name} ({address})" if name else address
