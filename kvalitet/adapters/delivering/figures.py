"""Figures: what the newest published extract says of a school, beside its municipality and the country."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.building import why_missing, written
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import COUNTRY, MUNICIPALITY, find_measurement

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

NOT_FETCHED = "der er ikke hentet noget tal endnu"


@dataclass(frozen=True, slots=True)
class Figure:
    """Tal: as it is read, or why there is none; one of the two is empty."""

    text: str
    missing: str = ""


HIDDEN = Figure("", "tallet er fortroligt")


@dataclass(frozen=True, slots=True)
class FigureLine:
    """Linje: one indicator's newest figures, and the municipality's own goals on it. `own` is None without a school."""

    indicator: Indicator
    school_year: SchoolYear | None
    own: Figure | None
    municipality: Figure
    country: Figure
    goals: tuple[str, ...]


def beside(
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    *,
    sees_confidential: bool,
    sees_confidential_of_all: bool,
) -> tuple[FigureLine, ...]:
    """List the figures that concern a deliverable: those that it names, and those that its goals are measured on.

    Test results of the municipality are for those who may see those of all its schools (folkeskoleloven § 55 b).
    """
    activity = municipality.wheel.activity(occurrence.activity)
    of_goals = (option.key for field in activity.fields for option in field.indicators)
    catalogue = load_catalogue()
    wanted = [catalogue[key] for key in dict.fromkeys((*activity.figures, *of_goals)) if key in catalogue]
    shown = [indicator for indicator in wanted if sees_confidential or not indicator.confidential]
    known = shown_figures(
        connection,
        municipality,
        viewer_may_see_confidential=sees_confidential,
        indicators=[found.key for found in shown],
    )
    lines = (_line(municipality, occurrence.school, indicator, known) for indicator in shown)
    return tuple(
        replace(line, municipality=HIDDEN) if line.indicator.confidential and not sees_confidential_of_all else line
        for line in lines
    )


def shows_test_results(activity: Activity) -> bool:
    """Tell whether a form shows or asks for test results: what is written in it may then tell of them (§ 55 b)."""
    catalogue = load_catalogue()
    asked = (option.key for field in activity.fields for option in field.indicators)
    return any(catalogue[key].confidential for key in (*activity.figures, *asked) if key in catalogue)


def _line(
    municipality: Municipality, school: str | None, indicator: Indicator, known: tuple[Measurement, ...]
) -> FigureLine:
    units = {unit for unit in (school, MUNICIPALITY, COUNTRY) if unit}
    ours = [found for found in known if found.indicator == indicator.key and found.unit in units]
    with_figures = [found.school_year for found in ours if found.missing is None]
    year = max(with_figures or [found.school_year for found in ours], default=None)
    return FigureLine(
        indicator,
        year,
        _figure(indicator, known, year, school) if school else None,
        _figure(indicator, known, year, MUNICIPALITY),
        _figure(indicator, known, year, COUNTRY),
        tuple(goal.title for goal in municipality.goals if goal.indicator and goal.indicator.key == indicator.key),
    )


def _figure(indicator: Indicator, known: tuple[Measurement, ...], year: SchoolYear | None, unit: str) -> Figure:
    if year is None:
        return Figure("", NOT_FETCHED)
    found = find_measurement(known, indicator.key, year, unit)
    return Figure(written(indicator, found), why_missing(found))
