"""One indicator: over the school years, school among schools, and what it measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kvalitet.adapters.charts.building import explained, ranked, ranking_chart, series_chart, why_missing, written
from kvalitet.adapters.charts.ranking import ranking_svg
from kvalitet.adapters.charts.series import NARROW, WIDE, series_svg
from kvalitet.adapters.figures.definitions import definition_of
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.rights import Right
from kvalitet.web.access.guarding import NOT_YOURS
from kvalitet.web.pages.figures.asking import MOST_SCHOOLS, AskedIndicator
from kvalitet.web.pages.figures.seeing import may_see, seen_by
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.measurements import Indicator
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.views import View

WHOLE = (COUNTRY, MUNICIPALITY)


def show(request: Request) -> Response:
    """Show the page of an indicator."""
    view = view_of(request)
    indicator = indicator_of(view, request.path_params["indicator"])
    seen = seen_by(request, view, [indicator.key])
    asked = AskedIndicator.of(request.query_params, seen, indicator.key, own=view.own_school)
    return render(
        request,
        "indicator.html",
        view=view,
        page="noegletal",
        indicator=indicator,
        definition=definition_of(indicator.key),
        goals=[goal for goal in view.municipality.goals if goal.indicator and goal.indicator.key == indicator.key],
        asked=asked,
        written=lambda found: written(indicator, found),
        why=why_missing,
        **(_shown(seen, indicator, asked) if asked else {}),
    )


def indicator_of(view: View, key: str) -> Indicator:
    """Find an indicator; test results do not exist for those who may see none (folkeskoleloven § 55 b)."""
    catalogue = load_catalogue()
    if key not in catalogue:
        raise HTTPException(404, f"Der er intet nøgletal, der hedder »{key[:40]}«. Vælg et fra listen over nøgletal.")
    if catalogue[key].confidential and not view.may(Right.SEE_CONFIDENTIAL):
        raise HTTPException(404, NOT_YOURS)
    return catalogue[key]


def _shown(seen: Seen, indicator: Indicator, asked: AskedIndicator) -> dict[str, Any]:
    """Gather the drawings and the tables beside them."""
    titles = {unit: title for unit, title in seen.titles.items() if may_see(seen.view, indicator, unit)}
    whole = [unit for unit in WHOLE if unit in titles]
    return {
        "years": seen.years(indicator.key),
        "titles": titles,
        "whole": whole,
        "of_year": lambda year: seen.of_year(indicator.key, year),
        "more_schools": [one for one in seen.schools if one.number not in asked.schools and one.number in titles],
        "is_full": len(asked.schools) >= MOST_SCHOOLS,
        "sources": sorted({one.source for one in seen.figures}),
        **_over_years(seen, indicator, asked, titles, [*whole, *(unit for unit in asked.schools if unit in titles)]),
        **_among(seen, indicator, asked, titles),
    }


def _over_years(
    seen: Seen, indicator: Indicator, asked: AskedIndicator, titles: dict[str, str], units: list[str]
) -> dict[str, Any]:
    years = asked.years(seen.years(indicator.key))
    series = seen.series(indicator.key, units)
    chart = series_chart(indicator, series, titles, years)
    breaks = [one for found in series for one in found.breaks if one.school_year in set(years)]
    return {
        "shown_years": years,
        "units": units,
        "series": [series_svg(chart, width=width) for width in (WIDE, NARROW)],
        "has_points": any(track.points for track in chart.tracks),
        "breaks": explained(breaks),
    }


def _among(seen: Seen, indicator: Indicator, asked: AskedIndicator, titles: dict[str, str]) -> dict[str, Any]:
    found = seen.of_year(indicator.key, asked.year)
    # One's own school is told apart here also when it has been taken out of the series.
    chosen = list(dict.fromkeys((*asked.schools, *filter(None, [seen.view.own_school]))))
    chart = ranking_chart(indicator, asked.year, found, titles, chosen=chosen)
    return {
        "ranking": [ranking_svg(chart, width=width) for width in (WIDE, NARROW)],
        "ranked": ranked(indicator, found, titles),
        "found": found,
        "chosen": chosen,
    }
