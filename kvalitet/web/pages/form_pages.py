"""Forms about deliverables: waiving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.deliveries import waive
from kvalitet.adapters.errors import UserError
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.pages.matrix.returning import after, way_back
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.uploads import Filled


async def post_waiver(request: Request) -> Response:
    """Free a school from a deliverable."""
    return await answer_form(request, _post_waiver)


def _post_waiver(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    key = found.row.occurrence.key
    reason = filled.text("reason")
    try:
        waive(view.installation, key, reason=reason, by=view.viewer.name, now=site_of(request).clock())
    except UserError as error:
        told = {"problem": str(error), "problem_in": "waive", "texts": {"reason": reason}, "way": way_back(filled)}
        return occurrence_pages.page(request, view, found, status=400, **told)
    done, school = "fritaget", found.row.occurrence.school
    own = addresses.of_occurrence(view.municipality.key, key, view.query_with(sket=done))
    return RedirectResponse(after(filled, school=school, done=done, otherwise=own), status_code=303)
