"""Figures in the report: each as it is read, or why it is missing; the same words as on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.charts.axis import number_of
from kvalitet.adapters.charts.looks import Look
from kvalitet.adapters.charts.ranking import Line, Place, RankingChart, ranking_svg
from kvalitet.adapters.reports.model import Chart, Comparison, Figure, FigureLine, YearLine
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason

if TYPE_CHECKING:
    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import School

NOT_PULLED = "ikke hentet"
WITHHELD = "vises ikke: for få elever"
DASH = "–"


def figure_of(indicator: Indicator, found: Measurement | None) -> Figure:
    """Write a figure."""
    if found is None:
        return Figure(DASH, missing=NOT_PULLED)
    if found.missing is not None:
        return Figure(DASH, missing=WITHHELD if found.missing is MissingReason.SUPPRESSED else found.missing.danish)
    if found.value is None:
        return Figure(found.level or DASH)
    return Figure(indicator.written(found.value), found.value)


def indicators_of(facts: Facts) -> tuple[Indicator, ...]:
    """List the indicators that there are figures of, in the order of the catalogue."""
    there = {one.indicator for one in facts.figures}
    return tuple(indicator for key, indicator in load_catalogue().indicators.items() if key in there)


def newest_year(facts: Facts, indicator: str) -> SchoolYear | None:
    """Give the newest school year that anybody has a figure of; else that of the newest that is missing."""
    mine = [one for one in facts.figures if one.indicator == indicator]
    there = [one.school_year for one in mine if one.missing is None]
    return max(there or [one.school_year for one in mine], default=None)


def comparisons_of(facts: Facts, school: School) -> tuple[Comparison, ...]:
    """Put each of a school's newest figures beside the municipality's and the country's of the same year."""
    found = []
    for indicator in indicators_of(facts):
        year = newest_year(facts, indicator.key)
        if year is not None:
            own, whole, country = (
                figure_of(indicator, facts.figure.get((indicator.key, year, unit)))
                for unit in (school.number, MUNICIPALITY, COUNTRY)
            )
            found.append(Comparison(indicator.title, indicator.area, year.label, own, whole, country))
    return tuple(found)


def figure_lines(facts: Facts) -> tuple[FigureLine, ...]:
    """List every figure by indicator and school year: the country, the municipality, and each school by its number."""
    names = {COUNTRY: "Hele landet", MUNICIPALITY: facts.municipality.name}
    names |= {school.number: school.name for school in facts.municipality.schools}
    order = {unit: place for place, unit in enumerate(names)}
    found = []
    for indicator in indicators_of(facts):
        mine = [one for one in facts.figures if one.indicator == indicator.key and one.unit in names]
        for one in sorted(mine, key=lambda one: (-one.school_year.start, order[one.unit])):
            number = "" if one.unit in {COUNTRY, MUNICIPALITY} else one.unit
            day = danish.date_text(one.published_on) if one.published_on else ""
            figure = figure_of(indicator, one)
            head = indicator.title, indicator.area, one.school_year.label
            found.append(FigureLine(*head, names[one.unit], number, figure, one.source, day))
    return tuple(found)


def years_of(facts: Facts, indicator: Indicator) -> tuple[YearLine, ...]:
    """List the municipality's and the country's figures year by year, with the breaks between them."""
    years = sorted({y for key, y, unit in facts.figure if key == indicator.key and unit in {MUNICIPALITY, COUNTRY}})
    told = {one.school_year: one.why for one in facts.breaks if one.indicator == indicator.key}
    return tuple(
        YearLine(
            year.label,
            figure_of(indicator, facts.figure.get((indicator.key, year, MUNICIPALITY))),
            figure_of(indicator, facts.figure.get((indicator.key, year, COUNTRY))),
            told.get(year, ""),
        )
        for year in years
    )


def chart_of(facts: Facts, indicator: Indicator, school_year: SchoolYear, schools: tuple[School, ...]) -> Chart | None:
    """Draw the schools among each other; nothing where no school has a figure."""
    places = [_place(facts, indicator, school_year, school) for school in schools]
    if all(place.value is None for place in places):
        return None
    lines = [
        Line(title, look, found.value, indicator.written(found.value))
        for title, look, unit in (
            (facts.municipality.name, Look.MUNICIPALITY, MUNICIPALITY),
            ("Hele landet", Look.COUNTRY, COUNTRY),
        )
        if (found := facts.figure.get((indicator.key, school_year, unit))) and found.value is not None
    ]
    chart = RankingChart(indicator, school_year, _best_first(indicator, places), tuple(lines))
    title = f"{indicator.title} {school_year.label}, skole for skole"
    return Chart(title, ranking_svg(chart), chart.told)


def _place(facts: Facts, indicator: Indicator, school_year: SchoolYear, school: School) -> Place:
    found = facts.figure.get((indicator.key, school_year, school.number))
    value = number_of(indicator, found) if found else None
    written = figure_of(indicator, found)
    return Place(school.name, value, written.missing if value is None else written.written)


def _best_first(indicator: Indicator, places: list[Place]) -> tuple[Place, ...]:
    measured = [place for place in places if place.value is not None]
    measured.sort(key=lambda place: danish.sort_key(place.title))
    measured.sort(key=lambda place: place.value or 0, reverse=not indicator.lower_is_better)
    return (*measured, *(place for place in places if place.value is None))
