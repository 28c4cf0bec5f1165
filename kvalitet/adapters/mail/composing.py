"""Composing: head, texts and calendar become the bytes of one mail, with the standard library's mail classes.

The library's `EmailMessage` takes every header apart as it is set and folds it anew as it is written, which is
most of the time that a mail takes. Its older `Message` leaves headers alone, so here each is written once.
"""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email.charset import BASE64, Charset
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from email.utils import formataddr
from functools import lru_cache
from io import BytesIO
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from kvalitet.adapters.mail.addresses import mailbox
from kvalitet.adapters.mail.writing.cutting import pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from email.headerregistry import Address

    from kvalitet.invites import Method, Paper

# RFC 2047 § 2: no line with an encoded word is longer.
_LONGEST_HEADER_LINE = 76
_UTF8 = Charset("utf-8")
# Encoded words in base64: their length is known without counting every letter again for each word.
_UTF8.header_encoding = BASE64
# Senders, readers, lines and attached files come again and again, in this run and in the next.
_NAMES_KEPT, _LINES_KEPT, _FILES_KEPT = 4096, 4096, 16


class Written(str):
    """Skrevet felt: the value of a header as it stands in the mail, encoded and folded."""

    __slots__ = ()


class OutgoingPolicy(Compat32):
    """Skrivemåde: headers are written as they are given, and one that could begin another header is refused."""

    linesep = "\r\n"
    mangle_from_ = False
    max_line_length = _LONGEST_HEADER_LINE

    def clone(self, **changes: Any) -> Self:
        """Give a policy with other values; the generator asks for the same one again for each part."""
        unchanged = all(getattr(self, name) == value for name, value in changes.items())
        return self if unchanged else super().clone(**changes)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Take a header in."""
        if not isinstance(value, Written):
            value = write(name, value)
        return name, value

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Write one header."""
        return f"{name}: {value}\r\n".encode("ascii")


POLICY = OutgoingPolicy()


class _Generator(BytesGenerator):
    """Writes a part's lines all at once, where the library writes and encodes them one by one.

    Our parts hold either text that is encoded already or other parts, so neither is asked for its content type.
    """

    def _dispatch(self, part: Message) -> None:
        if part.is_multipart():
            self._handle_multipart(part)  # type: ignore[attr-defined]  # the stubs know no method of the inside
        else:
            self._handle_text(part)  # type: ignore[attr-defined]

    def _write_lines(self, lines: str) -> None:
        self.write(lines.replace("\r\n", "\n").replace("\n", "\r\n"))


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """Kalenderdel: an invite or a cancellation as calendars read it, and the files that go with it."""

    content: bytes
    method: Method
    files: tuple[Paper, ...] = ()


def write(name: str, text: str) -> Written:
    """Write a text as the value of a header; one with a line break is a ValueError."""
    if "\r" in text or "\n" in text:
        message = f"Feltet {name} kan ikke indeholde linjeskift: {text!r}"
        raise ValueError(message)
    fits = len(name) + 2 + len(text) <= _LONGEST_HEADER_LINE or " " not in text
    return Written(text if fits and _is_plain(text) else _encoded(name, text))


@lru_cache(_NAMES_KEPT)
def write_mailbox(name: str, display_name: str, address: str) -> Written:
    """Write a name and an address as the value of a header."""
    place = _address(display_name, address)
    plain = formataddr((place.display_name, place.addr_spec)) if _is_plain(place.display_name) else ""
    if plain and (len(name) + 2 + len(plain) <= _LONGEST_HEADER_LINE or not place.display_name):
        return Written(plain)
    encoded = f"{name}: {_encoded(name, place.display_name)}"
    last_line = encoded.rpartition("\r\n")[2]
    gap = " " if len(f"{last_line} <{place.addr_spec}>") <= _LONGEST_HEADER_LINE else "\r\n "
    return Written(f"{encoded.removeprefix(f'{name}: ')}{gap}<{place.addr_spec}>")


