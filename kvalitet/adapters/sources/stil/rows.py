"""Rækker fra STIL: an answer's rows, checked against what was asked for and read as measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

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


class Cell(NamedTuple):
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
        kinds = set(cells.values())
        published = not all(cell.lacks_figure for cell in kinds)
        if published:
            self._check_levels(indicator, cells)
        # A hundred thousand figures are of a few thousand kinds, and each kind is read once.
        read = {cell: self._figure(indicator, cell, published=published) for cell in kinds}
        for unit, cell in cells.items():
            figure = read[cell]
            yield Measurement(
                indicator=indicator.key,
                school_year=self.request.school_year,
                unit=unit,
                source=figure.source,
                value=figure.value,
                level=figure.level,
                missing=figure.missing,
                pupils=figure.pupils,
            )

    def _cells_of_schools(self, indicator: Indicator) -> dict[str, Cell]:
        """A school without a row is one without a figure: the source withholds it without saying why."""
        told = self.rows[SCHOOL]
        rows = told.of(indicator.key)
        numbers = map(itemgetter(told.columns[self.cube.school]), rows)
        found = dict(zip(numbers, self._values(indicator, told), strict=True))
        if len(found) < len(rows):
            raise SourceBrokenError(f"{SITE} har {indicator.title} under flere navne; lad ét stå i cubes.yaml.")
        cells = {values: self._cell(indicator, values) for values in set(found.values())}
        stands_for = ((number, self.departments.get(number, number) or "") for number in self._schools)
        return {number: cells[found[as_told]] if as_told in found else EMPTY for number, as_told in stands_for}

    @cached_property
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
        cells = {self._cell(indicator, values) for values in set(self._values(indicator, rows, suffix))}
        with_figure = [cell for cell in cells if not cell.lacks_figure]
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

    def _values(self, indicator: Indicator, rows: CheckedRows, suffix: str = "") -> Iterator[tuple[object, ...]]:
        """Give each row's measures; the number of pupils is of the unit itself, and stands only beside its figure."""
        names = [name + suffix for name in self.cube.measures[indicator.key]]
        counted = None if suffix else self.cube.pupils.get(indicator.key)
        columns = [rows.columns[name] for name in (*names, *([counted] if counted else []))]
        # One column would come without its tuple, so the first comes twice.
        return map(itemgetter(*columns, columns[0]), rows.of(indicator.key))

    def _cell(self, indicator: Indicator, values: Sequence[object]) -> Cell:
        words = ["" if value is None else str(value).strip() for value in values[:-1]]
        size = len(self.cube.measures[indicator.key])
        return Cell(tuple(words[:size]), *words[size:])

    def _figure(self, indicator: Indicator, cell: Cell, *, published: bool) -> Measurement:
        """Read a figure; several of them are averaged, and one that is missing makes the average missing."""
        if not published or not cell.words:
            reason = MissingReason.UNKNOWN if published else MissingReason.NOT_PUBLISHED
            return missing(self.request, indicator.key, "", reason)
        parts = [self._read(indicator, text, cell.pupils) for text in cell.words]
        first_missing = next((part for part in parts if part.missing is not None), None)
        if first_missing is not None or len(parts) == 1:
            return first_missing or parts[0]
        total = sum((part.value for part in parts if part.value is not None), Decimal(0))
        return replace(parts[0], value=total / len(parts), source=f"{SITE} (beregnet middel af {len(parts)} tal)")

    def _read(self, indicator: Indicator, text: str, pupils: str) -> Measurement:
        try:
            figure = FigureText(
                indicator=indicator,
                school_year=self.request.school_year,
                unit="",
                text=text,
                source=SITE,
                pupils=_counted(pupils),
            )
            return figure.measurement()
        except ValueError as error:
            raise SourceBrokenError(f"{SITE} sendte et tal, der ikke kan læses: {error}") from error


def missing(request: ExtractRequest, indicator: str, unit: str, reason: MissingReason) -> Measurement:
    """Say that STIL has no figure of the indicator for the unit, and why."""
    return Measurement(indicator=indicator, school_year=request.school_year, unit=unit, source=SITE, missing=reason)


def _counted(text: str) -> int | None:
    """Read a number of pupils, which is whole and not below zero."""
    number = parse_danish_number(text)
    if number is not None and (number < 0 or number % 1):
        raise ValueError(f"»{text}« er ikke et antal elever.")
    return None if number is None else int(number)
