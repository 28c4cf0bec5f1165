"""Ark: the cells of a file, counted as Excel counts them, before anyone knows what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
NOTE = "#"
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 500, 3_000_000

# A CSV file has texts only; Excel keeps numbers and dates as what they are.
Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta
Row: TypeAlias = Sequence[Cell]


@dataclass(frozen=True)
class Sheet:
    """Ark: its rows from `first_row` on, the empty ones too.

    `percentages` are the cells (row and column, from 1 and 0) that show 9,3 % and hold 0.093; `merged` gives what is
    shown in a cell that is one with those above it.
    """

    rows: Sequence[Row]
    content_type: str
    first_row: int = 1
    percentages: frozenset[tuple[int, int]] = frozenset()
    merged: Mapping[tuple[int, int], Cell] = field(default_factory=dict)

    def numbered(self) -> enumerate[Row]:
        """Give every row with its number."""
        return enumerate(self.rows, self.first_row)


def text_of(cell: Cell) -> str:
    """Give a cell's text; a number as Danes write it, without thousands points."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "SAND" if cell else "FALSK"
    if isinstance(cell, int | float):
        return f"{exact(cell):f}".replace(".", ",")
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def exact(number: float) -> Decimal:
    """Give a number with the 15 digits that Excel keeps and shows; the rest is noise of its arithmetic."""
    return Decimal(f"{number:.15g}")


def is_blank(cell: Cell) -> bool:
    """Tell whether there is nothing in a cell."""
    return isinstance(cell, str) and not cell.strip()


def column_letters(column: int) -> str:
    """Name a column (from 0) as Excel does: A, B … Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_of(row: int, column: int) -> str:
    """Name a cell as a person finds it."""
    return f"række {row}, kolonne {column_letters(column)}"
