"""Words of a mail from anybody: texts that every database can keep, however broken the mail is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

LONGEST_TEXT = 20_000
LONGEST_LINE = 500
# Control characters, and those that turn the direction of the text: they could make a page say something else.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "blockquote"})
_UNSEEN = frozenset({"style", "script", "head", "title"})


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Keep what can be read; half letters of a wrong character set become question marks."""
    whole = text[: 4 * longest].encode("utf-8", "replace").decode("utf-8")
    return _HIDDEN.sub("", whole.replace("\r\n", "\n")).strip()[:longest]


def line(text: str) -> str:
    """Keep a text as one line."""
    return " ".join(clean(text, LONGEST_LINE).split())


def decoded(part: Message) -> str:
    """Read a part's text by the character set that it claims, or else by the two that mails really have."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (part.get_content_charset("utf-8"), "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("windows-1252", "replace")


def text_of_html(source: str) -> str:
    """Give what a person would read of a piece of HTML."""
    reader = _Text()
    reader.feed(source[: 20 * LONGEST_TEXT])
    reader.close()
    return _BLANK_LINES.sub("\n\n", "".join(reader.found))


class _Text(HTMLParser):
    """Reads the text out of HTML; what is not shown is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- as the parser calls it
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)
