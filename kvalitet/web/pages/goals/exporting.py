"""Exporting the goals: the matrix as shown, with the sentence of each verdict beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.web.pages.goals.cells import OWN
from kvalitet.web.pages.goals.table import SHORT

if TYPE_CHECKING:
    from kvalitet.web.pages.goals.table import Cell, Column, Line, Table
    from kvalitet.web.pages.spreadsheets import Value

HEADS = ("Hvem", "Institutionsnummer", "Skolegruppe")


def rows_of(table: Table) -> list[list[Value]]:
    """Give heads and values: the country and the municipality, and then a row for each school."""
    heads: list[Value] = [*HEADS]
    for column in table.columns:
        heads += _heads(column)
    if table.has_own:
        heads += [f"{OWN}: vurdering", f"{OWN}: begrundelse"]
    return [heads, *(_values(line, table) for line in (*table.whole, *table.lines))]


def _heads(column: Column) -> list[Value]:
    title, year = column.goal.title, f" {column.year.label}" if column.year else ""
    heads: list[Value] = [f"{title}: vurdering", f"{title}: begrundelse"] if column.is_judged else []
    return [*heads, f"{title}: tal{year}"] if column.goal.indicator else heads


def _values(line: Line, table: Table) -> list[Value]:
    values: list[Value] = [line.title, line.school.number if line.school else "", line.group]
    for column, cell in zip(table.columns, line.cells, strict=True):
        if column.is_judged:
            values += _judged(cell)
        if column.goal.indicator:
            values.append(_figure(cell))
    return [*values, *_own(line)] if table.has_own else values


def _own(line: Line) -> list[Value]:
    """Give a school's own goals in one cell, and their sentences in another."""
    judged = "; ".join(f"{one.goal.title}: {SHORT[one.attainment]}" for one in line.own)
    return [judged, " ".join(one.verdict.sentence for one in line.own if one.verdict)]


def _judged(cell: Cell) -> list[Value]:
    if cell.verdict is None or cell.attainment is None:
        return ["", ""]
    return [SHORT[cell.attainment], cell.verdict.sentence]


def _figure(cell: Cell) -> Value:
    found = cell.figure
    if found is None or found.missing is not None:
        return f"mangler: {cell.why}" if cell.why else ""
    return found.level or (found.value if found.value is not None else "")
