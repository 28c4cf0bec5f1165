"""Læsning: the rows of a sheet made into measurements, each wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from kvalitet.adapters.sources.files import headings as words
from kvalitet.adapters.sources.files.cells import CellReader, day_of
from kvalitet.adapters.sources.files.decimals import Decimals, Evidence
from kvalitet.adapters.sources.files.labels import LeftOutError, Line, Units
from kvalitet.adapters.sources.files.school_years import school_year_of
from kvalitet.adapters.sources.files.sheet import Cell, Sheet, column_letters, is_blank
from kvalitet.adapters.sources.source import RowProblem
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Indicator, IndicatorUnit, Measurement

if TYPE_CHECKING:
    from kvalitet.adapters.sources.files.headings import Headings
    from kvalitet.adapters.sources.indicators import Catalogue

Found = TypeVar("Found")
_UNIT_WORDS = {"kommune": MUNICIPALITY, "land": COUNTRY}


class CellError(ValueError):
    """Feltfejl: what is wrong, and in which column."""

    def __init__(self, why: str, column: int) -> None:
        """Carry the column (from 0)."""
        super().__init__(why)
        self.column = column


def decimals_of(name: str, lines: Iterable[Line], headings: Headings, catalogue: Catalogue) -> Decimals:
    """Decide from all of a file's figures what stands before the decimals."""
    evidence = Evidence(name)
    for line in lines:
        for index, cell, whole in _figure_texts(line, headings, catalogue):
            if isinstance(cell, str):
                evidence.add(cell, line.number, index, whole=whole)
    return evidence.decide()


def _figure_texts(line: Line, headings: Headings, catalogue: Catalogue) -> Iterator[tuple[int, Cell, bool]]:
    if not headings.is_long:
        for column in headings.figures:
            if column.indicator.unit is not IndicatorUnit.LEVEL:
                yield column.index, line.cell(column.index), column.indicator.unit is IndicatorUnit.COUNT
        return
    indicator = catalogue.named(line.labels[words.INDICATOR])
    if indicator and indicator.unit is not IndicatorUnit.LEVEL:
        index = headings.labels[words.VALUE]
        yield index, line.cell(index), indicator.unit is IndicatorUnit.COUNT
    if words.PUPILS in headings.labels:
        index = headings.labels[words.PUPILS]
        yield index, line.cell(index), True


@dataclass(frozen=True)
class WideRows:
    """Brede rækker: a column of figures for each indicator, or for each school year of one."""

    sheet: Sheet
    headings: Headings
    cells: CellReader
    units: Units
    source: str

    def __call__(self, line: Line) -> Iterator[Measurement]:
        """Give a row's measurements."""
        unit = self._unit(line)
        row_year = None if self.headings.is_pivot else _of(line, self.headings, words.YEAR, school_year_of)
        for column in self.headings.figures:
            index = column.index
            is_percentage = (line.number, index) in self.sheet.percentages
            try:
                figure = self.cells.figure(column.indicator, line.cell(index), is_percentage=is_percentage)
            except ValueError as error:
                raise CellError(str(error), index) from error
            yield Measurement(
                indicator=column.indicator.key,
                school_year=column.school_year or row_year or _no_year(),
                unit=unit,
                source=self.source,
                value=figure.value,
                level=figure.level,
                missing=figure.missing,
            )

    def _unit(self, line: Line) -> str:
        has_figures = any(not is_blank(line.cell(column.index)) for column in self.headings.figures)
        try:
            return self.units.of(line.labels, has_figures=has_figures)
        except ValueError as error:
            column = next(self.headings.labels[name] for name in words.NUMBERS if name in self.headings.labels)
            raise CellError(str(error), column) from error


@dataclass(frozen=True)
class LongRows:
    """Lange rækker: one figure each, whose indicator, unit, source and day the row itself names."""

    sheet: Sheet
    headings: Headings
    cells: CellReader
    units: Units
    source: str
    named: Callable[[str], Indicator | None]

    def __call__(self, line: Line) -> Iterator[Measurement]:
        """Give a row's only measurement."""
        place = self.headings.labels[words.VALUE]
        indicator = _of(line, self.headings, words.INDICATOR, self._indicator)
        unit = _of(line, self.headings, "institutionsnummer", self._unit)
        is_percentage = (line.number, place) in self.sheet.percentages
        try:
            figure = self.cells.figure(indicator, line.cell(place), is_percentage=is_percentage)
        except ValueError as error:
            raise CellError(str(error), place) from error
        yield Measurement(
            indicator=indicator.key,
            school_year=_of(line, self.headings, words.YEAR, school_year_of),
            unit=unit,
            source=line.labels.get(words.SOURCE) or self.source,
            published_on=_of(line, self.headings, words.PUBLISHED, day_of),
            pupils=_of(line, self.headings, words.PUPILS, self.cells.pupils),
            value=figure.value,
            level=figure.level,
            missing=figure.missing,
        )

    def _indicator(self, text: str) -> Indicator:
        found = self.named(text)
        if found is None:
            raise ValueError(f"nøgletallet »{text}« kendes ikke")
        return found

    def _unit(self, text: str) -> str:
        word = _UNIT_WORDS.get(text.casefold())
        return word or self.units.of({"institutionsnummer": text}, has_figures=True)


RowReader = WideRows | LongRows


@dataclass
class Read:
    """Det læste: the measurements so far, what is wrong, and what is no figure of the municipality's schools."""

    read_row: RowReader
    measurements: dict[tuple[str, SchoolYear, str], Measurement] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)

    def add(self, line: Line, *, fills: bool) -> None:
        """Read a row; `fills` where an export spreads a school's years over several rows."""
        try:
            found = [(self._key(one, fills=fills), one) for one in self.read_row(line)]
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

    def _key(self, one: Measurement, *, fills: bool) -> tuple[str, SchoolYear, str]:
        key = (one.indicator, one.school_year, one.unit)
        known = self.measurements.get(key)
        if known and not (fills and (one.missing or known.missing)):
            raise ValueError(f"{one.unit} har allerede et tal for {one.indicator} i skoleåret {one.school_year.label}")
        return key


def _of(line: Line, headings: Headings, name: str, read: Callable[[str], Found]) -> Found:
    """Read one label of a row, and name its column when it cannot be read."""
    try:
        return read(line.labels.get(name, ""))
    except ValueError as error:
        raise CellError(str(error), headings.labels.get(name, 0)) from error


def _no_year() -> SchoolYear:
    raise ValueError("rækken har intet skoleår")
