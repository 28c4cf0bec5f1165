"""The calendar part: one revision of a meeting as iCalendar, for one recipient (RFC 5545, 5546)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from kvalitet.adapters.danish import local
from kvalitet.adapters.mail.addresses import calm_name, mail_address
from kvalitet.invites import Method

if TYPE_CHECKING:
    from kvalitet.invites import Answer, Invite
    from kvalitet.municipality import Contact, Sender

PRODUCT = "-//kvalitet//Kvalitetsarbejde i skolerne//DA"
ALARM = timedelta(hours=-1)
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
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", invite.revision.method.value)
    calendar.add_component(_event(invite, sender, person))
    content: bytes = calendar.to_ical()
    return content.replace(b"BEGIN:VEVENT", ZONE + b"BEGIN:VEVENT", 1)


def clean(text: str) -> str:
    """Strip the control characters that neither calendars nor mails may hold."""
    return _CONTROLS.sub("", text)


def _event(invite: Invite, sender: Sender, person: Contact) -> Event:
    cancelled = invite.revision.method is Method.CANCEL
    event = Event()
    event.add("uid", invite.revision.uid)
    event.add("sequence", invite.revision.sequence)
    event.add("dtstamp", invite.revision.stamped_at)
    event.add("dtstart", local(invite.starts_at))
    event.add("dtend", local(invite.ends_at))
    event.add("summary", clean(invite.title))
    for name, text in (("location", clean(invite.place)), ("description", clean(invite.description))):
        if text.strip():  # libical takes a property without a value for a fault
            event.add(name, text)
    if not invite.still_held:  # what is taken out of one calendar is no cancelled meeting (RFC 5546 § 4.2.10)
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _organizer(invite, sender))
    event.add("attendee", _attendee(person, invite.answer))
    event.add("x-microsoft-cdo-busystatus", "FREE" if cancelled else "BUSY")
    event.add("x-microsoft-disallow-counter", "TRUE")
    if not cancelled:
        event.add_component(_alarm(invite))
    return event


def _organizer(invite: Invite, sender: Sender) -> vCalAddress:
    """Name the mailbox that answers go to, and by whom it writes."""
    if invite.organizer is None:
        return _mailbox(sender.address, sender.name)
    organizer = _mailbox(invite.organizer.address, invite.organizer.name)
    organizer.params["sent-by"] = f"mailto:{mail_address(sender.address)}"
    return organizer


def _attendee(person: Contact, answer: Answer) -> vCalAddress:
    attendee = _mailbox(person.address, person.name)
    attendee.params["cutype"] = vText("INDIVIDUAL")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText(answer.value.upper().replace("_", "-"))
    attendee.params["rsvp"] = vText("TRUE")
    return attendee


def _mailbox(address: str, name: str) -> vCalAddress:
    mailbox = vCalAddress(f"mailto:{mail_address(address)}")
    mailbox.params["cn"] = vText(calm_name(name))
    return mailbox


def _alarm(invite: Invite) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean(invite.title))
    alarm.add("trigger", ALARM)
    return alarm
