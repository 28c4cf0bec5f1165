"""Cells: each written once and short, since a large municipality has many thousands of them on one page.

What a cell is about stands in the heads of its row and column; its icon is drawn by the style sheet. The order of
what is written lets a cell repeat the one before it and the one above it, which is what compression lives by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from kvalitet.adapters import danish
from kvalitet.status import TEXTS, State

if TYPE_CHECKING:
    from kvalitet.board import Row
    from kvalitet.web.pages.matrix.table import Line, Table

NOTHING = '<td class="none">–</td>'
# Before it opens there is nothing to see or do, so it leads nowhere.
NOT_OPEN = f'<td><span class="not_open">{TEXTS[State.NOT_OPEN]}</span>'


class Writer:
    """Skriver: writes the cells of a table; `query` is what their links go on asking for."""

    def __init__(self, table: Table, query: str) -> None:
        self._extended = table.known.extended
        self._ends = [
            {state: _end(column.activity.key, column.activity.title, state, query) for state in State}
            for column in table.columns
        ]

    def cells(self, line: Line) -> Markup:
        """Write the cells of one school."""
        begins, written = f'<td><a href="skole/{quote(line.school.number)}/aflevering/', []
        for ends, row in zip(self._ends, line.cells, strict=True):
            if row is None:
                written.append(NOTHING)
            else:
                cell = NOT_OPEN if row.state is State.NOT_OPEN else begins + ends[row.state]
                written.append(f"{cell}{self._notes(row)}</td>")
        # Titles and queries are escaped, keys and numbers are quoted, and the rest is our own.
        return Markup("".join(written))  # noqa: S704

    def _notes(self, row: Row) -> str:
        """Say what is different for this school; most have nothing."""
        told = "<small>på pause</small>" if row.pause else ""
        if row.occurrence.key in self._extended and not row.state.is_done:
            told += f"<small>udsat til {danish.short_date(row.occurrence.due)}</small>"
        return told


def _end(activity: str, title: str, state: State, query: str) -> str:
    """Write the rest of a link; what still asks for something says on a small screen what it is about."""
    label = "" if state.is_done else f' data-label="{escape(title)}"'
    return f'{quote(activity)}{escape(query)}" class="{state.value}"{label}>{TEXTS[state]}</a>'
