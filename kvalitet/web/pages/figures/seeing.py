"""Seeing: the figures that somebody may see on these pages, by indicator, school year and unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.building import COUNTRY_TITLE
from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.rights import Right
from kvalitet.series import series_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import School
    from kvalitet.series import Series
    from kvalitet.web.pages.figures.reading import FiguresReading
    from kvalitet.web.views import View


@dataclass(frozen=True)
class Seen:
    """Det, der må ses: the figures, and the units that they are about, for one viewer."""

    view: View
    figures: tuple[Measurement, ...]

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """The schools that the viewer may see, in Danish order."""
        mine = (school for school in self.view.municipality.schools if self.view.may(Right.SEE_SCHOOLS, school.number))
        return tuple(sorted(mine, key=lambda school: sort_key(school.name)))

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each unit is called: the country, the municipality, and then the schools."""
        whole = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: self.view.municipality.name}
        return whole | {school.number: school.name for school in self.schools}

    @cached_property
    def _by_place(self) -> dict[tuple[str, SchoolYear], dict[str, Measurement]]:
        found: dict[tuple[str, SchoolYear], dict[str, Measurement]] = {}
        for one in self.figures:
            found.setdefault((one.indicator, one.school_year), {})[one.unit] = one
        return found

    def of_year(self, indicator: str, year: SchoolYear) -> dict[str, Measurement]:
        """Give the figures of one school year by unit."""
        return self._by_place.get((indicator, year), {})

    def years(self, indicator: str) -> tuple[SchoolYear, ...]:
        """List every school year from the first to the last that anything is known of, the ones in between too."""
        known = [year for key, year in self._by_place if key == indicator]
        if not known:
            return ()
        return tuple(min(known).plus(place) for place in range(max(known).start - min(known).start + 1))

    def newest(self, indicator: str) -> SchoolYear | None:
        """Give the newest school year with a figure, else the newest of which it is known that there is none."""
        here = {year: found for (key, year), found in self._by_place.items() if key == indicator}
        with_any = [year for year, found in here.items() if any(one.missing is None for one in found.values())]
        return max(with_any or here, default=None)

    def series(self, indicator: str, units: Iterable[str]) -> list[Series]:
        """Give the series of units, cut at the breaks."""
        breaks = load_series_breaks()
        return [series_of(self.figures, breaks, indicator=indicator, unit=unit) for unit in units]


def seen_by(request: Request, view: View, indicators: Iterable[str] | None = None) -> Seen:
    """Read the figures that the viewer may see, of some indicators or of all."""
    reading: FiguresReading = request.app.state.figures
    found = reading.of(view, indicators, inside=view.may(Right.SEE_CONFIDENTIAL))
    catalogue = load_catalogue()
    allowed: dict[tuple[str, str], bool] = {}
    mine = []
    for one in found:
        place = (one.indicator, one.unit)
        if place not in allowed:
            allowed[place] = may_see(view, catalogue[one.indicator], one.unit)
        if allowed[place]:
            mine.append(one)
    return Seen(view, tuple(mine))


def may_see(view: View, indicator: Indicator, unit: str) -> bool:
    """Tell whether the viewer may see a figure of a unit.

    Test results of the municipality are for those who may see those of all its schools (folkeskoleloven § 55 b).
    """
    if not indicator.confidential:
        return unit in {COUNTRY, MUNICIPALITY} or view.may(Right.SEE_SCHOOLS, unit)
    if unit == MUNICIPALITY:
        return view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality)
    return view.may(Right.SEE_CONFIDENTIAL, None if unit == COUNTRY else unit)


def indicators_of(view: View) -> tuple[Indicator, ...]:
    """List the indicators that the viewer may know of, by area, in the order of the catalogue."""
    inside = view.may(Right.SEE_CONFIDENTIAL)
    known = [one for one in load_catalogue().indicators.values() if inside or not one.confidential]
    areas = list(dict.fromkeys(one.area for one in known))
    return tuple(sorted(known, key=lambda one: areas.index(one.area)))
