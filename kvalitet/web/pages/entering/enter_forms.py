"""Entering a figure: which one it is, what stands there today, and what it is to be."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.extracting.entering import Standing, StandsOtherwiseError, Typist, enter, standing_at
from kvalitet.adapters.extracting.telling import written
from kvalitet.adapters.sources.entered import entry
from kvalitet.adapters.sources.entered.entry import EntryError, Place
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, IndicatorUnit, danish_decimal
from kvalitet.pulls import PullOutcome
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from kvalitet.measurements import Measurement
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

PAGE = "tal/indtast"
SAW, FORMER = "set", "tidligere"
WHICH = (entry.INDICATOR, entry.YEAR, entry.UNIT)
TYPED = (entry.VALUE, entry.PUPILS, entry.SOURCE, entry.DATE)
YEARS_BACK = 15
LONGEST_NUMBER = 15
NOTICES = {"gemt": "Tallet er gemt og vises nu.", "uændret": "Det tal stod der i forvejen; intet er ændret."}
PROBLEM_TITLES = {True: "Tallet er ikke gemt", False: "Vælg, hvilket tal det er"}


def form(request: Request) -> Response:
    """Ask which figure it is; then show what stands there, and ask what it is to be."""
    view = view_of(request)
    which = {name: request.query_params.get(name, "") for name in WHICH}
    if not any(which.values()):
        return _page(request, view, which)
    try:
        place = _place(view, which)
    except EntryError as error:
        return _page(request, view, which, problems=error.problems, status=HTTPStatus.BAD_REQUEST)
    return _page(request, view, which, place=place)


async def post_entry(request: Request) -> Response:
    """Keep a figure that was typed."""
    return await answer_form(request, _post_entry)


def _post_entry(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view = view_of(request)
    which, typed = ({name: filled.text(name) for name in names} for names in (WHICH, TYPED))
    place = None
    try:
        place = _place(view, which)
        found = entry.entered(place, typed, today=view.today)
        by = Typist(view.viewer.name, site_of(request).clock(), saw=_number(filled.text(SAW)))
        kept = enter(view.installation, view.municipality, found, place, by)
    except EntryError as error:
        problems, status = error.problems, HTTPStatus.BAD_REQUEST
    except StandsOtherwiseError as error:
        problems, status = {entry.VALUE: error.message}, HTTPStatus.CONFLICT
    else:
        said = "gemt" if kept.outcome is PullOutcome.PUBLISHED else "uændret"
        return RedirectResponse(_address(view, which, sket=said), status_code=HTTPStatus.SEE_OTHER)
    return _page(request, view, which, place=place, typed=typed, problems=problems, status=status)


def _place(view: View, which: Mapping[str, str]) -> Place:
    return entry.place_of(view.municipality, load_catalogue().indicators, which, today=view.today)


def _page(
    request: Request,
    view: View,
    which: Mapping[str, str],
    *,
    place: Place | None = None,
    status: int = HTTPStatus.OK,
    **refused: Mapping[str, str],
) -> Response:
    """Write the page, with the problems and the texts of a form that was refused."""
    standing = _standing(view, place)
    return render(
        request,
        "enter_figure.html",
        status=status,
        view=view,
        page="udtraek",
        names=entry,
        which=which,
        place=place,
        standing=standing,
        problem_titles=PROBLEM_TITLES,
        notice=NOTICES.get(request.query_params.get("sket", ""), ""),
        indicators=sorted(load_catalogue().indicators.values(), key=lambda one: sort_key(one.title)),
        years=_years(view),
        units=_units(view),
        unit_name=entry.unit_name,
        is_level=place is not None and place.indicator.unit is IndicatorUnit.LEVEL,
        written=written,
        saw=SAW,
        address=_address,
        **{"typed": _proposed(request, view, standing), "problems": {}, **refused},
    )


def _standing(view: View, place: Place | None) -> Standing | None:
    if place is None:
        return None
    with view.installation.store.read() as connection:
        return standing_at(connection, view.municipality, place)


def _proposed(request: Request, view: View, standing: Standing | None) -> dict[str, str]:
    """Fill in today's day, or all of a former figure that is to be put back; the figure is no part of an address."""
    found = standing.of_snapshot(_number(request.query_params.get(FORMER, ""))) if standing else None
    return _texts(found) if found else {entry.DATE: view.today.isoformat()}


def _texts(found: Measurement) -> dict[str, str]:
    figure = found.level or (danish_decimal(found.value) if found.value is not None else entry.NO_FIGURE)
    return {
        entry.VALUE: figure,
        entry.PUPILS: "" if found.pupils is None else str(found.pupils),
        entry.SOURCE: found.source,
        entry.DATE: found.published_on.isoformat() if found.published_on else "",
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else 0


def _years(view: View) -> list[SchoolYear]:
    newest = SchoolYear.containing(view.today)
    return [newest.plus(-back) for back in range(YEARS_BACK)]


def _units(view: View) -> list[tuple[str, str]]:
    schools = sorted(view.municipality.schools, key=lambda school: sort_key(school.name))
    whole = [(MUNICIPALITY, view.municipality.name), (COUNTRY, "Hele landet")]
    return [*whole, *((school.number, school.name) for school in schools)]


def _address(view: View, which: Mapping[str, str], **more: str) -> str:
    query = urlencode({name: which[name] for name in WHICH})
    asked = view.query_with(**more).removeprefix("?")
    return f"/{view.municipality.key}/{PAGE}?{query}{'&' if asked else ''}{asked}"
