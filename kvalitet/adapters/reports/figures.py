"""Figures in the report: each as it is read, or why it is missing; the same words as on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.charts.building import COUNTRY_TITLE, ranking_chart, why_missing, written
from kvalitet.adapters.charts.ranking import ranking_svg
from kvalitet.adapters.reports.model import Chart, Comparison, Figure, FigureLine, YearLine
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import COUNTRY, MUNICIPALITY

if TYPE_CHECKING:
    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import School

DASH = "–"


def figure_of(indicator: Indicator, found: Measurement | None) -> Figure:
    """Write a figure."""
    why = why_missing(found)
    return Figure(DASH, missing=why) if found is None or why else Figure(written(indicator, found), found.value)


def indicators_of(facts: Facts) -> tuple[Indicator, ...]:
    """List the indicators that there are figures of, in the order of the catalogue."""
    return tuple(indicator for key, indicator in load_catalogue().indicators.items() if key in facts.newest_year)


def comparisons_of(facts: Facts, school: School) -> tuple[Comparison, ...]:
    """Put each of a school's newest figures beside the municipality's and the country's of the same year."""
    found = []
    for indicator in indicators_of(facts):
        year = facts.newest_year[indicator.key]
        own, whole, country = (
            figure_of(indicator, facts.figure.get((indicator.key, year, unit)))
            for unit in (school.number, MUNICIPALITY, COUNTRY)
        )
        found.append(Comparison(indicator.title, indicator.area, year.label, own, whole, country))
    return tuple(found)


def figure_lines(facts: Facts) -> tuple[FigureLine, ...]:
    """List every figure by indicator and school year: the country, the municipality, and each school by its number."""
    names = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: facts.municipality.name}
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
    titles = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: facts.municipality.name}
    titles |= {school.number: school.name for school in schools}
    found = {unit: one for unit in titles if (one := facts.figure.get((indicator.key, school_year, unit)))}
    chart = ranking_chart(indicator, school_year, found, titles)
    if not chart.measured:
        return None
    title = f"{indicator.title} {school_year.label}, skole for skole"
    lines = (f"{line.title} {line.text}" for line in chart.lines)
    places = (f"{place.title} {place.text}" for place in chart.measured)
    return Chart(title, ranking_svg(chart), chart.told, f"{'; '.join((*lines, *places))}.")
