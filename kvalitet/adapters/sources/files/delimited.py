"""CSV: what Danish Excel saves as text, whatever its marks between columns and its letters."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice

from kvalitet.adapters.sources.files.sheet import CSV, MOST_COLUMNS, MOST_ROWS, NOTE, Sheet
from kvalitet.adapters.sources.source import WrongFileError

# The first line of some files tells Excel what stands between the columns; Excel does not count it as a row.
_TELLS_MARK = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_MARKS = (";", "\t", ",")
_LINES_LOOKED_AT = 50
_BYTE_ORDERS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))


def read_delimited(content: bytes, *, name: str) -> Sheet:
    """Read a file with semicolons, tabulators or commas between the columns."""
    text = _decoded(content, name)
    told = _TELLS_MARK.match(text)
    text = text[told.end() :] if told else text
    mark = told[1] if told else _mark_of(text)
    if mark is None:
        raise WrongFileError(
            f"Filen {name} kan ikke læses: den skal have semikolon, tabulator eller komma mellem kolonnerne."
        )
    return Sheet(_rows(text, mark, name), CSV)


def _rows(text: str, mark: str, name: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        number = len(rows) + 1
        raise WrongFileError(f"Filen {name} kan ikke læses i række {number}: gem den igen som CSV.") from error
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise WrongFileError(f"Filen {name} er for stor: højst {MOST_ROWS} rækker og {MOST_COLUMNS} kolonner.")
    return rows


def _mark_of(text: str) -> str | None:
    """Find what stands between the columns: the mark that most of the lines have, outside of quotes.

    Every line of a file with semicolons has one; only some of them have a decimal comma too.
    """
    begun = (line for line in text.splitlines() if line.strip() and not line.startswith(NOTE))
    lines = [_QUOTED.sub("", line) for line in islice(begun, _LINES_LOOKED_AT)]
    if not lines:
        return _MARKS[0]
    found = {mark: sum(mark in line for line in lines) for mark in _MARKS}
    best = max(_MARKS, key=lambda mark: found[mark])
    return best if found[best] else None


def _decoded(content: bytes, name: str) -> str:
    """Read the letters: "CSV UTF-8" and "Unicode text" say what they are; plain "CSV" is windows-1252."""
    told = next((encoding for mark, encoding in _BYTE_ORDERS if content.startswith(mark)), None)
    for encoding in (told,) if told else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFileError(f"Filen {name} er ikke en tekstfil, vi kan læse; gem den igen som CSV UTF-8.")
