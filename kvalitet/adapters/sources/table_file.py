"""Tabelfil: the rows of a Danish CSV or Excel file as texts, before anyone knows what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from kvalitet.adapters.sources.source import RowProblem, WrongFileError

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_ZIP_MAGIC = b"PK\x03\x04"
_NOTE = "#"


@dataclass(frozen=True)
class Row:
    """Række: `number` is the row as Excel counts it."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """Tabel: one row per school or figure, under the file's own column names.

    `notes` are the lines above the table that begin with #, such as `# Kilde: Uddannelsesstatistik.dk`.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]
    notes: dict[str, str]
    content_type: str


def read_table(content: bytes, *, name: str) -> Table:
    """Read the first sheet of an Excel file, or a CSV file with `;` or tabulators between the columns."""
    is_excel = content.startswith(_ZIP_MAGIC)
    lines = list(_excel_lines(content, name) if is_excel else _csv_lines(content, name))
    notes = [cells for _, cells in lines if cells[0].startswith(_NOTE)]
    table = [(number, cells) for number, cells in lines if not cells[0].startswith(_NOTE)]
    if not table:
        raise WrongFileError(f"Filen {name} er tom; vælg en fil med en overskriftsrække og tal.")
    columns = _columns(table[0][1], name)
    rows, problems = _rows(columns, table[1:])
    return Table(columns, tuple(rows), tuple(problems), _notes(notes), EXCEL if is_excel else CSV)


def _columns(cells: list[str], name: str) -> tuple[str, ...]:
    columns = tuple(cells)
    doubles = sorted({column or "(uden navn)" for column in columns if columns.count(column) > 1 or not column})
    if doubles:
        raise WrongFileError(f"Filen {name} har kolonner uden navn eller med samme navn: {', '.join(doubles)}.")
    return columns


def _rows(columns: tuple[str, ...], lines: list[tuple[int, list[str]]]) -> tuple[list[Row], list[RowProblem]]:
    rows, problems = [], []
    for number, cells in lines:
        if len(cells) > len(columns):
            problems.append(RowProblem(number, f"rækken har {len(cells)} felter, men der er {len(columns)} kolonner"))
            continue
        padded = cells + [""] * (len(columns) - len(cells))
        rows.append(Row(number, dict(zip(columns, padded, strict=True))))
    return rows, problems


def _notes(lines: list[list[str]]) -> dict[str, str]:
    notes = (cells[0].lstrip(_NOTE).partition(":") for cells in lines)
    return {name.strip().casefold(): value.strip() for name, _, value in notes}


def _csv_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    heading = next((line for line in text.splitlines() if line.strip() and not line.startswith(_NOTE)), "")
    if not heading:
        return
    delimiter = next((mark for mark in ";\t" if mark in heading), None)
    if delimiter is None:
        raise WrongFileError(f"Filen {name} kan ikke læses: den skal have semikolon eller tabulator mellem kolonnerne.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield from _filled(reader.line_num, cells)
    except csv.Error as error:
        raise WrongFileError(
            f"Filen {name} kan ikke læses ved linje {reader.line_num}: gem den igen som CSV."
        ) from error


def _decoded(content: bytes) -> str:
    # Excel's "CSV UTF-8" writes a BOM; its plain "CSV" writes windows-1252, in which every Danish letter is one byte.
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _excel_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError) as error:
        raise WrongFileError(f"Filen {name} kan ikke læses som Excel; gem den igen som .xlsx eller CSV.") from error
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield from _filled(number, [_cell_text(cell) for cell in cells])


def _filled(number: int, cells: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Give the line without the empty cells at its end, and only when there is something in it."""
    stripped = [cell.strip() for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    if stripped:
        yield number, stripped


def _cell_text(cell: object) -> str:
    """Write a number of a sheet as Danes do, so that one parser reads both kinds of file."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{Decimal(str(cell)).normalize():f}".replace(".", ",")
    return str(cell)
