"""Rendering: a message becomes the final bytes of one mail to one person.

The same message at the same instant gives the same bytes: boundaries and message id come from its key. The message
id also comes from a secret: who could reckon it out could write a delivery report for it, and silence its reader.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape

from kvalitet.adapters import danish
from kvalitet.adapters.mail.calendar_part import calendar_part, clean
from kvalitet.adapters.mail.composing import CalendarPart, address_of, compose, write_mailbox
from kvalitet.adapters.mail.guide import blocks
from kvalitet.adapters.mail.writing.explaining import UnwritableMailError, mistake_of
from kvalitet.adapters.mail.writing.inlining import inlined
from kvalitet.adapters.mail.writing.own_texts import OwnTexts, own_texts
from kvalitet.adapters.mail.writing.sandbox import BoundedEnvironment
from kvalitet.adapters.mail.writing.text_part import shortened, wrapped
from kvalitet.adapters.store.outbox import NewMail
from kvalitet.messages import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from kvalitet.invites import Invite
    from kvalitet.messages import Item, Message
    from kvalitet.municipality import Municipality


def dashed(name: str) -> str:
    """Write a name that may be missing after something else: " – Kalundborg Skole" or nothing."""
    return f" – {name}" if name else ""


def signature(municipality: Municipality) -> list[str]:
    """Give the lines that end a mail: the municipality's own, or its sender's name."""
    sender = municipality.sender
    return sender.signature.strip().splitlines() or ["Venlig hilsen", sender.name]


def in_school_order(items: Iterable[Item]) -> list[Item]:
    """Sort items by the name of the school, as a Dane would."""
    return sorted(items, key=lambda item: danish.sort_key(item.unit))


FILTERS: dict[str, Callable[..., object]] = {
    "date_text": danish.date_text,
    "short_date": danish.short_date,
    "weekday_short": danish.weekday_short,
    "full_date": danish.full_date,
    "week_text": danish.week_text,
    "time_text": danish.time_text,
    "list_text": danish.list_text,
    "in_order": danish.in_order,
    "dashed": dashed,
    "shortened": shortened,
    "signature": signature,
    "in_school_order": in_school_order,
    "blocks": blocks,
    "grouped": grouped,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """Mailens dele: what its bytes are made of."""

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None


class Renderer:
    """Opsætning: fills a mail's templates; `templates` holds one folder for each mail, `base_url` begins its links.

    `takes_files`: answers are read, so that a file may be delivered by answering. `secret` is what nobody outside
    knows of its message ids.
    """

    def __init__(self, templates: Path, base_url: str, *, takes_files: bool = False, secret: bytes = b"") -> None:
        self._secret = secret
        self._base_url = base_url.rstrip("/")
        self._templates = templates
        self._environment = BoundedEnvironment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals.update(
            count_text=danish.count_text,
            span_text=danish.span_text,
            link=self._link,
            local=danish.local,
            takes_files=takes_files,
        )

    def render(self, message: Message, *, now: datetime, invite: Invite | None = None) -> NewMail:
        """Render one mail; words, a template or an address that cannot be used are an UnwritableMailError."""
        try:
            parts = self.parts(message, invite)
            head = _head(message, parts.subject, now, invite, secret=self._secret)
            boundary = f"=_{_digest(message.key)}"
            content = compose(head, parts.text, parts.html, parts.calendar, boundary=boundary)
            recipient = address_of(message.to.name, message.to.address)
        except Exception as error:  # a template may raise anything
            raise UnwritableMailError(message.key, mistake_of(error, self._templates)) from error
        return NewMail(
            municipality=message.municipality.key,
            key=message.key,
            template=message.template,
            recipient=recipient,
            recipient_name=message.to.name,
            subject=parts.subject,
            message_id=head["Message-ID"],
            content=content,
            about=message.about,
            school=message.school,
            activity=message.activity,
            expires_at=message.expires_at,
            dues=message.dues,
        )

    def parts(self, message: Message, invite: Invite | None = None) -> Parts:
        """Fill a mail's templates and write its calendar: all that its bytes are made of."""
        texts, calendar = own_texts(message), None
        if invite:
            content = calendar_part(invite, message.municipality.sender, message.to)
            calendar = CalendarPart(content, invite.revision.method, invite.files)
        return Parts(
            subject=" ".join(self._fill(message, "subject.txt", texts).split()),
            text=wrapped(self._fill(message, "body.txt", texts)),
            html=inlined(self._fill(message, "body.html", texts)),
            calendar=calendar,
        )

    def _fill(self, message: Message, part: str, texts: OwnTexts) -> str:
        municipality = message.municipality
        own = {"message": message, "municipality": municipality, "to": message.to, "texts": texts}
        return clean(self._environment.fill(f"{message.template}/{part}", {**message.values, **own}))

    def _link(self, municipality: str = "", occurrence: str = "") -> str:
        tail = f"/forekomst/{occurrence}" if occurrence else ""
        return f"{self._base_url}/{municipality}{tail}"


def _head(message: Message, subject: str, now: datetime, invite: Invite | None, *, secret: bytes) -> dict[str, str]:
    sender = message.municipality.sender
    writer = invite.organizer if invite and invite.organizer else sender
    behind = {"Sender": write_mailbox("Sender", sender.name, sender.address)} if writer is not sender else {}
    root = f"<thread.{_digest(message.thread)}@{sender.domain}>"
    return {
        "From": write_mailbox("From", writer.name, writer.address),
        **behind,
        "To": write_mailbox("To", message.to.name, message.to.address),
        "Reply-To": write_mailbox("Reply-To", writer.name, writer.address),
        "Subject": subject,
        "Date": format_datetime(danish.local(now).replace(microsecond=0)),
        "Message-ID": f"<{message.template}.{_unguessable(message.key, secret)}@{sender.domain}>",
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply, RN, NRN",
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _unguessable(text: str, secret: bytes) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:24]
