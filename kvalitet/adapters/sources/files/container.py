"""Excel-filens pakke: what is in an .xlsx before it is read, so that a small file cannot ask for all memory.

The reader lays a sheet out as a full rectangle: two cells in opposite corners of a file of 2 kB are 550 GB
(github.com/tafia/calamine issue 693). How far the cells reach is therefore found here, first.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from kvalitet.adapters.sources.files.sheet import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from kvalitet.adapters.sources.source import WrongFileError

MOST_BYTES = 128 * 1024 * 1024
MOST_PARTS = 2000
_PIECE = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_COLUMNS = re.compile(rb"""\br\s*=\s*["']\s*\$?([A-Za-z]*)\$?[0-9]""")
_ROWS = re.compile(rb"""\br\s*=\s*["']\s*\$?[A-Za-z]*\$?([0-9]+)""")
_ROWS_AND_CELLS = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s/>])")
_SHEET_DATA = b"sheetData"
# An element that is closed at once holds nothing: Excel writes those for cells that only have a colour.
_EMPTY_ELEMENTS = re.compile(rb"""<\w+(?:\s+[\w:]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/>""")


class DamagedError(Exception):
    """Ødelagt: the package cannot be opened."""


@dataclass(frozen=True)
class Container:
    """Pakke: the parts of an .xlsx, by name."""

    parts: dict[str, bytes]

    @classmethod
    def of(cls, content: bytes, *, name: str) -> Container:
        """Unpack a file within bounds; anything but a workbook of .xlsx is refused."""
        try:
            parts = dict(_unpacked(content, name))
        except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError) as error:
            raise DamagedError from error
        if "xl/workbook.xml" not in parts:
            raise DamagedError
        for part_name, part in parts.items():
            if _SHEET_DATA in part:
                _refuse_wide(part, name)
            if part_name.endswith(".xml") or _SHEET_DATA in part:
                _refuse_broken(part)
        return cls(parts)


def _unpacked(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
    room = MOST_BYTES
    if len(infos) > MOST_PARTS:
        raise _too_large(name)
    for info in infos:
        # What a package says of its parts' sizes may be false; what comes out is counted.
        part = _inflated(content, info, room)
        if part is None:
            raise _too_large(name)
        room -= len(part)
        yield info.filename, part


def _inflated(content: bytes, info: zipfile.ZipInfo, room: int) -> bytes | None:
    """Unpack one part; None when it holds more than there is room for."""
    mark, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    begins = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = content[begins : begins + info.compress_size]
    if mark != b"PK\x03\x04":
        raise ValueError(mark)
    if info.compress_type == zipfile.ZIP_STORED:
        return packed if len(packed) <= room else None
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    found = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, room + 1)
    return found if len(found) <= room else None


def _refuse_wide(part: bytes, name: str) -> None:
    if not _fits(part) and not _fits(_EMPTY_ELEMENTS.sub(b"", part)):
        raise _too_large(name)


def _refuse_broken(part: bytes) -> None:
    """The reader goes on through broken XML, and may then read figures from the wrong cells."""
    try:
        expat.ParserCreate("utf-8").Parse(part, True)  # noqa: FBT003 -- the parser's own signature
    except expat.ExpatError as error:
        raise DamagedError from error


def _fits(part: bytes) -> bool:
    """Tell whether all cells lie within the largest sheet that is read.

    A row or cell that does not say where it is comes after the one before it, so it may lie one further out.
    """
    letters, digits, elements = _COLUMNS.findall(part), _ROWS.findall(part), _ROWS_AND_CELLS.findall(part)
    placed_rows = letters.count(b"")
    unplaced_rows = max(0, elements.count(b"row") - placed_rows)
    unplaced_cells = max(0, elements.count(b"c") - (len(letters) - placed_rows))
    row = unplaced_rows + max(map(int, set(digits)), default=0)
    column = unplaced_cells + max(map(_column_number, set(letters)), default=0)
    return row <= MOST_ROWS and column <= MOST_COLUMNS and row * column <= MOST_CELLS


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = 26 * number + letter - ord("A") + 1
    return number


def _too_large(name: str) -> WrongFileError:
    return WrongFileError(
        f"Filen {name} er for stor: højst {MOST_ROWS} rækker og {MOST_COLUMNS} kolonner. "
        "Slet det, der står langt nede eller langt til højre, og prøv igen."
    )
