"""Fil med skoletal: import of a Danish CSV or Excel file, in either of two layouts.

Wide, as on uddannelsesstatistik.dk: a row per school and a column per indicator (`Skoleår;Afdelingsnummer;Elevtal`).
Long, for what no source has: `skoleår;institutionsnummer;indikator;værdi`, with `kommune` or `land` for the number
when the figure is the municipality's or the country's, and perhaps `kilde` and `offentliggjort` (2025-03-18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kvalitet.adapters.sources.figure import FigureText
from kvalitet.adapters.sources.indicators import Catalogue, load_catalogue
from kvalitet.adapters.sources.source import (
    ExtractRequest,
    NotPublishedYetError,
    RawExtract,
    RowProblem,
    WrongFileError,
)
from kvalitet.adapters.sources.table_file import Row, Table, read_table
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement

_NUMBER_COLUMNS = ("Afdelingsnummer", "Institutionsnummer")
_WIDE_CONTEXT = ("Skoleår", "Kommune", "Afdeling", "Institution", *_NUMBER_COLUMNS)
_LONG_COLUMNS = ("skoleår", "institutionsnummer", "indikator", "værdi")
_LONG_EXTRAS = ("kilde", "offentliggjort")
_UNIT_WORDS = {"kommune": MUNICIPALITY, "land": COUNTRY}


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
        try:
            return cls(content=path.read_bytes(), name=path.name, source=source)
        except OSError as error:
            raise WrongFileError(f"Filen {path} kan ikke åbnes; se efter, om stien er rigtig.") from error

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Give the file's figures for the school year asked for, and only the indicators asked for."""
        extract = self.read(schools=request.schools)
        of_year = [m for m in extract.measurements if m.school_year == request.school_year]
        if not of_year:
            raise NotPublishedYetError(f"Filen {self.name} har ingen tal for skoleåret {request.school_year.label}.")
        wanted = tuple(m for m in of_year if m.indicator in request.indicators)
        return replace(extract, measurements=wanted)

    def read(self, *, schools: frozenset[str]) -> RawExtract:
        """Give every figure of the file, whatever its school year; rows of other schools become problems."""
        table = read_table(self.content, name=self.name)
        read_row = self._row_reader(table)
        reading = _Reading(schools=schools, problems=list(table.problems))
        for row in table.rows:
            reading.add(row, read_row)
        return RawExtract(
            content=self.content,
            content_type=table.content_type,
            label=self.name,
            request=f"Import af filen {self.name}",
            measurements=tuple(reading.measurements.values()),
            problems=tuple(sorted(reading.problems, key=lambda problem: problem.row)),
        )

    def _row_reader(self, table: Table) -> RowReader:
        source = self.source or table.notes.get("kilde") or f"filen {self.name}"
        if "indikator" in table.columns:
            self._require_long_columns(table.columns)
            return _LongReader(self.catalogue, source)
        return _WideReader(self.catalogue, source, self._number_column(table.columns))

    def _require_long_columns(self, columns: tuple[str, ...]) -> None:
        missing = [column for column in _LONG_COLUMNS if column not in columns]
        unknown = [column for column in columns if column not in (*_LONG_COLUMNS, *_LONG_EXTRAS)]
        self._refuse(missing, unknown)

    def _number_column(self, columns: tuple[str, ...]) -> str:
        number_column = next((column for column in _NUMBER_COLUMNS if column in columns), None)
        missing = [] if "Skoleår" in columns else ["Skoleår"]
        if number_column is None:
            missing.append(" eller ".join(_NUMBER_COLUMNS))
        if not any(column in self.catalogue.columns for column in columns):
            missing.append(f"med et nøgletal (fx {next(iter(self.catalogue.columns))})")
        unknown = [c for c in columns if c not in _WIDE_CONTEXT and c not in self.catalogue.columns]
        self._refuse(missing, unknown)
        return number_column or ""

    def _refuse(self, missing: list[str], unknown: list[str]) -> None:
        parts = [f"mangler kolonnen {', '.join(missing)}"] if missing else []
        parts += [f"har ukendte kolonner: {', '.join(unknown)}"] if unknown else []
        if parts:
            raise WrongFileError(f"Filen {self.name} {' og '.join(parts)}. Ret overskrifterne, og prøv igen.")


@dataclass(frozen=True)
class _WideReader:
    catalogue: Catalogue
    source: str
    number_column: str

    def __call__(self, row: Row) -> Iterator[FigureText]:
        school_year = SchoolYear.parse(row.cells["Skoleår"])
        unit = row.cells[self.number_column]
        for column, text in row.cells.items():
            if column in self.catalogue.columns:
                indicator = self.catalogue[self.catalogue.columns[column]]
                yield FigureText(indicator=indicator, school_year=school_year, unit=unit, text=text, source=self.source)


@dataclass(frozen=True)
class _LongReader:
    catalogue: Catalogue
    source: str

    def __call__(self, row: Row) -> Iterator[FigureText]:
        cells = row.cells
        indicator = self.catalogue.named(cells["indikator"])
        if indicator is None:
            raise ValueError(f"nøgletallet »{cells['indikator']}« kendes ikke")
        unit = cells["institutionsnummer"]
        yield FigureText(
            indicator=indicator,
            school_year=SchoolYear.parse(cells["skoleår"]),
            unit=_UNIT_WORDS.get(unit.casefold(), unit),
            text=cells["værdi"],
            source=cells.get("kilde") or self.source,
            published_on=_day(cells.get("offentliggjort", "")),
        )


RowReader = Callable[[Row], Iterator[FigureText]]


@dataclass
class _Reading:
    """What has been read so far; a row counts wholly or not at all."""

    schools: frozenset[str]
    problems: list[RowProblem]
    measurements: dict[tuple[str, SchoolYear, str], Measurement] = field(default_factory=dict)

    def add(self, row: Row, read_row: RowReader) -> None:
        try:
            found = [figure.measurement() for figure in read_row(row)]
            self._check(found)
        except ValueError as error:
            self.problems.append(RowProblem(row.number, str(error)))
        else:
            self.measurements |= {(m.indicator, m.school_year, m.unit): m for m in found}

    def _check(self, found: list[Measurement]) -> None:
        for m in found:
            if m.unit not in {MUNICIPALITY, COUNTRY} and m.unit not in self.schools:
                raise ValueError(f"skolen med institutionsnummer »{m.unit}« kendes ikke i kommunen")
            if (m.indicator, m.school_year, m.unit) in self.measurements:
                raise ValueError(f"{m.unit} har allerede et tal for {m.indicator} i skoleåret {m.school_year.label}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"»{text}« er ikke en dato; skriv den som 2025-03-18") from error
