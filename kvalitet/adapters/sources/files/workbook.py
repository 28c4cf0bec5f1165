"""Excel: the first visible sheet of a workbook, within bounds, and which of its cells are shown as percentages."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kvalitet.adapters.sources.files.container import Container, DamagedError
from kvalitet.adapters.sources.files.sheet import EXCEL, MOST_ROWS, Cell, Row, Sheet
from kvalitet.adapters.sources.source import WrongFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Range = tuple[tuple[int, int], tuple[int, int]]

PACKAGE_MARK = b"PK\x03\x04"
_ERROR = "#FEJL"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PERCENT_FORMATS = {"9", "10"}
_TEXT_IN_FORMAT = re.compile(r'"[^"]*"|\\.')
_CELLS = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]+)([0-9]+)["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]+)["']""")


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is one of Excel's own."""
    return content.startswith((PACKAGE_MARK, OLD_EXCEL_MARK))


def read_workbook(content: bytes, *, name: str) -> Sheet:
    """Read the first sheet that is not hidden."""
    try:
        container = Container.of(content, name=name)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet_name = _first_visible(book)
        sheet = book.get_sheet_by_name(sheet_name)
        rows = sheet.to_python(skip_empty_area=False)
        part = container.parts[_part_of(container, sheet_name)]
        percentages = frozenset(_percentages(part, _percent_styles(container.parts.get("xl/styles.xml"))))
        for row, column in _errors(part):
            rows[row - 1][column] = _ERROR
    except (DamagedError, CalamineError, ET.ParseError, OSError, ValueError, LookupError) as error:
        raise WrongFileError(f"Filen {name} kan ikke læses som Excel; gem den igen som .xlsx eller CSV.") from error
    return Sheet(rows, EXCEL, percentages=percentages, merged=_merged(sheet.merged_cell_ranges or [], rows))


def _first_visible(book: CalamineWorkbook) -> str:
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return shown[0]


def _percentages(part: bytes, styles: set[bytes]) -> Iterator[tuple[int, int]]:
    """List the cells that Excel shows as percentages: they hold 0.093 where a person reads 9,3 %."""
    for attributes in _CELLS.findall(part) if styles else ():
        style = _STYLE.search(attributes)
        if style and style[1] in styles:
            yield _place(attributes)


def _merged(ranges: list[Range], rows: Sequence[Row]) -> dict[tuple[int, int], Cell]:
    """Give what is shown in the cells below the first of a column that are merged with it."""
    found: dict[tuple[int, int], Cell] = {}
    for (first, column), (last, last_column) in ranges:
        if column == last_column and first < len(rows) and column < len(rows[first]) and len(found) < MOST_ROWS:
            found |= {(row + 1, column): rows[first][column] for row in range(first + 1, min(last + 1, len(rows)))}
    return found


def _errors(part: bytes) -> Iterator[tuple[int, int]]:
    """List the cells whose formula has failed (#N/A); the reader gives them as empty, and an error is no blank."""
    if _IS_ERROR.search(part):
        yield from (_place(attributes) for attributes in _CELLS.findall(part) if _IS_ERROR.search(attributes))


def _place(attributes: bytes) -> tuple[int, int]:
    found = _REFERENCE.search(attributes)
    if found is None:
        raise DamagedError
    return int(found[2]), _column_index(found[1])


def _percent_styles(part: bytes | None) -> set[bytes]:
    if part is None:
        return set()
    root = ET.fromstring(part)  # noqa: S314 -- its size is bounded, and expat itself stops entities that grow
    own = {
        found.get("numFmtId", "")
        for found in root.iter(f"{_MAIN}numFmt")
        if "%" in _TEXT_IN_FORMAT.sub("", found.get("formatCode", ""))
    }
    formats = [found.get("numFmtId") for found in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]
    return {str(number).encode() for number, form in enumerate(formats) if form in own | _PERCENT_FORMATS}


def _part_of(container: Container, sheet: str) -> str:
    """Find where in the package a sheet lies."""
    book = ET.fromstring(container.parts["xl/workbook.xml"])  # noqa: S314 -- as above
    relations = ET.fromstring(container.parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 -- as above
    wanted = {found.get("name"): found.get(f"{_RELATIONS}id") for found in book.iter(f"{_MAIN}sheet")}[sheet]
    target = {found.get("Id"): found.get("Target", "") for found in relations}[wanted]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column_index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1
