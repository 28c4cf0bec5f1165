"""Decisions: approving a delivery, sending it back, and taking either back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.delivering import decisions
from kvalitet.adapters.errors import UserError
from kvalitet.status import Decision
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.pages.delivering import filled_in, form_page
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

DECISION, COMMENT = "afgørelse", "kommentar"
UNKNOWN = "Vælg, om afleveringen skal godkendes eller sendes retur."


async def post_decision(request: Request) -> Response:
    """Approve the version that was shown, or send it back with a comment."""
    return await answer_form(request, _post_decision)


async def post_undoing(request: Request) -> Response:
    """Take a decision back."""
    return await answer_form(request, _post_undoing)


def _post_decision(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    wanted, comment = filled.text(DECISION), filled.text(COMMENT)
    if wanted not in set(Decision):
        return _refused(request, view, found, UserError(UNKNOWN), comment)
    try:
        decisions.decide(
            view.installation,
            found.row.occurrence.key,
            Decision(wanted),
            version=filled_in.base_of(filled, 0),
            comment=comment,
            by=view.viewer.name,
            now=site_of(request).clock(),
        )
    except UserError as error:
        return _refused(request, view, found, error, comment)
    done = _back(view, found, wanted)
    done.background = afterwards(view, site_of(request).clock)
    return done


def _post_undoing(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    key, version, now = found.row.occurrence.key, filled_in.base_of(filled, 0), site_of(request).clock()
    try:
        decisions.undo(view.installation, key, version=version, by=view.viewer.name, now=now)
    except UserError as error:
        return _refused(request, view, found, error, "")
    return _back(view, found, "undone")


def _refused(request: Request, view: View, found: Dossier, error: UserError, comment: str) -> Response:
    values = {"problem": str(error), "problem_in": "decision", "texts": {COMMENT: comment}}
    return occurrence_pages.page(request, view, found, status=HTTPStatus.BAD_REQUEST, **values)


def _back(view: View, found: Dossier, said: str) -> RedirectResponse:
    words = {Decision.APPROVED.value: "godkendt", Decision.SENT_BACK.value: "retur", "undone": "fortrudt"}
    query = view.query_with(sket=words[said])
    address = addresses.of_occurrence(view.municipality.key, found.row.occurrence.key, query)
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
