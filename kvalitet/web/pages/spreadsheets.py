"""Spreadsheets: rows as a workbook, and as CSV that Danish Excel opens as it is meant."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

import xlsxwriter

from kvalitet.adapters.danish import number_text
from kvalitet.measurements import danish_decimal
from kvalitet.web.pages.csv_files import NumberText, content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value: TypeAlias = str | int | float | Decimal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """Write CSV as Danish Excel reads it."""
    return content([_as_text(value) for value in row] for row in rows)


def as_xlsx(rows: Sequence[Sequence[Value]], title: str, *, sheet: str, sums: int = 0) -> bytes:
    """Write a workbook; texts are written as texts, so that none becomes a formula or a link.

    The last rows that are `sums` are left where they are when somebody filters.
    """
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            shown = bold if place == 0 or column == 0 else None
            if isinstance(value, str):
                page.write_string(place, column, value, shown)
            else:
                page.write_number(place, column, value, shown)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(rows) - 1 - sums, 0), len(rows[0]) - 1)
    page.set_column(0, 0, 30)
    page.set_column(1, len(rows[0]) - 1, 18)
    book.set_properties({"title": title})
    book.close()
    return written.getvalue()


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return NumberText(danish_decimal(value))
    return NumberText(number_text(value, 1) if isinstance(value, float) else str(value))
