"""Delivery reports: what a mail server says of a mail of ours that it could not deliver (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from kvalitet.adapters.incoming import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Leveringsrapport: `addresses` are those that it names for the one that failed, `message_ids` the returned mail's.

    `status` is the class and detail of RFC 3463, such as 5.1.1.
    """

    action: str
    status: str
    said: str
    addresses: tuple[str, ...]
    message_ids: tuple[str, ...]

    @property
    def has_failed(self) -> bool:
        """Tell whether the server has given up; else it goes on trying."""
        return self.action == "failed"

    @property
    def is_permanent(self) -> bool:
        """Tell whether it is of no use to send to the address again."""
        return self.has_failed and self.status.startswith("5.")


def is_report(mail: Message) -> bool:
    """Tell whether a mail is a delivery report, and not, say, a receipt that it was read."""
    return mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"


def report(mail: Message, parts: Sequence[Message]) -> DeliveryReport:
    """Read a delivery report; what it lacks is empty."""
    blocks = [block for part in parts if _is_status(part) for block in _blocks(part)]
    chosen = next((block for block in blocks if _field(block, "Action").lower() == "failed"), None) or _first(blocks)
    addresses = [_field(chosen, name).rpartition(";")[2] for name in ("Original-Recipient", "Final-Recipient")]
    returned = [found for part in parts for found in _returned(part)]
    answered = _MESSAGE_ID.findall(words.clean(str(mail.get("In-Reply-To", ""))))
    status = _STATUS.search(_field(chosen, "Status"))
    return DeliveryReport(
        action=_field(chosen, "Action").lower(),
        status=status[0] if status else "",
        said=words.line(_field(chosen, "Diagnostic-Code").partition(";")[2]),
        addresses=tuple(address.strip(" <>").lower() for address in addresses if address),
        message_ids=tuple(dict.fromkeys([*returned, *answered])),
    )


def _is_status(part: Message) -> bool:
    return part.get_content_type() == "message/delivery-status"


def _blocks(part: Message) -> list[Message]:
    """Give the part's blocks about recipients; the first block is about the mail."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _first(blocks: Sequence[Message]) -> Message:
    return next((block for block in blocks if _field(block, "Action")), Message())


def _field(block: Message, name: str) -> str:
    return words.line(str(block.get(name, "")))


def _returned(part: Message) -> list[str]:
    """Give the message id of the mail, or of the headers alone, that came back in a part."""
    if part.get_content_type() in {"message/rfc822", "message/rfc822-headers"}:
        inner = part.get_payload()
        returned = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else Message()
    elif part.get_content_type() == "text/rfc822-headers":
        returned = HeaderParser().parsestr(words.decoded(part))
    else:
        return []
    return _MESSAGE_ID.findall(words.line(str(returned.get("Message-ID", ""))))[:1]
