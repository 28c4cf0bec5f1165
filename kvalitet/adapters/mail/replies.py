"""Replies: what comes back to the mailbox that invites; answers to invitations are kept, the rest is counted.

Real calendars bend the rules: Exchange leaves ORGANIZER out, Thunderbird folds lines too late and
sets no In-Reply-To. So an answer is known by its UID and its ATTENDEE alone (RFC 5546 § 3.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from icalendar import Calendar
from imap_tools import AND, MailBox, MailMessageFlags
from imap_tools.errors import ImapToolsError

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.store import bookings, log, plans
from kvalitet.adapters.store.bookings import Answered
from kvalitet.invites import ANSWERS, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from kvalitet.adapters.store import Store

_PARTSTAT = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})


class ReplyKind(StrEnum):
    """Svarets slags: an answer to an invitation, an automatic mail, a bounce, or something a person must read."""

    ANSWER = "answer"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    """Svar: one incoming mail; `uid`, `address` and `said` are there when it answers an invitation."""

    kind: ReplyKind
    uid: str = ""
    address: str = ""
    said: Answered | None = None


class Inbox(Protocol):
    """Indbakke: incoming mails; one that is not marked as read is given again next time."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give (name, bytes) of each mail that has not been read."""
        ...

    def mark_read(self, name: str) -> None:
        """Note that a mail has been dealt with."""
        ...

    def close(self) -> None:
        """Let go of the mailbox."""
        ...


class FolderInbox:
    """Mappe: .eml files; those that have been read lie in the subfolder `read`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give the files that lie in the folder itself, by name."""
        for path in sorted(self._folder.glob("*.eml")):
            yield path.name, path.read_bytes()

    def mark_read(self, name: str) -> None:
        """Move a file out of the way."""
        read = self._folder / "read"
        read.mkdir(exist_ok=True)
        (self._folder / name).rename(read / name)

    def close(self) -> None:
        """Nothing is held open."""


class ImapInbox:
    """Postkasse: the unseen mails of an IMAP server's INBOX, over TLS."""

    def __init__(self, host: str, user: str, password: str) -> None:
        self._host = host
        try:
            self._box = MailBox(host).login(user, password)
        except (ImapToolsError, OSError) as error:
            raise OperationError(f"Postkassen på {host} kan ikke åbnes; se KVALITET_IMAP_…: {error}") from error

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give the unseen mails without marking them."""
        for mail in self._box.fetch(AND(seen=False), mark_seen=False):
            yield str(mail.uid), mail.obj.as_bytes()

    def mark_read(self, name: str) -> None:
        """Mark a mail as seen."""
        self._box.flag(name, MailMessageFlags.SEEN, value=True)

    def close(self) -> None:
        """Log out."""
        self._box.logout()


def read_replies(store: Store, inbox: Inbox, *, now: datetime) -> dict[ReplyKind, int]:
    """Read what has come in; each mail is marked only when its answer is safe in the store."""
    counted = dict.fromkeys(ReplyKind, 0)
    try:
        for name, raw in inbox.unread():
            counted[_deal_with(store, parse(raw), now=now)] += 1
            inbox.mark_read(name)
    finally:
        inbox.close()
    return counted


def _deal_with(store: Store, reply: Reply, *, now: datetime) -> ReplyKind:
    with store.write() as connection:
        kind = reply.kind if _is_known(connection, reply) else ReplyKind.OTHER
        if kind is ReplyKind.ANSWER:
            _keep(connection, reply, now=now)
    return kind


def parse(raw: bytes) -> Reply:
    """Read one incoming mail; whatever cannot be understood is something that a person must read."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    if mail.get_content_type() == "multipart/report":
        return Reply(ReplyKind.BOUNCE)
    if answer := _answer(mail):
        return answer
    automatic = str(mail.get("Auto-Submitted", "no")).lower() != "no"
    return Reply(ReplyKind.AUTOMATIC if automatic else ReplyKind.OTHER)


def _answer(mail: EmailMessage) -> Reply | None:
    for part in mail.walk():
        if part.get_content_type() in _CALENDAR_TYPES:
            payload = part.get_payload(decode=True)
            found = _from_calendar(payload) if isinstance(payload, bytes) else None
            if found and found.address == _sender(mail):
                return found
    return None


def _from_calendar(payload: bytes) -> Reply | None:
    try:
        calendar = Calendar.from_ical(payload)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return None
        event: Any = next(iter(calendar.walk("VEVENT")))
        attendee = _only(event["ATTENDEE"])
        answer = _PARTSTAT[str(attendee.params["PARTSTAT"]).upper()]
        at = event.decoded("DTSTAMP").astimezone(UTC)
        said = Answered(answer, int(event.get("SEQUENCE", 0)), at, str(event.get("COMMENT", "")))
        return Reply(ReplyKind.ANSWER, str(event["UID"]), str(attendee).lower().removeprefix("mailto:"), said)
    except (ValueError, KeyError, StopIteration, AttributeError, TypeError):
        return None


def _only(attendees: Any) -> Any:
    """An answer is one person's; a list of one is the same thing."""
    if isinstance(attendees, list):
        (attendee,) = attendees
        return attendee
    return attendees


def _sender(mail: EmailMessage) -> str:
    """Give the address in From: an answer counts only for the one whose mail it is (RFC 6047 § 3)."""
    header = mail["From"]
    addresses: tuple[Any, ...] = header.addresses if header else ()
    return addresses[0].addr_spec.lower() if len(addresses) == 1 else ""


def _is_known(connection: Connection, reply: Reply) -> bool:
    """Tell whether an answer is from somebody who was invited; others go to a person, never into the list."""
    if reply.kind is not ReplyKind.ANSWER:
        return True
    invited = bookings.attendees(connection, _occurrence(reply))
    return reply.address in {attendee.address.lower() for attendee in invited}


def _keep(connection: Connection, reply: Reply, *, now: datetime) -> None:
    occurrence = plans.occurrence(connection, _occurrence(reply))
    if occurrence and reply.said and bookings.answer(connection, occurrence.key, reply.address, reply.said):
        told = f"{reply.address} {ANSWERS[reply.said.answer]}"
        suffix = f":{reply.address}:{reply.said.sequence}:{reply.said.at.isoformat()}"
        log.tell(connection, log.about("answered", occurrence, at=now, suffix=suffix, detail=told))


def _occurrence(reply: Reply) -> str:
    return reply.uid.rpartition("@")[0]
