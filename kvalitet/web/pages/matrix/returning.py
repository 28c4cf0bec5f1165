"""Returning: a form that was opened from the matrix leads back there, to the same schools and the same line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kvalitet.web.access.beginning import way_of
from kvalitet.web.access.guarding import BACK

if TYPE_CHECKING:
    from kvalitet.web.uploads import Filled

DONE, REMINDED = "sket", "paamindet"


def way_back(filled: Filled) -> str:
    """Give the page of ours that a form was opened from; "" for its own."""
    return way_of(filled.text(BACK))


def after(filled: Filled, *, school: str | None, done: str, otherwise: str) -> str:
    """Give where a form leads when it is done: back to the line of the school, with a word for what was done."""
    way = way_back(filled)
    if not way:
        return otherwise
    return f"{told(way, done)}#s{school or ''}"


def told(address: str, done: str) -> str:
    """Give the address with a word for what was done, which its page tells in a sentence."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({DONE: done})}"