def address_of(display_name: str, address: str) -> str:
    """Give an address as servers know it; anything that is not one address is a ValueError."""
    return _address(display_name, address).addr_spec


def compose(head: Mapping[str, str], text: str, html: str, calendar: CalendarPart | None, *, boundary: str) -> bytes:
    """Put a mail together; the calendar stands twice, as the part that calendars act on and as a file for the rest."""
    texts = [_text("plain", text), _text("html", html)]
    if calendar is None:
        mail = _many("alternative", texts, f"{boundary}_0")
    else:
        inner = _many("alternative", [*texts, _calendar(calendar)], f"{boundary}_1")
        papers = [_attached(paper) for paper in calendar.files]
        mail = _many("mixed", [inner, _calendar_file(calendar), *papers], f"{boundary}_0")
    kind = mail["Content-Type"]
    del mail["Content-Type"]
    for name, value in {**head, "MIME-Version": "1.0", "Content-Type": kind, "Content-Language": "da"}.items():
        mail[name] = value
    out = BytesIO()
    _Generator(out, policy=POLICY).flatten(mail)
    return out.getvalue()


@lru_cache(_NAMES_KEPT)
def _address(display_name: str, address: str) -> Address:
    return mailbox(display_name, address)


def _is_plain(text: str) -> bool:
    """Tell whether a reader takes the text for what it is; what looks like an encoded word would be decoded."""
    return text.isascii() and text.isprintable() and "=?" not in text


def _encoded(name: str, text: str) -> str:
    """Encode a text as words of RFC 2047, each on a line of its own."""
    first, others = (_octets_in(_LONGEST_HEADER_LINE - len(before)) for before in (f"{name}: ", " "))
    return "\r\n ".join(map(_UTF8.header_encode, pieces(text, first, others)))


def _octets_in(room: int) -> int:
    """Tell how many octets of text an encoded word holds: base64 makes four letters of three octets."""
    return (room - len("=?utf-8?b??=")) // 4 * 3


def _many(subtype: str, parts: Sequence[Message], boundary: str) -> Message:
    whole = Message(POLICY)
    whole["Content-Type"] = Written(f'multipart/{subtype}; boundary="{boundary}"')
    for part in parts:
        whole.attach(part)
    return whole


def _text(subtype: str, text: str) -> Message:
    return _part(f'text/{subtype}; charset="utf-8"', "quoted-printable", "\n".join(map(_quoted, text.split("\n"))))


def _calendar(calendar: CalendarPart) -> Message:
    kind = f'text/calendar; charset="utf-8"; method={calendar.method.value}'
    return _part(kind, "base64", _base64(calendar.content))


def _calendar_file(calendar: CalendarPart) -> Message:
    name = "invite.ics" if calendar.method.value == "REQUEST" else "cancel.ics"
    part = _part(f'application/ics; name="{name}"', "base64", _base64(calendar.content))
    part["Content-Disposition"] = Written(f'attachment; filename="{name}"')
    return part


def _attached(paper: Paper) -> Message:
    kind, _ = guess_type(paper.name)
    part = _part(kind or "application/octet-stream", "base64", _base64(paper.content))
    # RFC 2231, since names are Danish; a line of its own, since they are long.
    part["Content-Disposition"] = Written(f"attachment;\r\n filename*=utf-8''{quote(paper.name)}")
    return part


def _part(kind: str, encoding: str, payload: str) -> Message:
    part = Message(POLICY)
    part["Content-Type"] = Written(kind)
    part["Content-Transfer-Encoding"] = Written(encoding)
    part.set_payload(payload)
    return part


@lru_cache(_LINES_KEPT)
def _quoted(line: str) -> str:
    """Encode a line, once for all the mails in which it stands; lines have no influence on each other."""
    return b2a_qp(line.encode()).decode("ascii")


@lru_cache(_FILES_KEPT)
def _base64(content: bytes) -> str:
    return encodebytes(content).decode("ascii")
