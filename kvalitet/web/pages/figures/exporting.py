"""Exporting figures: one row for each figure, with where it comes from or why it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.charts.building import why_missing
from kvalitet.measurements import COUNTRY, MUNICIPALITY, IndicatorUnit
from kvalitet.web.pages.figures.seeing import may_see

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.pages.spreadsheets import Value

HEADS = (
    "Område", "Nøgletal", "Enhed", "Skoleår", "Hvem", "Institutionsnummer", "Tal", "Mangler fordi", "Kilde",
    "Offentliggjort",
)  # fmt: skip
UNITS = {
    IndicatorUnit.PERCENT: "procent",
    IndicatorUnit.POINTS: "point",
    IndicatorUnit.GRADE: "karakter",
    IndicatorUnit.INDEX: "indeks",
    IndicatorUnit.COUNT: "antal",
    IndicatorUnit.LEVEL: "niveau",
}


def rows_of(seen: Seen, chosen: Iterable[tuple[Indicator, SchoolYear]]) -> list[list[Value]]:
    """Give heads and figures: for each indicator and school year the country, the municipality and the schools."""
    rows: list[list[Value]] = [list(HEADS)]
    for indicator, year in chosen:
        figures = seen.of_year(indicator.key, year)
        rows += [
            _row(indicator, year, unit, title, figures.get(unit))
            for unit, title in seen.titles.items()
            if may_see(seen.view, indicator, unit)
        ]
    return rows


def _row(indicator: Indicator, year: SchoolYear, unit: str, title: str, found: Measurement | None) -> list[Value]:
    return [
        indicator.area,
        indicator.title,
        UNITS[indicator.unit],
        year.label,
        title,
        "" if unit in {COUNTRY, MUNICIPALITY} else unit,
        _value(found),
        why_missing(found),
        found.source if found else "",
        f"{found.published_on:%d.%m.%Y}" if found and found.published_on else "",
    ]


def _value(found: Measurement | None) -> Value:
    """Give a number as a number, so that a spreadsheet can reckon with it, in all of its decimals."""
    if found is None or found.missing is not None:
        return ""
    return found.level or (found.value if found.value is not None else "")
