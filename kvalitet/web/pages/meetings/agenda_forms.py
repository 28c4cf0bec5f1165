"""The form of one meeting's agenda: shown to whom it is told before it is, as moving a meeting is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters import meetings
from kvalitet.adapters.errors import UserError
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.uploads import Filled

AGENDA, SURE = "agenda", "sure"


async def post_agenda(request: Request) -> Response:
    """Keep the agenda of a meeting and tell those who are invited, once it has been shown who they are."""
    return await answer_form(request, _post_agenda)


def _post_agenda(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    municipality, occurrence, now = view.municipality, found.row.occurrence, site_of(request).clock()
    texts = {AGENDA: filled.text(AGENDA)}
    try:
        text = meetings.agenda_text(occurrence, found.booking, filled.text(AGENDA), now=now)
        papers = view.installation.papers(municipality, found.activity)
        if not filled.text(SURE):
            with view.installation.store.read() as connection:
                decision = meetings.agenda_of(connection, municipality, occurrence, text, papers=papers, now=now)
            if told := meetings.announcements(decision):
                return occurrence_pages.page(request, view, found, agenda_told=told, texts=texts)
        with view.installation.store.write() as connection:
            renderer, by = view.installation.renderer, view.viewer.name
            meetings.write_agenda(connection, renderer, municipality, occurrence, text, papers=papers, by=by, now=now)
    except UserError as error:
        given = {"problem": str(error), "problem_in": AGENDA, "texts": texts}
        return occurrence_pages.page(request, view, found, status=400, **given)
    query = view.query_with(sket="dagsorden")
    address = f"{addresses.of_occurrence(municipality.key, occurrence.key, query)}#dagsorden"
    return RedirectResponse(address, status_code=303, background=afterwards(view, site_of(request).clock))
