"""Cutting: a text that mails or calendars only take in pieces of so many octets, cut where no letter is split."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# RFC 3629 § 3: the octets of a letter after its first.
_WITHIN_A_LETTER = range(0b1000_0000, 0b1100_0000)


def pieces(text: str, first: int, others: int, *, unbroken: bytes = b"") -> Iterator[str]:
    """Cut a text into pieces of at most so many octets (UTF-8); none ends with a sign of `unbroken`."""
    octets, start, room = text.encode(), 0, first
    while start < len(octets):
        end = start + room
        if end < len(octets):
            while octets[end] in _WITHIN_A_LETTER:
                end -= 1
            if octets[end - 1] in unbroken and end - 1 > start:
                end -= 1
        yield octets[start:end].decode()
        start, room = end, others
