"""Cells and lines: each written once and short, since a large municipality has many thousands of them on one page.

What a cell is about stands in the heads of its row and column; its icon is drawn by the style sheet. The order of
what is written lets a cell repeat the one before it and the one above it, which is what compression lives by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape

from kvalitet.adapters import danish
from kvalitet.status import TEXTS, State

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from kvalitet.board import Row
    from kvalitet.web.pages.matrix.table import Line, Table

# Each line has a name to come back to, unless there are so many that their names would weigh on the page.
MOST_NAMED = 300
NOTHING = '<td class="none">–</td>'
# Before it opens there is nothing to see or do, so it leads nowhere.
NOT_OPEN = f'<td><span class="not_open">{TEXTS[State.NOT_OPEN]}</span>'


class Writer:
    """Skriver: writes the lines of a table; `query` is what their links go on asking for, `asked` those of the cells.

    The schools in `followed` are followed up by whoever looks; None is for those who follow up on nobody.
    """

    def __init__(self, table: Table, query: str, asked: str, *, followed: AbstractSet[str] | None) -> None:
        self._extended, self._followed, self._query = table.known.extended, followed, escape(query)
        self.is_named = followed is not None and len(table.lines) <= MOST_NAMED
        self._ends = [
            {state: _end(column.activity.key, column.activity.title, state, asked) for state in State}
            for column in table.columns
        ]

    def line(self, line: Line) -> str:
        """Write the line of one school."""
        number = quote(line.school.number)
        name = f' id="s{number}"' if self.is_named else ""
        return (
            f'  <tr><th scope="row"{name}><a href="skole/{number}{self._query}">{escape(line.school.name)}</a></th>'
            f'<td class="number" data-label="Mangler">{_missing(line)}</td>'
            f'<td class="day" data-label="Påmindet, næste">{_days(line)}</td>'
            f"{self.cells(line)}{self._todo(line, number)}</tr>\n"
        )

    def cells(self, line: Line) -> str:
        """Write the cells of one school."""
        begins, written = f'<td><a href="skole/{quote(line.school.number)}/aflevering/', []
        for ends, row in zip(self._ends, line.cells, strict=True):
            if row is None:
                written.append(NOTHING)
            else:
                cell = NOT_OPEN if row.state is State.NOT_OPEN else begins + ends[row.state]
                written.append(f"{cell}{self._notes(row)}</td>")
        return "".join(written)

    def _notes(self, row: Row) -> str:
        """Say what is different for this school; most have nothing."""
        told = "<small>på pause</small>" if row.pause else ""
        if row.occurrence.key in self._extended and not row.state.is_done:
            told += f"<small>udsat til {danish.short_date(row.occurrence.due)}</small>"
        return told

    def _todo(self, line: Line, number: str) -> str:
        if self._followed is None:
            return ""
        if line.school.number not in self._followed:
            return '<td class="todo"></td>'
        calls = f" <small>{line.calls} opkald</small>" if line.calls else ""
        return f'<td class="todo"><a href="skole/{number}/opkald{self._query}">Følg op</a>{calls}</td>'


def _missing(line: Line) -> str:
    over = f' <strong class="overdue-text">({line.overdue} over)</strong>' if line.overdue else ""
    return f"{line.missing}{over}"


def _days(line: Line) -> str:
    """Write when the school was last reminded, and when it will be."""
    told = danish.numeric_date(danish.local(line.reminded).date()) if line.reminded else ""
    if line.coming:
        comma = ", " if line.reminded else ""
        told += f'<span class="sr-only">{comma}næste </span><span class="coming" aria-hidden="true">→</span>'
        told += danish.numeric_date(line.coming)
    return told


def _end(activity: str, title: str, state: State, query: str) -> str:
    """Write the rest of a link; what still asks for something says on a small screen what it is about."""
    label = "" if state.is_done else f' data-label="{escape(title)}"'
    return f'{quote(activity)}{escape(query)}" class="{state.value}"{label}>{TEXTS[state]}</a>'
