"""Calendar answers: what a calendar program says that its owner answered (RFC 5546, RFC 6047).

Real calendars bend the rules: Exchange leaves ORGANIZER out, Thunderbird folds lines too late and
sets no In-Reply-To. So an answer is known by its UID and its ATTENDEE alone (RFC 5546 § 3.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from icalendar import Calendar

from kvalitet.adapters import danish
from kvalitet.adapters.incoming import words
from kvalitet.invites import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

PARTSTATS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}
# Whatever else a calendar may be, such as an invitation from somebody else, is no answer to us.
METHODS = frozenset({"REPLY", "COUNTER"})
TYPES = frozenset({"text/calendar", "application/ics"})
LARGEST_CALENDAR = 1024 * 1024
# What a database's whole number holds, and far beyond what any calendar counts to.
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_COMMENT = 1000


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """Svar fra en kalender: who says what to which revision; `sent_by` is the one who answered in somebody's place.

    `answer` is None for what no machine should decide, and then `remark` says what it is.
    """

    uid: str
    attendee: str
    sent_by: str
    answer: Answer | None
    sequence: int
    stamped_at: datetime
    comment: str
    remark: str = ""


def calendar_answer(parts: Sequence[Message], sender: str) -> CalendarAnswer | None:
    """Find the answer in a mail's parts; None when there is none that can be read."""
    for part in parts:
        payload = part.get_payload(decode=True) if part.get_content_type() in TYPES else None
        if isinstance(payload, bytes) and len(payload) <= LARGEST_CALENDAR:
            try:
                return _read(Calendar.from_ical(payload), sender)
            except (ValueError, KeyError, LookupError, StopIteration, AttributeError, TypeError, OverflowError):
                continue
    return None


def _read(calendar: Any, sender: str) -> CalendarAnswer:
    method = str(calendar.get("METHOD", "")).upper()
    if method not in METHODS:
        raise ValueError(method)
    event = next(iter(calendar.walk("VEVENT")))
    attendee = _who(event["ATTENDEE"], sender)
    sequence = int(event.get("SEQUENCE", 0))
    if not 0 <= sequence <= LARGEST_SEQUENCE:
        raise ValueError(sequence)
    partstat = str(attendee.params.get("PARTSTAT", "")).upper()
    answer = PARTSTATS.get(partstat) if method == "REPLY" else None
    return CalendarAnswer(
        uid=words.line(str(event["UID"])),
        attendee=_address(str(attendee)),
        sent_by=_address(str(attendee.params.get("SENT-BY", ""))),
        answer=answer,
        sequence=sequence,
        stamped_at=_instant(event.decoded("DTSTAMP")),
        comment=words.clean(_comment(event.get("COMMENT", "")), LONGEST_COMMENT),
        remark="" if answer else _remark(event, attendee, method, partstat),
    )


def _who(found: Any, sender: str) -> Any:
    """An answer is one person's; of a list, the one who sent it."""
    if not isinstance(found, list):
        return found
    return found[0] if len(found) == 1 else next(one for one in found if _address(str(one)) == sender)


def _address(text: str) -> str:
    return words.line(text).lower().removeprefix("mailto:")


def _instant(at: datetime) -> datetime:
    """Give an instant in UTC; one without a zone is meant so (RFC 5545 § 3.8.7.2)."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _comment(found: Any) -> str:
    return "\n".join(map(str, found)) if isinstance(found, list) else str(found)


def _remark(event: Any, attendee: Any, method: str, partstat: str) -> str:
    """Say in Danish what it is that a person must decide."""
    if method == "COUNTER":
        starts = event.get("DTSTART")
        proposed = getattr(starts, "dt", None)
        when = danish.span_text(proposed, proposed).rpartition("-")[0] if isinstance(proposed, datetime) else ""
        return f"Foreslår en anden tid: {when}." if when else "Foreslår en anden tid."
    if partstat == "DELEGATED":
        given = _address(str(attendee.params.get("DELEGATED-TO", "")))
        return f"Har givet indkaldelsen videre til {given}." if given else "Har givet indkaldelsen videre."
    return "Et kalendersvar, som ikke kan læses af systemet."
