"""Åbning: a file's bytes, within bounds, and the sheet in them, whichever program saved it."""

from __future__ import annotations

from pathlib import Path

from kvalitet.adapters.sources.files.delimited import read_delimited
from kvalitet.adapters.sources.files.sheet import Sheet
from kvalitet.adapters.sources.files.workbook import is_workbook, read_workbook
from kvalitet.adapters.sources.source import WrongFileError

LARGEST_MEGABYTES = 64
LARGEST_FILE = LARGEST_MEGABYTES * 1024 * 1024


def read_file(path: Path) -> bytes:
    """Read the file at `path`, and no more of it than is too much."""
    try:
        with path.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise WrongFileError(f"Filen {path} kan ikke åbnes; se efter, om stien er rigtig.") from error


def read_sheet(content: bytes, *, name: str) -> Sheet:
    """Read a CSV file, or the first visible sheet of a workbook."""
    if len(content) > LARGEST_FILE:
        raise WrongFileError(f"Filen {name} er for stor; den må højst fylde {LARGEST_MEGABYTES} MB.")
    read = read_workbook if is_workbook(content) else read_delimited
    return read(content, name=name)
