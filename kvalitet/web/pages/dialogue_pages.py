"""The dialogue sheet: what a school's leader and the director have before them, as a page and as a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kvalitet.adapters.schools.dialogue_printing import printed
from kvalitet.adapters.schools.dialogue_sheets import sheet_of
from kvalitet.rights import Right
from kvalitet.web.pages.occurrence_pages import dossier
from kvalitet.web.rendering import render
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.schools.dialogue_sheets import DialogueSheet
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.views import View


def sheet(request: Request) -> Response:
    """Show the sheet of one dialogue."""
    view, found, made = _sheet(request)
    return render(request, "dialogue_sheet.html", view=view, page="-", it=found, sheet=made)


def pdf(request: Request) -> Response:
    """Give the sheet as a PDF; what is confidential is kept by no cache."""
    view, found, made = _sheet(request)
    content = printed(made, municipality=view.municipality.name, now=view.now)
    name = f"Samtaleark {found.unit} {view.school_year.key}.pdf"
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _sheet(request: Request) -> tuple[View, Dossier, DialogueSheet]:
    view, found = dossier(request)
    occurrence = found.row.occurrence
    if occurrence.kind is not Kind.DIALOGUE or not occurrence.school:
        raise HTTPException(404, f"»{found.activity.title}« er ikke en samtale med én skole og har intet samtaleark.")
    with view.installation.store.read() as connection:
        made = sheet_of(
            connection,
            view.board,
            found.row,
            guide=found.question_guide,
            place=found.booking.place if found.booking else "",
            sees_confidential=view.may(Right.SEE_CONFIDENTIAL, occurrence.school),
        )
    return view, found, made
