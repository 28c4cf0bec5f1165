"""Drafts: what is typed is kept while it is typed, and also when the session ran out meanwhile."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from kvalitet.adapters import danish
from kvalitet.adapters.delivering import drafts
from kvalitet.adapters.delivering.drafts import Draft
from kvalitet.adapters.store import deliveries
from kvalitet.web import addresses
from kvalitet.web.access.guarding import login_address
from kvalitet.web.pages.delivering import filled_in, form_page
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

LOGGED_OUT = "Du er logget ud, men det, du har skrevet, er gemt som kladde."


async def post_draft(request: Request) -> Response:
    """Keep what is typed: for a script, which goes on, or for a button, which leads back to the form."""
    return await answer_form(request, _post_draft)


async def post_removal(request: Request) -> Response:
    """Throw the draft away and open the form anew."""
    return await answer_form(request, _post_removal)


async def keep_lapsed(request: Request) -> Response:
    """Keep what somebody typed whose session has run out, and lead to the login and back to the form."""
    return await answer_form(request, _keep_lapsed)


def _post_draft(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    _save(request, view, found, filled)
    if _asks_for_json(request):
        saved = f"Kladde gemt kl. {danish.time_text(site_of(request).clock())}"
        return JSONResponse({"saved": saved, "seconds_left": form_page.seconds_left(request, view)})
    return RedirectResponse(_form_address(view, found, sket=form_page.SAVED), status_code=HTTPStatus.SEE_OTHER)


def _post_removal(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    with view.installation.store.write() as connection:
        drafts.drop(connection, found.row.occurrence.key, view.viewer.key)
    return RedirectResponse(_form_address(view, found), status_code=HTTPStatus.SEE_OTHER)


def _keep_lapsed(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    _save(request, view, found, filled)
    login = login_address(_form_address(view, found))
    if _asks_for_json(request):
        return JSONResponse({"saved": LOGGED_OUT, "login": login}, status_code=HTTPStatus.UNAUTHORIZED)
    return RedirectResponse(login, status_code=HTTPStatus.SEE_OTHER)


def _save(request: Request, view: View, found: Dossier, filled: Filled) -> None:
    """Keep a draft, unless the form that it comes from has been delivered meanwhile."""
    key, mark = found.row.occurrence.key, filled.text(filled_in.MARK)
    texts = filled_in.texts_of(found.activity.fields, filled)
    draft = Draft(texts, filled_in.base_of(filled, found.newest), site_of(request).clock())
    with view.installation.store.write() as connection:
        if not (mark and deliveries.with_token(connection, mark)):
            drafts.save(connection, key, view.viewer.key, draft)


def _form_address(view: View, found: Dossier, **more: str) -> str:
    return (
        f"{addresses.of_occurrence(view.municipality.key, found.row.occurrence.key)}/aflever{view.query_with(**more)}"
    )


def _asks_for_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
