"""A cell of the matrix: what one may do at once about a school's deliverable that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.rights import Right
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages, reminder_forms
from kvalitet.web.pages.matrix.asking import Asked
from kvalitet.web.pages.matrix.table import MISSING
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.pages.matrix.reading import Reading


def show(request: Request) -> Response:
    """Show what can be done about a cell; where that is nothing, lead to the page of the deliverable.

    The forms lead back to the matrix as it was asked for.
    """
    view, wanted = view_of(request), request.path_params
    reading: Reading = request.app.state.reading
    board, _ = reading.of(view)
    row = board.matrix().get((wanted["number"], wanted["activity"]))
    if row is None:
        raise HTTPException(404, "Skolen har ingen sådan aflevering i skoleåret.")
    occurrence = row.occurrence
    if row.state not in MISSING or not view.may_about(Right.FOLLOW_UP, occurrence):
        address = addresses.of_occurrence(view.municipality.key, occurrence.key, view.query)
        return RedirectResponse(address, status_code=303)
    way = Asked.of(request.query_params).address(view)
    _, found = occurrence_pages.dossier_of(view, occurrence.key, board=board)
    asked = reminder_forms.letters(request, view, [occurrence.key])
    given = {"texts": {}, "problem_in": "", "way": way, **asked}
    return render(request, "cell.html", view=view, page="-", it=found, **given)
