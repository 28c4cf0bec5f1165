"""The page of one school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.mail.by_hand import STATES
from kvalitet.adapters.store import outbox
from kvalitet.board import danish_date, progress_of
from kvalitet.messages import KINDS
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.board import Row
    from kvalitet.web.views import View


def school(request: Request) -> Response:
    """Show one school: what it has delivered, what it misses, and its meetings."""
    return school_page(request, view_of(request))


def school_page(request: Request, view: View, *, status: int = 200, **values: object) -> Response:
    """Write the page of a school, with the problem and texts of a form that was refused."""
    number = request.path_params["number"]
    known = {school.number: school for school in view.municipality.schools}
    if number not in known:
        raise HTTPException(404, f"{view.municipality.name} har ingen skole med institutionsnummer {number}.")
    rows = view.board.of_school(number)
    own = [row for row in rows if row.occurrence.kind is Kind.DELIVERABLE]
    with view.installation.store.read() as connection:
        mails = outbox.mails(connection, view.municipality.key, school=number, limit=20, contents=False)
    return render(
        request,
        "school.html",
        status=status,
        view=view,
        pauses=pausing.standing(view.installation, view.municipality, number, today=view.today),
        span_of=pausing.span_text,
        page="skoler",
        school=known[number],
        group=view.municipality.group(known[number].group),
        deliverables=own,
        progress=progress_of(own),
        meetings=sorted((row for row in rows if row.occurrence.kind.is_meeting), key=_when),
        others=[row for row in rows if row.occurrence.kind in {Kind.EXTRACT, Kind.EFFORT}],
        mails=mails,
        kinds=KINDS,
        states=STATES,
        **{"problem": "", "texts": {}, **values},
    )


def _when(row: Row) -> date:
    """Order meetings by the day they are held, or else by when they may be."""
    return danish_date(row.facts.starts_at) if row.facts.starts_at else row.occurrence.opens
