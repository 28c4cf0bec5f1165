"""Pages that show the whole year and who is missing: the wheel, the matrix and one activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store import incoming, log, outbox
from kvalitet.board import progress_of
from kvalitet.outgoing import MailState
from kvalitet.status import State
from kvalitet.web.drawing import wheel_svg
from kvalitet.web.drawing.wheel_model import RING_TITLES
from kvalitet.web.rendering import render
from kvalitet.web.views import demonstration, site_of, view_of, viewer_of
from kvalitet.web.year.showing import shown_of
from kvalitet.web.year.year_pages import values
from kvalitet.wheel import Kind, Per

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.incoming import Attention
    from kvalitet.board import Board, Row
    from kvalitet.municipality import Municipality
    from kvalitet.status import Progress
    from kvalitet.web.views import View

STUCK = (MailState.FAILED, MailState.UNCERTAIN)
ONLY_MISSING = "mangler"
# The job that sends mail runs every quarter of an hour.
SENDING, LONGEST_SILENCE = "send_mail", timedelta(hours=2)


@dataclass(frozen=True)
class Lagging:
    """Den, der mangler noget: a school, or the municipality itself when `number` is None."""

    name: str
    number: str | None
    rows: tuple[Row, ...]

    @property
    def overdue(self) -> tuple[Row, ...]:
        """What is overdue, the oldest first."""
        return tuple(row for row in self.rows if row.state is State.OVERDUE)

    @property
    def is_paused(self) -> bool:
        """Tell whether the school is not reminded for a while."""
        return any(row.pause for row in self.rows)

    @property
    def open(self) -> int:
        """How many are open and not yet overdue."""
        return len(self.rows) - len(self.overdue)


@dataclass(frozen=True)
class Choice:
    """Valg på forsiden: a municipality and what needs attention there."""

    municipality: Municipality
    board: Board
    missing: tuple[Lagging, ...]
    stuck: int

    @property
    def schools_missing(self) -> int:
        """How many schools miss something; the municipality itself is no school."""
        return sum(1 for one in self.missing if one.number)

    @property
    def overdue(self) -> int:
        """How many deliverables are overdue."""
        return sum(len(one.overdue) for one in self.missing)


def front(request: Request) -> Response:
    """Show which municipalities the viewer is let into and what needs attention; where there is one, lead there."""
    site, viewer = site_of(request), viewer_of(request)
    installation, now = site.installation_provider(), site.clock()
    mine = {standing.municipality for standing in viewer.standings}
    if not viewer.key:
        return RedirectResponse("/log-ind", status_code=303)
    if len(mine) == 1:
        return RedirectResponse(f"/{mine.pop()}/", status_code=303)
    choices = []
    known = (found for found in installation.municipalities if found.key in mine)
    for municipality in sorted(known, key=lambda found: sort_key(found.name)):
        board = viewer.board(
            installation.board(municipality, installation.current_year(municipality, now=now), now=now)
        )
        choices.append(Choice(municipality, board, lagging(board), stuck_mails(installation, municipality)))
    return render(request, "front.html", view=None, choices=choices, demonstration=demonstration(installation))


def board(request: Request) -> Response:
    """Show the year wheel, the counts and who is missing."""
    shown = shown_of(request)
    view = shown.view
    return render(
        request,
        "board.html",
        page="",
        wheel=wheel_svg.draw(shown.model, links=True, query=view.query),
        missing=lagging(shown.board),
        deliveries=_progress(shown.board, Kind.DELIVERABLE),
        meetings=_progress(shown.board, Kind.MEETING, Kind.DIALOGUE),
        extracts=_progress(shown.board, Kind.EXTRACT),
        stuck=stuck_mails(view.installation, view.municipality),
        attention=_attention(view),
        silent_since=silent_since(view.installation, now=site_of(request).clock()),
        **values(shown),
    )


def _attention(view: View) -> Attention:
    with view.installation.store.read() as connection:
        return incoming.attention(connection, view.municipality.key)


def matrix(request: Request) -> Response:
    """Show schools by deliverables; `kun=mangler` leaves out those who have delivered all, `sorter` orders the rows."""
    view = view_of(request)
    only_missing = request.query_params.get("kun") == ONLY_MISSING
    order = request.query_params.get("sorter", "navn")
    columns = [activity for activity in view.board.deliverables() if activity.per is Per.SCHOOL]
    late = {found.number: found for found in lagging(view.board) if found.number}
    schools = sorted(view.board.schools(), key=lambda school: sort_key(school.name))
    if order == ONLY_MISSING:
        schools.sort(key=lambda school: -len(late[school.number].rows) if school.number in late else 0)
    if only_missing:
        schools = [school for school in schools if school.number in late]
    return render(
        request,
        "matrix.html",
        view=view,
        page="skoler",
        schools=schools,
        cells=view.board.matrix(),
        late=late,
        only_missing=only_missing,
        order=order,
        columns=columns,
        progress={activity.key: progress_of(view.board.of(activity.key)) for activity in columns},
    )


def activity(request: Request) -> Response:
    """Show one activity with all its occurrences."""
    view = view_of(request)
    key = request.path_params["activity"]
    rows = view.board.of(key)
    if not rows:
        raise HTTPException(404, f"Årshjulet for {view.school_year.label} har ingen aktivitet »{key}«.")
    found = view.municipality.wheel.activity(key)
    ordered = sorted(rows, key=lambda row: sort_key(view.unit(row.occurrence)))
    values: dict[str, Any] = {"activity": found, "rows": ordered, "progress": progress_of(rows)}
    return render(request, "activity.html", view=view, page="-", ring_titles=RING_TITLES, **values)


def lagging(board: Board) -> tuple[Lagging, ...]:
    """List who misses something, the most overdue first."""
    by_school: dict[str | None, list[Row]] = {}
    for row in board.missing():
        by_school.setdefault(row.occurrence.school, []).append(row)
    names: dict[str | None, str] = {school.number: school.name for school in board.municipality.schools}
    own = board.municipality.name
    found = [Lagging(names.get(number, own), number, tuple(rows)) for number, rows in by_school.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.overdue), -len(one.rows), sort_key(one.name))))


def stuck_mails(installation: Installation, municipality: Municipality) -> int:
    """Count the mails that a person must look at."""
    with installation.store.read() as connection:
        counts = outbox.counts(connection, municipality.key)
    return sum(counts.get(state, 0) for state in STUCK)


def silent_since(installation: Installation, *, now: datetime) -> datetime | None:
    """Tell since when no mail has been sent out, when that is longer than it should be."""
    with installation.store.read() as connection:
        beat = log.heartbeats(connection).get(SENDING)
    return beat if beat and now - beat > LONGEST_SILENCE else None


def _progress(board: Board, *kinds: Kind) -> Progress:
    return progress_of(_of_kinds(board, kinds))


def _of_kinds(board: Board, kinds: Iterable[Kind]) -> list[Row]:
    wanted = set(kinds)
    return [row for row in board.rows if row.occurrence.kind in wanted]
