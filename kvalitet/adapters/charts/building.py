"""From figures to drawings: what is known of an indicator, made into what a chart shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.axis import number_of
from kvalitet.adapters.charts.looks import CHOSEN, Look
from kvalitet.adapters.charts.ranking import Line, Place, RankingChart
from kvalitet.adapters.charts.series import Break, Gap, Point, SeriesChart, Track
from kvalitet.adapters.danish import sort_key
from kvalitet.measurements import COUNTRY, MUNICIPALITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement, SeriesBreak
    from kvalitet.series import Series

NOT_PULLED = "tallet er ikke hentet"
COUNTRY_TITLE = "Hele landet"
LOOKS = {COUNTRY: Look.COUNTRY, MUNICIPALITY: Look.MUNICIPALITY}


@dataclass(frozen=True, slots=True)
class Explained:
    """Forklaret databrud: its number in the drawing, the school years, and why."""

    number: int
    years: tuple[SchoolYear, ...]
    lasting: bool
    why: str


def written(indicator: Indicator, found: Measurement | None) -> str:
    """Give a figure as it is read; "" when it is missing."""
    if found is None or found.missing is not None:
        return ""
    return found.level or (indicator.written(found.value) if found.value is not None else "")


def why_missing(found: Measurement | None) -> str:
    """Say why a figure is missing; "" when it is there."""
    if found is None:
        return NOT_PULLED
    return found.missing.danish if found.missing else ""


def explained(breaks: Iterable[SeriesBreak]) -> tuple[Explained, ...]:
    """Number the breaks in the order of the years; those with the same reason share a number."""
    grouped: dict[tuple[str, bool], list[SchoolYear]] = {}
    for one in sorted(set(breaks), key=lambda one: (one.school_year, not one.lasting)):
        grouped.setdefault((one.why, one.lasting), []).append(one.school_year)
    return tuple(
        Explained(number, tuple(years), lasting, why)
        for number, ((why, lasting), years) in enumerate(grouped.items(), start=1)
    )


def looks_of(units: Sequence[str]) -> dict[str, Look]:
    """Give each unit its look: the country and the municipality their own, schools in the order given."""
    schools = [unit for unit in units if unit not in LOOKS]
    chosen = {unit: CHOSEN[place % len(CHOSEN)] for place, unit in enumerate(schools)}
    return {unit: LOOKS.get(unit) or chosen[unit] for unit in units}


def series_chart(
    indicator: Indicator, series: Sequence[Series], titles: Mapping[str, str], years: Sequence[SchoolYear]
) -> SeriesChart:
    """Make the drawing of series; every year between the first and the last has its place, also without a figure."""
    looks = looks_of([one.unit for one in series])
    shown = set(years)
    breaks = explained(one for found in series for one in found.breaks if one.school_year in shown)
    tracks = tuple(_track(indicator, one, titles[one.unit], looks[one.unit], shown) for one in series)
    marks = tuple(Break(one.number, year, one.lasting) for one in breaks for year in one.years)
    return SeriesChart(indicator, tuple(years), tracks, marks)


def ranked(indicator: Indicator, found: Mapping[str, Measurement], titles: Mapping[str, str]) -> list[str]:
    """Put schools in order: the highest figure on top, and those without one below, each in Danish order."""
    schools = sorted((unit for unit in titles if unit not in LOOKS), key=lambda unit: sort_key(titles[unit]))
    values = {unit: number_of(indicator, found[unit]) for unit in schools if unit in found}
    return sorted(schools, key=lambda unit: (values.get(unit) is None, -(values.get(unit) or 0)))


def ranking_chart(
    indicator: Indicator,
    school_year: SchoolYear,
    found: Mapping[str, Measurement],
    titles: Mapping[str, str],
    *,
    chosen: Iterable[str] = (),
) -> RankingChart:
    """Make the drawing of schools among schools, as they are ranked; the `chosen` look as they do in a series."""
    looks = looks_of(list(chosen))
    order = ranked(indicator, found, titles)
    places = tuple(_place(indicator, found.get(unit), titles[unit], looks.get(unit, Look.OTHER)) for unit in order)
    lines = []
    for unit, look in LOOKS.items():
        one = found.get(unit)
        value = number_of(indicator, one) if one else None
        if value is not None and unit in titles:
            lines.append(Line(titles[unit], look, value, written(indicator, one)))
    return RankingChart(indicator, school_year, places, tuple(lines))


def _track(indicator: Indicator, series: Series, title: str, look: Look, years: set[SchoolYear]) -> Track:
    stretches = [
        tuple(filter(None, (_point(indicator, one) for one in stretch.measurements if one.school_year in years)))
        for stretch in series.stretches
    ]
    gaps = tuple(Gap(one.school_year, why_missing(one)) for one in series.gaps if one.school_year in years)
    return Track(title, look, tuple(stretch for stretch in stretches if stretch), gaps)


def _point(indicator: Indicator, found: Measurement) -> Point | None:
    """Give the point of a figure; a level that the indicator no longer has can be read, and not drawn."""
    value = number_of(indicator, found)
    return None if value is None else Point(found.school_year, value, written(indicator, found))


def _place(indicator: Indicator, found: Measurement | None, title: str, look: Look) -> Place:
    value = number_of(indicator, found) if found else None
    return Place(title, value, written(indicator, found) or why_missing(found), look)
