"""Fil med skoletal: import of a Danish CSV or Excel file, in any of the layouts that `headings` knows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from kvalitet.adapters.sources.files.decimals import Decimals
from kvalitet.adapters.sources.files.headings import Headings, find_headings
from kvalitet.adapters.sources.files.labels import Line, Units, lines_of
from kvalitet.adapters.sources.files.opening import read_file, read_sheet
from kvalitet.adapters.sources.files.reading import LongRows, Read, RowReader, WideRows, decimals_of
from kvalitet.adapters.sources.files.sheet import Sheet, column_letters, is_blank
from kvalitet.adapters.sources.indicators import Catalogue, load_catalogue
from kvalitet.adapters.sources.source import (
    ExtractRequest,
    NotPublishedYetError,
    RawExtract,
    RowProblem,
)


@dataclass(frozen=True, kw_only=True)
class FiguresFile:
    """Fil med tal: a source like any other. `source` overrules the file's own note on where its figures come from."""

    content: bytes
    name: str
    source: str | None = None
    catalogue: Catalogue = field(default_factory=load_catalogue)

    @classmethod
    def at(cls, path: Path, *, source: str | None = None) -> FiguresFile:
        """Open the file at `path`."""
        return cls(content=read_file(path), name=path.name, source=source)

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Give the file's figures for the school year asked for, and only the indicators asked for."""
        extract = self.read(schools=request.schools, municipality_name=request.municipality_name)
        of_year = [m for m in extract.measurements if m.school_year == request.school_year]
        if not of_year:
            raise NotPublishedYetError(f"Filen {self.name} har ingen tal for skoleåret {request.school_year.label}.")
        wanted = tuple(m for m in of_year if m.indicator in request.indicators)
        return replace(extract, measurements=wanted)

    def read(self, *, schools: frozenset[str], municipality_name: str = "") -> RawExtract:
        """Give every figure of the file, whatever its school year; rows of unknown schools become problems.

        Those of other municipalities, by the file's own column, are left out where the municipality's name is given.
        """
        sheet = read_sheet(self.content, name=self.name)
        headings = find_headings(sheet, self.catalogue, name=self.name)
        lines = list(lines_of(sheet, headings))
        decimals = decimals_of(self.name, lines, headings, self.catalogue)
        read = Read(self._row_reader(sheet, headings, decimals, Units(schools, municipality_name)))
        for line in lines:
            if problem := _too_long(line, headings):
                read.problems.append(problem)
            else:
                read.add(line, fills=line.is_filled)
        return RawExtract(
            content=self.content,
            content_type=sheet.content_type,
            label=self.name,
            request=f"Import af filen {self.name}",
            measurements=tuple(read.measurements.values()),
            problems=tuple(read.problems),
            left_out=tuple(read.left_out),
        )

    def _row_reader(self, sheet: Sheet, headings: Headings, decimals: Decimals, units: Units) -> RowReader:
        source = self.source or headings.notes.get("kilde") or f"filen {self.name}"
        if headings.is_long:
            return LongRows(sheet, headings, decimals, units, source, self.catalogue)
        return WideRows(sheet, headings, decimals, units, source)


def _too_long(line: Line, headings: Headings) -> RowProblem | None:
    """Tell of a row with something to the right of the last heading: its cells may have slid."""
    if len(line.cells) <= headings.width or all(map(is_blank, line.cells[headings.width :])):
        return None
    filled = max(index for index, cell in enumerate(line.cells) if not is_blank(cell)) + 1
    why = f"rækken har {filled} felter, men der er {headings.width} kolonner"
    return RowProblem(line.number, why, column_letters(headings.width))
