"""Figures to draw: absence over the years, with covid years, a small group and a school that has not reported."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

from kvalitet.adapters.charts.building import series_chart
from kvalitet.adapters.charts.series import SeriesChart
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Indicator, Measurement, MissingReason
from kvalitet.series import series_of

SCHOOL, OTHER = "323003", "317001"
TITLES = {COUNTRY: "Hele landet", MUNICIPALITY: "Kalundborg", SCHOOL: "Rynkevangskolen", OTHER: "Hvidebækskolen"}
ABSENCE = load_catalogue()["absence"]
YEARS = tuple(SchoolYear(year) for year in range(2017, 2025))
SVG = "{http://www.w3.org/2000/svg}"


def figure(year: int, unit: str, value: str | MissingReason, *, indicator: Indicator = ABSENCE) -> Measurement:
    place = {"indicator": indicator.key, "school_year": SchoolYear(year), "unit": unit, "source": "En kilde"}
    if isinstance(value, MissingReason):
        return Measurement(**place, missing=value)  # type: ignore[arg-type]  # as it is built
    if indicator.levels:
        return Measurement(**place, level=value)  # type: ignore[arg-type]  # as it is built
    return Measurement(**place, value=Decimal(value))  # type: ignore[arg-type]  # as it is built


def absence_chart(*, school: str = SCHOOL) -> SeriesChart:
    """Make the chart of a country with every year, and of a school that lacks one and has covid years."""
    found = [figure(year, COUNTRY, f"{5 + (year - 2017) / 10:.1f}") for year in range(2017, 2025)]
    found += [figure(year, school, f"{8 + (year - 2017) / 10:.1f}") for year in range(2017, 2024)]
    found.append(figure(2024, school, MissingReason.SUPPRESSED))
    breaks = load_series_breaks()
    series = [series_of(found, breaks, indicator="absence", unit=unit) for unit in (COUNTRY, school)]
    return series_chart(ABSENCE, series, TITLES, YEARS)


def texts(svg: str) -> list[str]:
    """List the texts of a drawing."""
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 -- our own drawing


def paths(svg: str, kind: str) -> list[ET.Element]:
    """List the paths of a kind."""
    return [element for element in ET.fromstring(svg).iter(f"{SVG}path") if element.get("class") == kind]  # noqa: S314 -- our own drawing


def lines(svg: str) -> list[str]:
    """List the lines through figures."""
    found = ET.fromstring(svg).iter(f"{SVG}path")  # noqa: S314 -- our own drawing
    return [element.get("d", "") for element in found if element.get("stroke-linejoin") and not element.get("class")]
