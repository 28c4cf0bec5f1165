"""Pages that show the whole year: the timeline, the list, and the wheel as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from kvalitet.adapters.feeds import subscribing
from kvalitet.web.drawing import card, wheel_svg
from kvalitet.web.drawing.timeline_svg import timeline_svg
from kvalitet.web.drawing.wheel_bars import told_before
from kvalitet.web.drawing.wheel_model import MARK_TEXTS, RING_TITLES
from kvalitet.web.rendering import render
from kvalitet.web.year import paper
from kvalitet.web.year.showing import shown_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.year.showing import Shown


def timeline(request: Request) -> Response:
    """Show the year as a straight line."""
    shown = shown_of(request)
    drawn = timeline_svg(shown.model, query=shown.links_query)
    return render(request, "timeline.html", page="tidslinje", timeline=drawn, **values(shown))


def listing(request: Request) -> Response:
    """Show the year as a list."""
    shown = shown_of(request)
    return render(request, "list.html", page="liste", ring_titles=RING_TITLES, **values(shown))


def values(shown: Shown) -> dict[str, Any]:
    """Give what the templates of the year have in common."""
    return {
        "view": shown.view,
        "part": shown,
        "model": shown.model,
        "mark_texts": MARK_TEXTS,
        "told_before": told_before,
        "people": card.people,
    }


def wheel_file(request: Request) -> Response:
    """Give the wheel as a drawing of its own."""
    shown = shown_of(request)
    return _saved(wheel_svg.draw(shown.model, links=False).encode(), "image/svg+xml", f"{_name(shown)}.svg")


def wheel_paper(request: Request) -> Response:
    """Give the wheel as a sheet of A3 with its points beside it."""
    shown = shown_of(request)
    return _saved(paper.sheet(shown.model, shown.choice.text), "application/pdf", f"{_name(shown)}.pdf")


def dates(request: Request) -> Response:
    """Give the meetings and due dates as a file for a calendar."""
    shown = shown_of(request)
    content = subscribing.content_of_board(shown.view.installation, shown.board)
    return _saved(content, "text/calendar; charset=utf-8", f"{_name(shown)}.ics")


def _name(shown: Shown) -> str:
    return f"aarshjul-{shown.view.municipality.key}-{shown.view.school_year.key}"


def _saved(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-cache"}
    return Response(content, media_type=media_type, headers=headers)
