"""Where a figure comes from: its source, when it was published and pulled, and what was said of it earlier."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kvalitet.adapters.charts.building import COUNTRY_TITLE, why_missing, written
from kvalitet.adapters.figures.definitions import definition_of
from kvalitet.adapters.figures.origins import origin_of
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.web.access.guarding import NOT_YOURS
from kvalitet.web.pages.figures.indicator_pages import indicator_of
from kvalitet.web.pages.figures.seeing import may_see
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.web.views import View


def show(request: Request) -> Response:
    """Show where one figure comes from."""
    view, asked = view_of(request), request.path_params
    indicator, unit, year = indicator_of(view, asked["indicator"]), asked["unit"], _year(asked["school_year"])
    if not may_see(view, indicator, unit):
        raise HTTPException(404, NOT_YOURS)
    with view.installation.store.read() as connection:
        origin = origin_of(connection, view.municipality, indicator, year, unit)
    return render(
        request,
        "origin.html",
        view=view,
        page="noegletal",
        indicator=indicator,
        year=year,
        unit=unit,
        title=_title(view, unit),
        school=view.municipality.school(unit) if view.municipality.has_school(unit) else None,
        origin=origin,
        asked=json.dumps(origin.request, ensure_ascii=False, indent=2) if origin.request else "",
        definition=definition_of(indicator.key),
        breaks=[one for one in load_series_breaks() if (one.indicator, one.school_year) == (indicator.key, year)],
        written=lambda found: written(indicator, found),
        why=why_missing,
    )


def _year(text: str) -> SchoolYear:
    try:
        return SchoolYear.parse(text)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error


def _title(view: View, unit: str) -> str:
    whole = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: view.municipality.name}
    return whole.get(unit) or view.municipality.school(unit).name
