"""Rækker fra STIL: an answer's rows, checked against what was asked for and read as measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kvalitet.adapters.sources.figure import FigureText
from kvalitet.adapters.sources.source import ExtractRequest, SourceBrokenError
from kvalitet.adapters.sources.stil_api import SITE, Rows
from kvalitet.adapters.sources.stil_cubes import SCHOOL, Cube, column_of, stil_year
from kvalitet.measurements import COUNTRY, MISSING_MARKERS, MUNICIPALITY, Indicator, Measurement, MissingReason

Texts = tuple[str, ...]


def check_columns(cube: Cube, rows: Rows, indicators: list[str], level: str) -> None:
    """Raise SourceBrokenError when a row lacks a column that was asked for, naming those that came instead."""
    expected = [*map(column_of, cube.dimensions(level)), *cube.columns_of(indicators)]
    for row in rows:
        gone = [column for column in expected if column not in row]
        if gone:
            new = [column for column in row if column not in expected]
            raise SourceBrokenError(
                f"{SITE} sendte ikke {', '.join(gone)} fra kuben {cube.place['underemne']}, "
                f"men {', '.join(new) or 'intet andet'}. Ret navnene i stil_cubes.yaml."
            )


@dataclass(frozen=True, kw_only=True)
class CubeRows:
    """Svar fra en kube: the rows for schools and, where asked for apart, for municipality and country."""

    cube: Cube
    request: ExtractRequest
    rows: Mapping[str, Rows]

    def measurements(self, indicator: Indicator) -> Iterator[Measurement]:
        """One measurement per school asked for, and those of municipality and country that the cube has."""
        texts = self._texts_of_schools(indicator) | self._texts_of_wholes(indicator)
        published = self._is_published(texts)
        for unit, words in texts.items():
            if published:
                yield self._measurement(indicator, unit, words)
            else:
                yield self._missing(indicator, unit, MissingReason.NOT_PUBLISHED)

    def _texts_of_schools(self, indicator: Indicator) -> dict[str, Texts]:
        """A school without a row is one without a figure: the source withholds it without saying why."""
        found: dict[str, Texts] = {}
        for row in self._rows(indicator, SCHOOL):
            number = str(row[column_of(self.cube.school)])
            if number in found:
                raise SourceBrokenError(f"{SITE} sendte to rækker med {indicator.title} for skolen {number}.")
            found[number] = self._words(indicator, row)
        return {number: found.get(number, ()) for number in sorted(self.request.schools)}

    def _texts_of_wholes(self, indicator: Indicator) -> dict[str, Texts]:
        if not self.cube.suffixes:
            return {unit: self._only(indicator, self._rows(indicator, unit)) for unit in (MUNICIPALITY, COUNTRY)}
        if indicator.key not in self.cube.with_suffix:
            return {}
        rows = self._rows(indicator, SCHOOL)
        return {unit: self._only(indicator, rows, suffix) for unit, suffix in self.cube.suffixes.items()}

    def _only(self, indicator: Indicator, rows: Rows, suffix: str = "") -> Texts:
        """The one figure that all the rows agree on; rows without it do not count."""
        found = {words for words in (self._words(indicator, row, suffix) for row in rows) if not _lacks_figure(words)}
        if len(found) > 1:
            raise SourceBrokenError(f"{SITE} sendte flere forskellige tal for {indicator.title}{suffix}.")
        return next(iter(found), ())

    def _is_published(self, texts: Mapping[str, Texts]) -> bool:
        """No figure anywhere, not even for the country, is no figure yet: a country is never too small to show."""
        has_country = COUNTRY in texts
        return any(self.rows.values()) and not (has_country and all(map(_lacks_figure, texts.values())))

    def _rows(self, indicator: Indicator, level: str) -> Rows:
        rows = self.rows[level]
        self._check_year(rows)
        names = self.cube.members.get(indicator.key)
        if self.cube.member_dimension is None or names is None or not rows:
            return rows
        column = column_of(self.cube.member_dimension)
        chosen = [row for row in rows if row[column] in names]
        if not chosen:
            seen = ", ".join(sorted({str(row[column]) for row in rows}))
            raise SourceBrokenError(f"{SITE} har ikke {' eller '.join(names)}, men {seen}. Ret stil_cubes.yaml.")
        return chosen

    def _check_year(self, rows: Rows) -> None:
        wanted = stil_year(self.request.school_year)
        other = next((row for row in rows if row[column_of(self.cube.year)] != wanted), None)
        if other is not None:
            raise SourceBrokenError(f"{SITE} sendte tal for {other[column_of(self.cube.year)]} i stedet for {wanted}.")

    def _words(self, indicator: Indicator, row: Mapping[str, object], suffix: str = "") -> Texts:
        cells = (row[name + suffix] for name in self.cube.measures[indicator.key])
        return tuple("" if cell is None else str(cell).strip() for cell in cells)

    def _measurement(self, indicator: Indicator, unit: str, words: Texts) -> Measurement:
        """Read the figure; several of them are averaged, and one that is missing makes the average missing."""
        if not words:
            return self._missing(indicator, unit, MissingReason.UNKNOWN)
        parts = [self._read(indicator, unit, text) for text in words]
        first_missing = next((part for part in parts if part.missing is not None), None)
        if first_missing is not None or len(parts) == 1:
            return first_missing or parts[0]
        total = sum((part.value for part in parts if part.value is not None), Decimal(0))
        return replace(parts[0], value=total / len(parts), source=f"{SITE} (beregnet middel af {len(parts)} tal)")

    def _read(self, indicator: Indicator, unit: str, text: str) -> Measurement:
        year = self.request.school_year
        figure = FigureText(indicator=indicator, school_year=year, unit=unit, text=text, source=SITE)
        try:
            return figure.measurement()
        except ValueError as error:
            raise SourceBrokenError(f"{SITE} sendte et tal, der ikke kan læses: {error}") from error

    def _missing(self, indicator: Indicator, unit: str, reason: MissingReason) -> Measurement:
        year = self.request.school_year
        return Measurement(indicator=indicator.key, school_year=year, unit=unit, source=SITE, missing=reason)


def _lacks_figure(words: Texts) -> bool:
    return not words or all(word.casefold() in MISSING_MARKERS for word in words)
