"""A long page on the line: what a browser unpacks is the page, however little of it was packed anew."""

from __future__ import annotations

import gzip

import pytest

from kvalitet.web.answering import packing
from kvalitet.web.answering.packing import LINES, pack


def page(lines: int, *, head: str = "Skoler", changed: int | None = None) -> bytes:
    texts = (f"  <tr><td>Skole {n}{' ændret' if n == changed else ' åben' * 80}</td></tr>" for n in range(lines))
    return "\n".join((f"<h1>{head}</h1>", *texts, "</table>")).encode()


@pytest.mark.parametrize("lines", [0, 1, LINES - 1, LINES, LINES + 1, 12 * LINES + 3])
def test_what_is_unpacked_is_what_was_packed(lines: int) -> None:
    body = page(lines)
    assert gzip.decompress(pack(body)) == body
    other = page(lines, head="Skoler 2026/27", changed=lines - 1)
    assert gzip.decompress(pack(other)) == other


def test_it_is_no_larger_than_if_it_was_packed_in_one_go() -> None:
    body = page(12 * LINES)
    assert len(pack(body)) < len(gzip.compress(body, packing.TIGHT)) * 1.02 + 200


def test_only_what_is_another_one_is_packed_anew() -> None:
    packing._piece.cache_clear()  # noqa: SLF001 -- to count what is packed
    pack(page(20 * LINES))
    assert packing._piece.cache_info().misses == 21  # noqa: SLF001 -- as above
    pack(page(20 * LINES, head="Skoler, 2026", changed=19 * LINES + 5))
    # The head, and the last lines.
    assert packing._piece.cache_info().misses == 23  # noqa: SLF001 -- as above
