"""CSV files that a Danish Excel opens as they are, and in which no cell becomes a formula."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# With these a spreadsheet begins to reckon (OWASP ASVS 1.2.10).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def csv_file(name: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Give a file to save."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": disposition, "cache-control": "private, no-store"}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def safe(text: str) -> str:
    """Write a cell so that it stays text."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
