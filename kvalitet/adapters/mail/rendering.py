"""Rendering: a message becomes the final bytes of one mail to one person.

The same message at the same instant gives the same bytes: boundaries and message id come from its key.
"""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import TYPE_CHECKING

from css_inline import CSSInliner, InlineError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from kvalitet.adapters import danish
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.mail.addresses import mailbox
from kvalitet.adapters.mail.calendar_part import calendar_part, clean
from kvalitet.adapters.mail.guide import blocks
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


_LONGEST_HEADER_LINE = 76

FILTERS: dict[str, Callable[..., object]] = {
    "date_text": danish.date_text,
    "short_date": danish.short_date,
    "full_date": danish.full_date,
    "week_text": danish.week_text,
    "time_text": danish.time_text,
    "list_text": danish.list_text,
    "in_order": danish.in_order,
    "dashed": dashed,
    "signature": signature,
    "in_school_order": in_school_order,
    "blocks": blocks,
    "grouped": grouped,
}


class OutgoingPolicy(EmailPolicy):
    """Skrivemåde: as the library's SMTP policy, but a short header in plain letters is written as it is.

    The library takes every header apart and folds it anew, which was most of the time that a mail takes.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header."""
        line = f"{name}: {value}"
        if line.isascii() and line.isprintable() and len(line) <= _LONGEST_HEADER_LINE:
            return f"{line}\r\n".encode()
        return super().fold_binary(name, value)


POLICY = OutgoingPolicy(linesep="\r\n")


class Renderer:
    """Opsætning: fills a mail's templates; `templates` holds one folder for each mail, `base_url` begins its links."""

    def __init__(self, templates: Path, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals.update(
            count_text=danish.count_text, span_text=danish.span_text, link=self._link, local=danish.local
        )
        self._inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def render(self, message: Message, *, now: datetime, invite: Invite | None = None) -> NewMail:
        """Render one mail; a template or an address that cannot be used is an OperationError."""
        try:
            mail = self._assemble(message, now, invite)
            content = mail.as_bytes()
        except (TemplateError, InlineError, ValueError) as error:
            raise OperationError(f"Mailen »{message.key}« kan ikke sættes op: {error}") from error
        return NewMail(
            municipality=message.municipality.key,
            key=message.key,
            template=message.template,
            recipient=mail["To"].addresses[0].addr_spec,
            recipient_name=message.to.name,
            subject=str(mail["Subject"]),
            message_id=str(mail["Message-ID"]),
            content=content,
            about=message.about,
            school=message.school,
            activity=message.activity,
            expires_at=message.expires_at,
            dues=message.dues,
        )

    def _assemble(self, message: Message, now: datetime, invite: Invite | None) -> EmailMessage:
        mail = EmailMessage(policy=POLICY)
        self._head(mail, message, now)
        mail.set_content(self._fill(message, "body.txt"), cte="quoted-printable")
        mail.add_alternative(
            self._inliner.inline(self._fill(message, "body.html")), subtype="html", cte="quoted-printable"
        )
        if invite:
            _add_calendar(mail, calendar_part(invite, message.municipality.sender, message.to), invite)
        mail["Content-Language"] = "da"  # last, since the first part takes every Content- header with it
        _fix_boundaries(mail, message.key)
        return mail

    def _head(self, mail: EmailMessage, message: Message, now: datetime) -> None:
        sender = message.municipality.sender
        root = f"<thread.{_digest(message.thread)}@{sender.domain}>"
        mail["From"] = mailbox(sender.name, sender.address)
        mail["To"] = mailbox(message.to.name, message.to.address)
        mail["Reply-To"] = mailbox(sender.name, sender.address)
        mail["Subject"] = " ".join(clean(self._fill(message, "subject.txt")).split())
        mail["Date"] = danish.local(now).replace(microsecond=0)
        mail["Message-ID"] = f"<{message.template}.{_digest(message.key)}@{sender.domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply, RN, NRN"

    def _fill(self, message: Message, part: str) -> str:
        template = self._environment.get_template(f"{message.template}/{part}")
        return clean(
            template.render(message=message, municipality=message.municipality, to=message.to, **message.values)
        )

    def _link(self, municipality: str, occurrence: str = "") -> str:
        tail = f"/forekomst/{occurrence}" if occurrence else ""
        return f"{self._base_url}/{municipality}{tail}"


def _add_calendar(mail: EmailMessage, calendar: bytes, invite: Invite) -> None:
    """Add the calendar twice: as the last alternative, which calendars act on, and as a file for those that do not."""
    method = invite.revision.method.value
    mail.add_alternative(calendar, maintype="text", subtype="calendar", params={"charset": "utf-8", "method": method})
    name = "invite.ics" if method == "REQUEST" else "cancel.ics"
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename=name)


def _fix_boundaries(mail: EmailMessage, key: str) -> None:
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{_digest(key)}_{number}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
