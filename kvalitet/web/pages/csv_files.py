"""CSV files that a Danish Excel opens as they are, and in which no cell becomes a formula."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
# With these a spreadsheet begins to reckon (OWASP ASVS 1.2.10).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


class NumberText(str):
    """Tal: a number of our own that is written out; it may be below zero without being a formula."""

    __slots__ = ()


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Give a file to save."""
    return file(name, content(rows), CSV)


def content(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows: semicolons between the cells, and a mark in front that says UTF-8."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def file(name: str, written: bytes, kind: str) -> Response:
    """Give a file to save, of any kind; no cache in between is to keep it."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": disposition, "cache-control": "private, no-store"}
    return Response(written, media_type=kind, headers=headers)


def safe(text: str) -> str:
    """Write a cell so that it stays text."""
    is_formula = text.lstrip(" ").startswith(FORMULA) and not isinstance(text, NumberText)
    return f"'{text}" if is_formula else text
