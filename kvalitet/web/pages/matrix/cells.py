"""Cells: each written once and short, since a large municipality has many thousands of them on one page.

What a cell is about stands in the heads of its row and column; its icon is drawn by the style sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from kvalitet.adapters import danish
from kvalitet.status import TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kvalitet.board import Row
    from kvalitet.web.pages.matrix.table import Line, Table

NOTHING = "–"


class Writer:
    """Skriver: writes the cells of a table; `query` is what their links go on asking for."""

    def __init__(self, table: Table, query: str) -> None:
        self._heads = [f'<td data-label="{escape(column.activity.title)}" class="' for column in table.columns]
        self._extended: Mapping[str, date] = table.known.extended
        self._query = escape(query)

    def cells(self, line: Line) -> Markup:
        """Write the cells of one school."""
        heads, written = self._heads, []
        for head, row in zip(heads, line.cells, strict=True):
            if row is None:
                written.append(f'{head}none">{NOTHING}</td>')
                continue
            key, state = row.occurrence.key, row.state
            link = f'<a href="forekomst/{quote(key)}{self._query}">{TEXTS[state]}</a>'
            written.append(f'{head}{state.value}">{link}{self._notes(row)}</td>')
        # Titles and queries are escaped above, keys are quoted, and the rest is our own.
        return Markup("".join(written))  # noqa: S704

    def _notes(self, row: Row) -> str:
        """Say what is different for this school; most have nothing."""
        told = "<small>på pause</small>" if row.pause else ""
        if row.occurrence.key in self._extended and not row.state.is_done:
            told += f"<small>udsat til {danish.short_date(row.occurrence.due)}</small>"
        return told
