"""Læsning: the rows of a sheet made into measurements, each wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from kvalitet.adapters.sources.files import headings as words
from kvalitet.adapters.sources.files.cells import CellReader, day_of, pupils_of
from kvalitet.adapters.sources.files.decimals import Decimals, Evidence
from kvalitet.adapters.sources.files.labels import LeftOutError, Line, Units
from kvalitet.adapters.sources.files.school_years import school_year_of
from kvalitet.adapters.sources.files.sheet import Cell, Sheet, column_letters, is_blank
from kvalitet.adapters.sources.source import RowProblem
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, IndicatorUnit, Measurement

if TYPE_CHECKING:
    from kvalitet.adapters.sources.files.headings import Headings
    from kvalitet.adapters.sources.indicators import Catalogue

Found = TypeVar("Found")
Key = tuple[str, int, str]
_UNIT_WORDS = {"kommune": MUNICIPALITY, "land": COUNTRY}


class CellError(ValueError):
    """Feltfejl: what is wrong, and in which column."""

    def __init__(self, why: str, column: int) -> None:
        """Carry the column (from 0)."""
        super().__init__(why)
        self.column = column


def decimals_of(name: str, lines: Sequence[Line], headings: Headings, catalogue: Catalogue) -> Decimals:
    """Decide from all of a file's figures what stands before the decimals."""
    evidence = Evidence(name)
    for column, of_column, whole in _figure_columns(lines, headings, catalogue):
        texts: dict[Cell, int] = {}
        for line in of_column:
            texts.setdefault(line.cell(column), line.number)
        for text, number in texts.items():
            if isinstance(text, str):
                evidence.add(text, number, column, whole=whole)
    return evidence.decide()


def _figure_columns(
    lines: Sequence[Line], headings: Headings, catalogue: Catalogue
) -> Iterator[tuple[int, Sequence[Line], bool]]:
    """Give the columns of numbers with their rows, and whether the numbers are whole."""
    for column in headings.figures:
        if column.indicator.unit is not IndicatorUnit.LEVEL:
            yield column.index, lines, column.indicator.unit is IndicatorUnit.COUNT
    if headings.is_long:
        for key, of_indicator in _by_indicator(lines, catalogue).items():
            if catalogue[key].unit is not IndicatorUnit.LEVEL:
                yield headings.labels[words.VALUE], of_indicator, catalogue[key].unit is IndicatorUnit.COUNT
    if words.PUPILS in headings.labels:
        yield headings.labels[words.PUPILS], lines, True


def _by_indicator(lines: Sequence[Line], catalogue: Catalogue) -> dict[str, list[Line]]:
    named = {text: catalogue.named(text) for text in {line.labels[words.INDICATOR] for line in lines}}
    found: dict[str, list[Line]] = {}
    for line in lines:
        if indicator := named[line.labels[words.INDICATOR]]:
            found.setdefault(indicator.key, []).append(line)
    return found


class WideRows:
    """Brede rækker: a column of figures for each indicator, or for each school year of one."""

    def __init__(self, sheet: Sheet, headings: Headings, decimals: Decimals, units: Units, source: str) -> None:
        self._percentages, self._headings, self._units, self._source = sheet.percentages, headings, units, source
        self._is_pivot = headings.is_pivot
        self._columns = [
            (column.index, column.indicator.key, column.school_year, CellReader(column.indicator, decimals))
            for column in headings.figures
        ]

    def __call__(self, line: Line) -> Iterator[Measurement]:
        """Give a row's measurements."""
        unit = self._unit(line)
        row_year = None if self._is_pivot else _of(line, self._headings, words.YEAR, school_year_of)
        for index, indicator, year, read in self._columns:
            try:
                figure = read(line.cell(index), is_percentage=(line.number, index) in self._percentages)
            except ValueError as error:
                raise CellError(str(error), index) from error
            yield Measurement(
                indicator=indicator,
                school_year=year or row_year or _no_year(),
                unit=unit,
                source=self._source,
                value=figure.value,
                level=figure.level,
                missing=figure.missing,
            )

    def _unit(self, line: Line) -> str:
        try:
            return self._units.of(line.labels, lambda: self._has_figures(line), may_be_sum=line.is_filled)
        except ValueError as error:
            column = next(self._headings.labels[name] for name in words.NUMBERS if name in self._headings.labels)
            raise CellError(str(error), column) from error

    def column_at(self, position: int) -> int:
        """Give the column of one of a row's measurements."""
        return self._columns[position][0]

    def _has_figures(self, line: Line) -> bool:
        return any(not is_blank(line.cell(index)) for index, *_ in self._columns)


