"""Sider: an answer comes in pages, and all of them are wanted, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.stil.keys import SITE

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """Svar: the rows of all pages, and each page as it came, byte for byte."""

    rows: Rows
    pages: tuple[bytes, ...]


def turned(pages: Iterable[tuple[bytes, Rows]], *, page_size: int) -> Answer:
    """Turn the pages until one is empty.

    A page that is not full is not taken for the last: the service may have a smaller page than the one asked for.
    But nothing may follow a page that is shorter than the first, nor an empty one, for then rows are missing.
    """
    contents: list[bytes] = []
    sizes: list[int] = []
    rows: Rows = []
    for content, page in pages:
        if page and content in contents:
            raise SourceBrokenError(f"{SITE} sendte samme side to gange (side {len(contents) + 1}).")
        if page and sizes and sizes[-1] < max(1, sizes[0]):
            raise SourceBrokenError(f"{SITE} sendte flere rækker efter side {len(contents)}, som ikke var fuld.")
        contents.append(content)
        sizes.append(len(page))
        rows += page
        if _is_the_end(sizes, page_size):
            return Answer(rows, tuple(contents))
    raise SourceBrokenError(f"{SITE} blev ved med at sende sider; udtrækket er stoppet efter {len(contents)} sider.")


def _is_the_end(sizes: list[int], page_size: int) -> bool:
    """Whether the last page is empty; where rows may have been lost with it, the next one must be empty too."""
    *before, last = sizes
    if last or not before:
        return False
    are_full = before[-1] == before[0] and (len(before) > 1 or before[0] == page_size)
    return not (are_full and before[-1])
