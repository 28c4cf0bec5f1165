"""Cells of goals: written once and short, as those of the schools' deliverables are; each leads to its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from kvalitet.web.pages.goals.table import SHORT

if TYPE_CHECKING:
    from kvalitet.web.pages.goals.table import Cell, Column, Line, OwnGoal, Table

OWN = "Skolens egne mål"
NOTHING = '<td class="none">–</td>'


class Writer:
    """Skriver: writes the cells of the matrix; `query` is what their links go on asking for."""

    def __init__(self, table: Table, query: str) -> None:
        self._columns, self._query, self._has_own = table.columns, escape(query), table.has_own

    def cells(self, line: Line) -> Markup:
        """Write the cells of one line."""
        found = [self._cell(line, *both) for both in zip(self._columns, line.cells, strict=True)]
        if self._has_own:
            found.append(self._own(line))
        # Texts and queries are escaped, keys and numbers are quoted, and the rest is our own.
        return Markup("".join(found))  # noqa: S704

    def _cell(self, line: Line, column: Column, cell: Cell) -> str:
        label = f' data-label="{escape(column.goal.title)}"'
        figure = self._figure(line, column, cell)
        if cell.verdict is None or cell.attainment is None:
            return f'<td class="figure"{label}>{figure}</td>' if figure else NOTHING
        where = f"maal/{quote(column.goal.key)}/{quote(line.unit)}{self._query}"
        return f'<td{label}><a href="{where}" class="{cell.attainment.value}">{SHORT[cell.attainment]}</a>{figure}</td>'

    def _own(self, line: Line) -> str:
        """Write the goals that a school has set for itself; one that is not judged yet leads nowhere."""
        if not line.own:
            return NOTHING
        return f'<td data-label="{OWN}">{"".join(self._own_goal(line, one) for one in line.own)}</td>'

    def _own_goal(self, line: Line, one: OwnGoal) -> str:
        kind, title = one.attainment.value, f"<small>{escape(one.goal.title)}</small>"
        if one.verdict is None:
            return f'<span class="{kind}">ikke vurderet endnu</span>{title}'
        where = f"maal/{quote(one.goal.key)}/{quote(line.unit)}{self._query}"
        return f'<a href="{where}" class="{kind}">{SHORT[one.attainment]}</a>{title}'

    def _figure(self, line: Line, column: Column, cell: Cell) -> str:
        """Write the figure of the goal, which leads to where it comes from, or why there is none."""
        if column.goal.indicator is None or column.year is None or not (cell.text or cell.why):
            return ""
        where = f"tal/{quote(column.goal.indicator.key)}/{column.year.key}/{quote(line.unit)}{self._query}"
        shown = f'<a href="{where}" class="value">{escape(cell.text) if cell.text else "–"}</a>'
        return shown if cell.text else f"{shown}<small>{escape(cell.why)}</small>"
