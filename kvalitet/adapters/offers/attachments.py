"""Attachments: which parts of a mail somebody has attached on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What mail programs attach by themselves: answers to invitations, signatures and business cards.
_NOT_FILES = frozenset(
    {
        "text/calendar",
        "application/ics",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "text/vcard",
        "text/x-vcard",
    }
)


@dataclass(frozen=True, slots=True)
class Attached:
    """Vedhæftet fil: its name as the sender's mail program gives it, and its content."""

    name: str
    content: bytes


def attached_files(mail: EmailMessage) -> list[Attached]:
    """List the files of a mail; pictures that its text shows, such as a signature's logo, are none."""
    parts = list(_parts(mail))
    shown = "".join(_text(part) for part, _ in parts if part.get_content_type() == "text/html")
    return [
        Attached(part.get_filename() or "", _content(part))
        for part, is_related in parts
        if _is_file(part) and not _is_shown(part, shown, is_related=is_related)
    ]


def _parts(mail: EmailMessage, *, is_related: bool = False) -> Iterator[tuple[EmailMessage, bool]]:
    """Give each part with whether it belongs to the text beside it; what is in a forwarded mail is not this mail's."""
    if not mail.is_multipart():
        yield mail, is_related
    elif mail.get_content_maintype() == "multipart":
        inside = mail.get_content_type() == "multipart/related"
        for number, part in enumerate(mail.iter_parts()):
            assert isinstance(part, EmailMessage)
            yield from _parts(part, is_related=is_related or (inside and number > 0))


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_type() in _NOT_FILES or part.get_content_maintype() == "message":
        return False
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _is_shown(part: EmailMessage, text: str, *, is_related: bool) -> bool:
    if part.get_content_maintype() != "image":
        return False
    name = str(part.get("Content-ID", "")).strip().strip("<>")
    return is_related or bool(name and f"cid:{name}".lower() in text.lower())


def _text(part: EmailMessage) -> str:
    return _content(part).decode("utf-8", "replace")


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
