"""Confirming: the page that the link in a mail leads to, where a file becomes a delivery.

Mail scanners open links, so opening one changes nothing; only the button does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.deliveries import AnswersRefusedError
from kvalitet.adapters.delivering import earlier
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.offers import confirming
from kvalitet.adapters.store import plans
from kvalitet.web.pages.delivering import filled_in
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.offers.confirming import Waiting
    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.answers import Promised
    from kvalitet.offers import Choice
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

CHOSEN = "punkt"


def show(request: Request) -> Response:
    """Show the file, what it would be delivered as, and what else the form asks."""
    view, token = view_of(request), request.path_params["token"]
    if done := _delivered(view, token):
        return _confirmed(request, view, done)
    found = _waiting(request, view)
    return _page(request, view, found, found.choice(request.query_params.get(CHOSEN, "")))


async def post_confirmation(request: Request) -> Response:
    """Make the file a delivery; with a problem the form comes back as it was filled in."""
    return await answer_form(request, _post)


def _post(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, token, key = view_of(request), request.path_params["token"], filled.text(CHOSEN)
    if _delivered(view, token):
        return _receipt(view, token)
    found = _waiting(request, view)
    choice = found.choice(key)
    if choice is None:
        return _page(request, view, found, None, status=400)
    fields = view.municipality.wheel.activity(choice.occurrence.activity).fields
    texts = filled_in.texts_of(fields, filled)
    if filled.text(filled_in.MORE_ROWS):
        return _page(request, view, found, choice, texts=texts, filled=filled)
    now = site_of(request).clock()
    try:
        confirming.confirm(view.installation, view.municipality, token, choice.occurrence.key, texts, now=now)
    except AnswersRefusedError as error:
        return _page(request, view, found, choice, texts=texts, problems=dict(error.problems), status=400)
    except UserError as error:
        return _page(request, view, found, choice, texts=texts, problem=str(error), status=409)
    answer = _receipt(view, token)
    answer.background = afterwards(view, site_of(request).clock)
    return answer


def _delivered(view: View, token: str) -> Delivery | None:
    with view.installation.store.read() as connection:
        return confirming.delivered(connection, view.municipality, token)


def _waiting(request: Request, view: View) -> Waiting:
    """Find the file; a link that is of no use says what to do instead."""
    now = site_of(request).clock()
    try:
        with view.installation.store.read() as connection:
            return confirming.waiting(connection, view.municipality, request.path_params["token"], now=now)
    except UserError as error:
        raise HTTPException(404, str(error)) from error


def _receipt(view: View, token: str) -> RedirectResponse:
    """Lead back to the link, which says from now on what became of the file: nobody has to log in for that."""
    return RedirectResponse(f"/{view.municipality.key}/bekraeft/{token}", status_code=303)


def _confirmed(request: Request, view: View, made: Delivery) -> Response:
    with view.installation.store.read() as connection:
        occurrence = plans.occurrence(connection, made.occurrence)
    assert occurrence
    title, unit = occurrence.title, view.unit(occurrence)
    response = render(request, "confirmed.html", view=view, page="-", title=title, unit=unit, delivery=made)
    response.headers["cache-control"] = "no-store"
    return response


def _promised(view: View, choice: Choice | None) -> dict[str, Promised]:
    """List what the form of a choice is to answer from last year."""
    if choice is None:
        return {}
    with view.installation.store.read() as connection:
        return earlier.promised(connection, view.municipality, choice.occurrence)


def _page(  # noqa: PLR0913 -- the page, and all that a refused form brings back
    request: Request,
    view: View,
    found: Waiting,
    choice: Choice | None,
    *,
    texts: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    problem: str = "",
    filled: Filled | None = None,
    status: int = 200,
) -> Response:
    activity = view.municipality.wheel.activity(choice.occurrence.activity) if choice else None
    promised = _promised(view, choice)
    fields = [
        field
        for field in (activity.fields if activity else ())
        if field.type is not FieldType.FILE and (field.type is not FieldType.PROMISES or field.key in promised)
    ]
    response = render(
        request,
        "confirm.html",
        status=status,
        view=view,
        page="-",
        file=found.offer.file,
        offered_at=found.offer.offered_at,
        choices=found.choices,
        choice=choice,
        chosen_field=CHOSEN,
        here=request.url.path,
        fields=fields,
        texts=texts or {},
        promised=promised,
        rows=filled_in.shown_rows(fields, texts or {}, filled),
        problems=problems or {},
        problem=problem,
    )
    response.headers["cache-control"] = "no-store"
    response.headers["x-robots-tag"] = "noindex, nofollow, noarchive"
    return response
