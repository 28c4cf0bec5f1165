"""Reading: one incoming mail from anybody, sorted by what it is, and never a reason to stop.

Whatever cannot be understood is something that a person must read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import getaddresses
from itertools import islice
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.incoming import words
from kvalitet.adapters.incoming.authentication import is_vouched_for
from kvalitet.adapters.incoming.automatic import is_automatic, is_from_a_mail_server
from kvalitet.adapters.incoming.calendar_answers import CalendarAnswer, calendar_answer
from kvalitet.adapters.incoming.delivery_reports import DeliveryReport, is_report, report
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

MOST_PARTS = 200
# Far beyond what honest parts say of themselves; those who look for files spend seconds on each hundred kilobytes.
LONGEST_PART_HEADS = 32 * 1024
LONGEST_KEY = 250
# Far beyond what the headers of an honest mail fill.
LONGEST_HEAD = 128 * 1024
LONGEST_LIST = 20_000
MOST_REFERENCES = 50
UNREADABLE = "Mailen er skrevet forkert og kan ikke læses her; hent den som fil, eller find den i postkassen."
OVERGROWN = "Mailen har flere dele, end der bliver læst; hent den som fil, eller find den i postkassen."
_UNDELIVERED = (
    "undeliver",
    "kan ikke leveres",
    "ikke leveret",
    "delivery status",
    "mail delivery failed",
    "returned mail",
)
# What a delivery report says happened; one that does not say is shown among those that came back.
_KINDS = {"failed": IncomingKind.BOUNCE, "": IncomingKind.BOUNCE, "delayed": IncomingKind.DELAY}
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """Modtaget mail: what came, and what it says.

    `sender` is "" unless From names exactly one; `is_vouched_for` tells whether our mail server says that it is true;
    `is_cut`, whether it was too large to be read whole; `is_overgrown`, whether nobody is to look for files in it.
    """

    key: str
    content: bytes
    kind: IncomingKind
    sender: str = ""
    subject: str = ""
    text: str = ""
    is_vouched_for: bool = False
    recipients: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    answer: CalendarAnswer | None = None
    report: DeliveryReport | None = None
    detail: str = ""
    is_cut: bool = False
    is_overgrown: bool = False

    @property
    def is_from_the_attendee(self) -> bool:
        """Tell whether the one who answers is the one who was asked, or somebody of the same house in his place."""
        if not self.answer or not self.is_vouched_for:
            return False
        house = self.answer.attendee.rpartition("@")[2]
        stands_in = self.sender == self.answer.sent_by and self.sender.rpartition("@")[2] == house
        return self.sender == self.answer.attendee or stands_in

    def as_new(self) -> NewIncoming:
        """Give what is kept of it."""
        is_confirmed = self.is_from_the_attendee if self.answer else self.is_vouched_for
        return NewIncoming(
            self.key, self.sender, self.subject, self.text, self.content, self.kind, is_confirmed, self.detail
        )


def read(content: bytes, *, authserv_id: str = "") -> ReceivedMail:
    """Read one incoming mail."""
    try:
        # The library's newer rules read names and subjects right, but are slow: ten thousand parts took them 20 s.
        head = BytesHeaderParser(policy=default).parsebytes(content[:LONGEST_HEAD])
        return _read(message_from_bytes(content), head, content, authserv_id)
    except Exception:  # noqa: BLE001 -- a hostile mail finds every error of the parsers, and the next mail must be read
        return unreadable(content)


def unreadable(content: bytes) -> ReceivedMail:
    """Give a mail that no machine can read."""
    return ReceivedMail(_digest(content), content, IncomingKind.HUMAN, detail=UNREADABLE)


def too_large(beginning: bytes, detail: str) -> ReceivedMail:
    """Give what the beginning of a mail says of one that is too large to be read."""
    found = read(beginning)
    # What a program wrote is never answered (RFC 3834 § 2), however large it is.
    kind = IncomingKind.AUTOMATIC if found.kind is IncomingKind.AUTOMATIC else IncomingKind.HUMAN
    return replace(found, kind=kind, answer=None, report=None, detail=detail, is_cut=True)


def _read(mail: Message, head: Message, content: bytes, authserv_id: str) -> ReceivedMail:
    sender = _sender(mail, head)
    found = ReceivedMail(
        key=_key(mail, sender, content),
        content=content,
        kind=IncomingKind.HUMAN,
        sender=sender,
        subject=words.line(str(head.get("Subject", ""))),
        is_vouched_for=is_vouched_for(mail, sender, authserv_id),
        recipients=_addresses(mail, "To", "Cc", "Delivered-To", "X-Original-To"),
        refers_to=_references(mail),
    )
    parts = _parts(mail)
    is_overgrown = _is_overgrown(parts)
    detail = OVERGROWN if is_overgrown else ""
    parts = parts[:MOST_PARTS]
    return _sorted(mail, replace(found, text=_text(parts), detail=detail, is_overgrown=is_overgrown), parts)


def _sorted(mail: Message, found: ReceivedMail, parts: Sequence[Message]) -> ReceivedMail:
    """Sort a mail; an answer from a calendar may well call itself automatic, so it is looked for first."""
    if is_report(mail):
        told = report(mail, parts)
        return replace(found, kind=_KINDS.get(told.action, IncomingKind.AUTOMATIC), report=told)
    if answer := calendar_answer(parts, found.sender):
        kind = IncomingKind.ANSWER if answer.answer else IncomingKind.HUMAN
        return replace(found, kind=kind, answer=answer, text=answer.comment or found.text, detail=answer.remark)
    if is_from_a_mail_server(mail, found.sender) and found.subject.lower().startswith(_UNDELIVERED):
        return replace(found, kind=IncomingKind.BOUNCE)
    if mail.get_content_type() == "multipart/report" or is_automatic(mail, found.subject):
        return replace(found, kind=IncomingKind.AUTOMATIC)
    return found


def _key(mail: Message, sender: str, content: bytes) -> str:
    """Give what the same mail is known by: its message id and sender, since a stranger may reuse an id."""
    found = words.clean(str(mail.get("Message-ID", "")), LONGEST_KEY)
    key = f"{found} {sender}"
    return key if _MESSAGE_ID.fullmatch(found) and len(key) <= LONGEST_KEY else _digest(content)


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _sender(mail: Message, head: Message) -> str:
    """Give the address in From, when there is one and only one."""
    header: Any = head.get("From") if len(mail.get_all("From", [])) == 1 else None
    addresses: tuple[Any, ...] = header.addresses if header is not None else ()
    return words.line(addresses[0].addr_spec).lower() if len(addresses) == 1 else ""


def _addresses(mail: Message, *names: str) -> tuple[str, ...]:
    values = [str(value)[:LONGEST_LIST] for name in names for value in mail.get_all(name, [])]
    return tuple(words.line(address).lower() for _, address in getaddresses(values) if address)


def _references(mail: Message) -> tuple[str, ...]:
    """List the message ids that a mail answers: the nearest first."""
    answered = _MESSAGE_ID.findall(words.clean(str(mail.get("In-Reply-To", ""))))
    thread = _MESSAGE_ID.findall(words.clean(str(mail.get("References", ""))))
    return tuple(dict.fromkeys([*answered, *reversed(thread)]))[:MOST_REFERENCES]


def _parts(mail: Message) -> list[Message]:
    return list(islice(mail.walk(), MOST_PARTS + 1))


def _is_overgrown(parts: Sequence[Message]) -> bool:
    heads = (len(value) for part in parts for name, value in part.raw_items() if name.lower().startswith("content-"))
    return len(parts) > MOST_PARTS or sum(heads) > LONGEST_PART_HEADS


def _text(parts: Sequence[Message]) -> str:
    """Give what a person would read: the plain text, else the text of the HTML."""
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    for part in shown:
        if part.get_content_type() == "text/plain" and (text := words.clean(words.decoded(part))):
            return text
    for part in shown:
        if part.get_content_type() == "text/html" and (text := words.clean(words.text_of_html(words.decoded(part)))):
            return text
    return ""
