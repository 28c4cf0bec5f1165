"""The page of one school: what it is to do now, what comes, and everything that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.mail.by_hand import STATES
from kvalitet.adapters.schools import streams
from kvalitet.adapters.schools.streams import SUBJECTS, Subject
from kvalitet.board import danish_date, progress_of
from kvalitet.messages import KINDS
from kvalitet.status import State
from kvalitet.web import filters
from kvalitet.web.filters import Paging
from kvalitet.web.pages.event_texts import detailed, told
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Kind, Role

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.board import Row
    from kvalitet.municipality import Contact
    from kvalitet.web.views import View

AT_ONCE = 40
COMING = 5
SUBJECT = "vis"


def school(request: Request) -> Response:
    """Show one school: what it misses, its meetings, and what happened."""
    return school_page(request, view_of(request))


def school_page(request: Request, view: View, *, status: int = 200, **values: object) -> Response:
    """Write the page of a school, with the problem and texts of a form that was refused."""
    number = request.path_params["number"]
    if not view.municipality.has_school(number):
        raise HTTPException(404, f"{view.municipality.name} har ingen skole med institutionsnummer {number}.")
    found = view.municipality.school(number)
    rows = view.board.of_school(number)
    own = [row for row in rows if row.occurrence.kind is Kind.DELIVERABLE]
    missing = [row for row in view.board.missing() if row.occurrence.school == number]
    meetings = sorted((row for row in rows if row.occurrence.kind.is_meeting), key=_when)
    return render(
        request,
        "school.html",
        status=status,
        view=view,
        pauses=pausing.standing(view.installation, view.municipality, number, today=view.today),
        span_of=pausing.span_text,
        page="skole" if view.own_school == number else "skoler",
        school=found,
        group=view.municipality.group(found.group),
        is_inside=view.may("see_confidential", number),
        missing=missing,
        deliverables=own,
        progress=progress_of(own),
        coming=[row for row in own if row.state is State.NOT_OPEN][:COMING],
        meetings=[row for row in meetings if row.state not in {State.HELD, State.CANCELLED}],
        held=[row for row in meetings if row.state in {State.HELD, State.CANCELLED}],
        others=[row for row in rows if row.occurrence.kind in {Kind.EXTRACT, Kind.EFFORT}],
        people=_people(view, number),
        kinds=KINDS,
        states=STATES,
        **_stream(request, view, number),
        **{"problem": "", "texts": {}, **values},
    )


def _stream(request: Request, view: View, number: str) -> dict[str, Any]:
    """Gather what happened, of one subject or of all, a page at a time."""
    with view.installation.store.read() as connection:
        happened = streams.stream(connection, view.board, number, view.viewer)
    known = {one.subject for one in happened}
    chosen = filters.text_of(request, SUBJECT)
    subject = Subject(chosen) if chosen in set(Subject) else None
    wanted = [one for one in happened if subject in {None, one.subject}]
    paging = Paging(filters.page_number(request), AT_ONCE, len(wanted))
    query = {SUBJECT: subject.value} if subject else {}
    return {
        "happened": wanted[paging.first_shown - 1 : paging.last_shown] if wanted else [],
        "subject": subject,
        "subjects": {one: title for one, title in SUBJECTS.items() if one in known},
        "paging": paging,
        "links": filters.links(view, f"skole/{number}", query, paging),
        "told": told,
        "detailed": detailed,
    }


def _people(view: View, number: str) -> list[tuple[str, Contact]]:
    """List whom to turn to: the school's own people, and those of the administration who serve it."""
    titles = {
        Role.SCHOOL_LEADER: "Skoleleder",
        Role.DEPUTY: "Stedfortræder",
        Role.CONSULTANT: "Konsulent",
        Role.ADMINISTRATION: "Forvaltningen",
    }
    return [
        (title, person) for role, title in titles.items() for person in view.municipality.people(role, school=number)
    ]


def _when(row: Row) -> date:
    """Order meetings by the day they are held, or else by when they may be."""
    return danish_date(row.facts.starts_at) if row.facts.starts_at else row.occurrence.opens