class LongRows:
    """Lange rækker: one figure each, whose indicator, unit, source and day the row itself names."""

    def __init__(
        self, sheet: Sheet, headings: Headings, decimals: Decimals, units: Units, source: str, catalogue: Catalogue
    ) -> None:
        self._sheet, self._headings, self._units, self._source = sheet, headings, units, source
        self._decimals, self._catalogue = decimals, catalogue
        self._readers: dict[str, CellReader] = {}

    def __call__(self, line: Line) -> Iterator[Measurement]:
        """Give a row's only measurement."""
        place = self._headings.labels[words.VALUE]
        read = _of(line, self._headings, words.INDICATOR, self._reader)
        unit = _of(line, self._headings, "institutionsnummer", self._unit)
        try:
            figure = read(line.cell(place), is_percentage=(line.number, place) in self._sheet.percentages)
        except ValueError as error:
            raise CellError(str(error), place) from error
        yield Measurement(
            indicator=read.indicator.key,
            school_year=_of(line, self._headings, words.YEAR, school_year_of),
            unit=unit,
            source=line.labels.get(words.SOURCE) or self._source,
            published_on=_of(line, self._headings, words.PUBLISHED, day_of),
            pupils=_of(line, self._headings, words.PUPILS, lambda text: pupils_of(text, self._decimals)),
            value=figure.value,
            level=figure.level,
            missing=figure.missing,
        )

    def column_at(self, _position: int) -> int:
        """Give the column of the measurement."""
        return self._headings.labels[words.VALUE]

    def _reader(self, text: str) -> CellReader:
        if text not in self._readers:
            indicator = self._catalogue.named(text)
            if indicator is None:
                raise ValueError(f"nøgletallet »{text}« kendes ikke")
            self._readers[text] = CellReader(indicator, self._decimals)
        return self._readers[text]

    def _unit(self, text: str) -> str:
        return _UNIT_WORDS.get(text.casefold()) or self._units.of({"institutionsnummer": text}, lambda: True)


RowReader = WideRows | LongRows


@dataclass
class Read:
    """Det læste: the measurements so far, what is wrong, and what is no figure of the municipality's schools."""

    read_row: RowReader
    measurements: dict[Key, Measurement] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)

    def add(self, line: Line, *, fills: bool) -> None:
        """Read a row; `fills` where an export spreads a school's years over several rows."""
        try:
            found = [(self._key(one, position, fills=fills), one) for position, one in enumerate(self.read_row(line))]
        except LeftOutError as why:
            self.left_out.append(RowProblem(line.number, str(why)))
        except CellError as error:
            self.problems.append(RowProblem(line.number, str(error), column_letters(error.column)))
        except ValueError as error:
            self.problems.append(RowProblem(line.number, str(error)))
        else:
            for key, one in found:
                if one.missing is None or key not in self.measurements:
                    self.measurements[key] = one

    def _key(self, one: Measurement, position: int, *, fills: bool) -> Key:
        key = (one.indicator, one.school_year.start, one.unit)
        known = self.measurements.get(key)
        if known and not (fills and (one.missing or known.missing)):
            why = f"{one.unit} har allerede et tal for skoleåret {one.school_year.label} længere oppe"
            raise CellError(why, self.read_row.column_at(position))
        return key


def _of(line: Line, headings: Headings, name: str, read: Callable[[str], Found]) -> Found:
    """Read one label of a row, and name its column when it cannot be read."""
    try:
        return read(line.labels.get(name, ""))
    except ValueError as error:
        raise CellError(str(error), headings.labels.get(name, 0)) from error


def _no_year() -> SchoolYear:
    raise ValueError("rækken har intet skoleår")
