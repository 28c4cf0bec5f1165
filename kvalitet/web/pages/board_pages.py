"""Pages that show how far the year is and who is missing: the wheel, and one activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.extracting.asking import source_name
from kvalitet.adapters.extracting.states import Trouble, trouble
from kvalitet.adapters.store import incoming, log, outbox
from kvalitet.board import progress_of
from kvalitet.outgoing import MailState
from kvalitet.rights import Right
from kvalitet.status import State
from kvalitet.web.drawing import wheel_svg
from kvalitet.web.drawing.wheel_model import RING_TITLES
from kvalitet.web.rendering import render
from kvalitet.web.views import demonstration, first_page, site_of, view_of, viewer_of
from kvalitet.web.year.showing import shown_of
from kvalitet.web.year.year_pages import values
from kvalitet.wheel import Kind

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
    if not mine:
        session = request.state.session
        known = [found for found in installation.municipalities if session and found.key == session.municipality]
        values: dict[str, Any] = {"municipality": known[0] if known else None}
        return render(request, "waiting.html", view=None, demonstration=demonstration(installation), **values)
    if len(mine) == 1:
        return RedirectResponse(first_page(viewer, mine.pop()), status_code=303)
    choices = []
    open_ones = (found for found in installation.municipalities if found.key in mine)
    for municipality in sorted(open_ones, key=lambda found: sort_key(found.name)):
        board = viewer.board(
            installation.board(municipality, installation.current_year(municipality, now=now), now=now)
        )
        handles = viewer.may(Right.SEE_MAILS, municipality)
        stuck = stuck_mails(installation, municipality) if handles else 0
        choices.append(Choice(municipality, board, lagging(board), stuck))
    return render(request, "front.html", view=None, choices=choices, demonstration=demonstration(installation))


def board(request: Request) -> Response:
    """Show the year wheel, the counts and who is missing."""
    shown = shown_of(request)
    view = shown.view
    return render(
        request,
        "board.html",
        page="",
        wheel=wheel_svg.draw(shown.model, links=True, query=shown.links_query),
        missing=lagging(shown.board),
        deliveries=_progress(shown.board, Kind.DELIVERABLE),
        meetings=_progress(shown.board, Kind.MEETING, Kind.DIALOGUE),
        extracts=_progress(shown.board, Kind.EXTRACT),
        stuck=stuck_mails(view.installation, view.municipality),
        attention=_attention(view),
        trouble=_trouble(view),
        source_name=source_name,
        silent_since=silent_since(view.installation, now=site_of(request).clock()),
        **values(shown),
    )


def _attention(view: View) -> Attention:
    with view.installation.store.read() as connection:
        return incoming.attention(connection, view.municipality.key)


def _trouble(view: View) -> Trouble:
    with view.installation.store.read() as connection:
        return trouble(connection, view.municipality.key)


def activity(request: Request) -> Response:
    """Show one activity with all its occurrences."""
    view = view_of(request)
    key = request.path_params["activity"]
    rows = view.board.of(key)
    if not rows:
        raise HTTPException(404, f"Årshjulet for {view.school_year.label} har ingen aktivitet »{key}«.")
    found = view.municipality.wheel.activity(key)
    ordered = sorted(rows, key=lambda row: sort_key(view.unit(row.occurrence)))
    # The dates that hold for those who were given no date of their own.
    shared = min((row.occurrence for row in rows), key=lambda occurrence: occurrence.due)
    values: dict[str, Any] = {"activity": found, "rows": ordered, "shared": shared, "progress": progress_of(rows)}
    values["reminds"] = any(view.may_about(Right.FOLLOW_UP, row.occurrence) for row in rows)
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
