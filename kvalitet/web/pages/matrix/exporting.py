"""Exporting: the matrix as shown, as rows of a spreadsheet or of CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.danish import local
from kvalitet.board import progress_of
from kvalitet.status import TEXTS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from kvalitet.board import Row
    from kvalitet.web.pages.matrix.table import Line, Table
    from kvalitet.web.pages.spreadsheets import Value

HEADS = ("Skole", "Institutionsnummer", "Skolegruppe")
TAILS = ("Mangler", "Over fristen", "Afleveret i procent", "Sidst påmindet", "Næste påmindelse")
CALLS = "Opkald"


def rows_of(table: Table, *, followed: Collection[str]) -> list[list[Value]]:
    """Give heads and values: one row for each school, and one that counts.

    Calls are told of the schools (by number) that their reader follows up; who follows none up has no such column.
    """
    rows = _rows(table)
    if not followed:
        return rows
    calls: list[Value] = [line.calls if line.school.number in followed else "" for line in table.lines]
    counted = sum(line.calls for line in table.lines if line.school.number in followed)
    return [[*row, told] for row, told in zip(rows, (CALLS, *calls, counted), strict=True)]


def _rows(table: Table) -> list[list[Value]]:
    heads: list[Value] = [*HEADS, *(column.activity.title for column in table.columns), *TAILS]
    counted = [f"{column.progress.done} af {column.progress.expected}" for column in table.columns]
    done, expected, overdue = table.progress
    sums: list[Value] = [
        "Alle viste",
        "",
        "",
        *counted,
        sum(line.missing for line in table.lines),
        overdue,
        _percent(done, expected),
        "",
        "",
    ]
    return [heads, *(_values(line, table) for line in table.lines), sums]


def _values(line: Line, table: Table) -> list[Value]:
    counted = progress_of(row for row in line.cells if row)
    return [
        line.school.name,
        line.school.number,
        line.group,
        *(_told(row, table) for row in line.cells),
        line.missing,
        line.overdue,
        _percent(counted.done, counted.expected),
        _day(local(line.reminded).date()) if line.reminded else "",
        _day(line.coming) if line.coming else "",
    ]


def _told(row: Row | None, table: Table) -> str:
    if row is None:
        return ""
    told = TEXTS[row.state]
    if row.pause:
        told += ", på pause"
    if row.occurrence.key in table.known.extended and not row.state.is_done:
        told += f", udsat til {_day(row.occurrence.due)}"
    return told


def _percent(done: int, expected: int) -> float:
    return round(100 * done / expected, 1) if expected else 100.0


def _day(day: date | datetime) -> str:
    return f"{day:%d.%m.%Y}"
