"""The calendar part: one revision of a meeting as iCalendar, for one recipient (RFC 5545, 5546)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import Component, Parameters, vCalAddress
from icalendar.parser import Contentline

from kvalitet.adapters.danish import local
from kvalitet.adapters.mail.addresses import calm_name, mail_address
from kvalitet.adapters.mail.writing.cutting import pieces
from kvalitet.invites import Method

if TYPE_CHECKING:
    from kvalitet.invites import Answer, Invite
    from kvalitet.municipality import Contact, Sender

PRODUCT = "-//kvalitet//Kvalitetsarbejde i skolerne//DA"
ALARM = timedelta(hours=-1)
# Titles, places and times, people and the words of an activity come again in one mail after the other.
_KEPT = 4096
# RFC 5545 § 3.1, in octets.
_LONGEST_LINE = 75
# Line feed and tab have a meaning in text; the other control characters have none, and break parsers.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# One rule for each half of the year. Calendars, Outlook foremost, read these five properties only, and
# dates listed one by one (as the library would write them) are an hour wrong in several of them.
ZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


def calendar_part(invite: Invite, sender: Sender, person: Contact) -> bytes:
    """Write the calendar that invites, moves or takes back; the same values give the same bytes."""
    return _block("VCALENDAR", *_frame(invite.revision.method), ZONE, _event(invite, sender, person))


def clean(text: str) -> str:
    """Strip the control characters that neither calendars nor mails may hold."""
    harmless = text.replace("\n", "").replace("\t", "").isprintable()
    return text if harmless else _CONTROLS.sub("", text)


def _event(invite: Invite, sender: Sender, person: Contact) -> bytes:
    """Write the event, its properties in the order in which the library puts them."""
    cancelled = invite.revision.method is Method.CANCEL
    title = clean(invite.title)
    lines = [
        _line("SUMMARY", title),
        _line("DTSTART", local(invite.starts_at)),
        _line("DTEND", local(invite.ends_at)),
        _line("DTSTAMP", invite.revision.stamped_at),
        _line("UID", invite.revision.uid),
        _line("SEQUENCE", invite.revision.sequence),
        _attendee(person, invite.answer),
    ]
    for name, text in (("DESCRIPTION", clean(invite.description)), ("LOCATION", clean(invite.place))):
        if text.strip():  # libical takes a property without a value for a fault
            lines.append(_line(name, text))
    lines.append(_organizer(invite, sender))
    if not invite.still_held:  # what is taken out of one calendar is no cancelled meeting (RFC 5546 § 4.2.10)
        lines.append(_line("STATUS", "CANCELLED" if cancelled else "CONFIRMED"))
    lines.append(_line("TRANSP", "OPAQUE"))
    lines.append(_line("X-MICROSOFT-CDO-BUSYSTATUS", "FREE" if cancelled else "BUSY"))
    lines.append(_line("X-MICROSOFT-DISALLOW-COUNTER", "TRUE"))
    if not cancelled:
        lines.append(_alarm(title))
    return _block("VEVENT", *lines)


def _organizer(invite: Invite, sender: Sender) -> bytes:
    """Name the mailbox that answers go to, and by whom it writes."""
    if invite.organizer is None:
        return _mailbox("ORGANIZER", sender.address, sender.name)
    sent_by = f"mailto:{mail_address(sender.address)}"
    return _mailbox("ORGANIZER", invite.organizer.address, invite.organizer.name, ("SENT-BY", sent_by))


def _attendee(person: Contact, answer: Answer) -> bytes:
    partstat = answer.value.upper().replace("_", "-")
    asked = (("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", partstat), ("RSVP", "TRUE"))
    return _mailbox("ATTENDEE", person.address, person.name, *asked)


def _alarm(title: str) -> bytes:
    return _block("VALARM", _line("ACTION", "DISPLAY"), _line("DESCRIPTION", title), _line("TRIGGER", ALARM))


def _frame(method: Method) -> tuple[bytes, ...]:
    named = (("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", method.value))
    return tuple(_line(name, value) for name, value in named)


@lru_cache(_KEPT)
def _mailbox(name: str, address: str, display_name: str, *params: tuple[str, str]) -> bytes:
    """Write a person as a property."""
    asked = Parameters({"CN": calm_name(display_name), **dict(params)})
    return _folded(Contentline.from_parts(name, asked, vCalAddress(f"mailto:{mail_address(address)}")))


@lru_cache(_KEPT)
def _line(name: str, value: str | int | datetime | timedelta) -> bytes:
    """Write a property, once for all the calendars that share it."""
    if isinstance(value, str):
        return _folded(Contentline.from_parts(name, Parameters(), value))
    part = Component()
    part.add(name, value)
    return _folded(part.content_line(name, part[name]))


def _folded(line: str) -> bytes:
    """Fold a line; the library would weigh it letter by letter. What stands for one sign together is not split."""
    parts = pieces(line, _LONGEST_LINE, _LONGEST_LINE - len(" "), unbroken=b"\\^")
    return "\r\n ".join(parts).encode() + b"\r\n"


def _block(name: str, *content: bytes) -> bytes:
    return b"".join((f"BEGIN:{name}\r\n".encode(), *content, f"END:{name}\r\n".encode()))
