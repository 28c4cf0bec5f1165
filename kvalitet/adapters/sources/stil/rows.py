"""Rækker fra STIL: an answer's rows, checked against what was asked for and read as measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kvalitet.adapters.sources.figure import FigureText
from kvalitet.adapters.sources.source import ExtractRequest, SourceBrokenError
from kvalitet.adapters.sources.stil.answers import CheckedRows
from kvalitet.adapters.sources.stil.cubes import SCHOOL, Cube
from kvalitet.adapters.sources.stil.keys import SITE
from kvalitet.measurements import (
    COUNTRY,
    MISSING_MARKERS,
    MUNICIPALITY,
    Indicator,
    Measurement,
    MissingReason,
    parse_danish_number,
)


@dataclass(frozen=True)
class Cell:
    """Felt: what an answer says of one unit: the words of each measure, and of the number of pupils."""

    words: tuple[str, ...]
    pupils: str = ""

    @property
    def lacks_figure(self) -> bool:
        """Whether there is no figure here, not even half of one."""
        return all(word.casefold() in MISSING_MARKERS for word in self.words)


EMPTY = Cell(())


@dataclass(frozen=True, kw_only=True)
class CubeRows:
    """Svar fra en kube: the rows for schools and, where asked for apart, for municipality and country.

    `departments` are the schools that the cube knows under another number: the department that stands for the
    whole school, or None for a school that it only knows parts of.
    """

    cube: Cube
    request: ExtractRequest
    rows: Mapping[str, CheckedRows]
    departments: Mapping[str, str | None]

    def measurements(self, indicator: Indicator) -> Iterator[Measurement]:
        """One measurement per school asked for, and those of municipality and country that the cube has.

        An indicator without a figure of anybody is not published yet: not all of them are too small to show.
        """
        cells = self._cells_of_schools(indicator) | self._cells_of_wholes(indicator)
        published = not all(cell.lacks_figure for cell in cells.values())
        if published:
            self._check_levels(indicator, cells)
        for unit, cell in cells.items():
            yield (
                self._measurement(indicator, unit, cell)
                if published
                else self._missing(indicator, unit, MissingReason.NOT_PUBLISHED)
            )

    def _cells_of_schools(self, indicator: Indicator) -> dict[str, Cell]:
        """A school without a row is one without a figure: the source withholds it without saying why."""
        rows = self.rows[SCHOOL]
        column = rows.columns[self.cube.school]
        found = {str(row[column]): self._cell(rows, indicator, row) for row in rows.of(indicator.key)}
        return {number: found.get(self.departments.get(number, number) or "", EMPTY) for number in self._schools}

    @property
    def _schools(self) -> list[str]:
        return sorted(self.request.schools)

    def _cells_of_wholes(self, indicator: Indicator) -> dict[str, Cell]:
        if not self.cube.suffixes:
            return {unit: self._only(indicator, self.rows[unit]) for unit in (MUNICIPALITY, COUNTRY)}
        if indicator.key not in self.cube.with_suffix:
            return {}
        return {unit: self._only(indicator, self.rows[SCHOOL], end) for unit, end in self.cube.suffixes.items()}

    def _only(self, indicator: Indicator, rows: CheckedRows, suffix: str = "") -> Cell:
        """The one figure that all the rows agree on; rows without it do not count."""
        found = {self._cell(rows, indicator, row, suffix) for row in rows.of(indicator.key)}
        with_figure = [cell for cell in found if not cell.lacks_figure]
        if len(with_figure) > 1:
            raise SourceBrokenError(f"{SITE} sendte flere forskellige tal for {indicator.title}{suffix}.")
        return with_figure[0] if with_figure else EMPTY

    def _check_levels(self, indicator: Indicator, cells: Mapping[str, Cell]) -> None:
        """A country is never too small to show; and where the municipality has a figure, so have some schools."""
        if COUNTRY in cells and cells[COUNTRY].lacks_figure:
            raise SourceBrokenError(f"{SITE} sendte {indicator.title} uden landets tal; svaret er ikke helt.")
        if cells.get(MUNICIPALITY, EMPTY).lacks_figure or not self._schools:
            return
        found = sum(cells[number] is not EMPTY for number in self._schools)
        if found < max(1, self.cube.least_schools * len(self._schools)):
            raise SourceBrokenError(
                f"{SITE} sendte {indicator.title} for kun {found} af {len(self._schools)} skoler; svaret er ikke helt."
            )

    def _cell(self, rows: CheckedRows, indicator: Indicator, row: Mapping[str, object], suffix: str = "") -> Cell:
        """Read the measures of a row; the number of pupils is the school's own, and stands only there."""
        names = [name + suffix for name in self.cube.measures[indicator.key]]
        counted = "" if suffix else self.cube.pupils.get(indicator.key, "")
        return Cell(
            tuple(_word(row[rows.columns[name]]) for name in names), counted and _word(row[rows.columns[counted]])
        )

    def _measurement(self, indicator: Indicator, unit: str, cell: Cell) -> Measurement:
        """Read the figure; several of them are averaged, and one that is missing makes the average missing."""
        if not cell.words:
            return self._missing(indicator, unit, MissingReason.UNKNOWN)
        parts = [self._read(indicator, unit, text, cell.pupils) for text in cell.words]
        first_missing = next((part for part in parts if part.missing is not None), None)
        if first_missing is not None or len(parts) == 1:
            return first_missing or parts[0]
        total = sum((part.value for part in parts if part.value is not None), Decimal(0))
        return replace(parts[0], value=total / len(parts), source=f"{SITE} (beregnet middel af {len(parts)} tal)")

    def _read(self, indicator: Indicator, unit: str, text: str, pupils: str) -> Measurement:
        year = self.request.school_year
        try:
            counted = parse_danish_number(pupils)
            figure = FigureText(
                indicator=indicator,
                school_year=year,
                unit=unit,
                text=text,
                source=SITE,
                pupils=None if counted is None else int(counted),
            )
            return figure.measurement()
        except ValueError as error:
            raise SourceBrokenError(f"{SITE} sendte et tal, der ikke kan læses: {error}") from error

    def _missing(self, indicator: Indicator, unit: str, reason: MissingReason) -> Measurement:
        return missing(self.request, indicator.key, unit, reason)


def missing(request: ExtractRequest, indicator: str, unit: str, reason: MissingReason) -> Measurement:
    """Say that STIL has no figure of the indicator for the unit, and why."""
    return Measurement(indicator=indicator, school_year=request.school_year, unit=unit, source=SITE, missing=reason)


def _word(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
