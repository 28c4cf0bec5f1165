"""Reviews: releasing figures that were held back, or rejecting them, with a reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.deciding import Answer, DecidedAlreadyError, decide
from kvalitet.adapters.store.extracts.reviews import Ruling
from kvalitet.web.pages.extracts import extract_pages
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.uploads import Filled

RULING, REASON = "afgørelse", "grund"
UNKNOWN = "Vælg, om tallene skal vises eller afvises."
SAID = {Ruling.RELEASED: "frigivet", Ruling.REJECTED: "afvist"}


async def post_review(request: Request) -> Response:
    """Release the figures of a pull that were held back, or reject them."""
    return await answer_form(request, _post_review)


def _post_review(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view = view_of(request)
    it = extract_pages.found(request, view)
    wanted, reason = filled.text(RULING), filled.text(REASON)
    try:
        answer = Answer(_ruling(wanted), reason, view.viewer.name)
        decision = decide(view.installation, view.municipality, it.pull.id, answer, now=site_of(request).clock())
    except (UserError, DecidedAlreadyError) as error:
        status = HTTPStatus.BAD_REQUEST if isinstance(error, UserError) else HTTPStatus.CONFLICT
        again = extract_pages.found(request, view)
        return extract_pages.page(request, view, again, status=status, problem=error.message, reason=reason)
    query = view.query_with(sket=SAID[decision.decision])
    here = f"/{view.municipality.key}/{extract_pages.PAGE}/{it.pull.id}{query}"
    return RedirectResponse(here, status_code=HTTPStatus.SEE_OTHER)


def _ruling(wanted: str) -> Ruling:
    if wanted not in {ruling.value for ruling in Ruling}:
        raise UserError(UNKNOWN)
    return Ruling(wanted)
