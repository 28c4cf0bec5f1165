"""The log: what happened, by kind, school and day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store.searches import events
from kvalitet.adapters.store.searches.events import Wanted
from kvalitet.rights import Right
from kvalitet.web import filters
from kvalitet.web.filters import Paging
from kvalitet.web.pages.event_texts import detailed, told
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.store.log import Event
    from kvalitet.web.views import View

AT_ONCE = 100
# What those who keep it running are told more of; the rest says what schools and the administration write.
TECHNICAL = frozenset(
    {
        "extract_published",
        "extract_waiting",
        "extract_failed",
        "extract_held",
        "mail_unwritable",
        "mail_paused",
        "mail_resumed",
    }
)


def listing(request: Request) -> Response:
    """Show what happened, newest first."""
    view = view_of(request)
    kind, school = filters.text_of(request, "slags"), filters.text_of(request, "skole")
    day = filters.day_of(request, "dag")
    wanted = Wanted(kind or None, school or None, filters.span_of(day))
    number = filters.page_number(request)
    with view.installation.store.read() as connection:
        key = view.municipality.key
        found = events.search(connection, key, wanted, skip=(number - 1) * AT_ONCE, limit=AT_ONCE)
        kinds = events.kinds(connection, key)
    chosen = {"slags": kind, "skole": school, "dag": day.isoformat() if day else ""}
    paging = Paging(number, AT_ONCE, found.total)
    values: dict[str, Any] = {
        "events": found.items,
        "kinds": sorted(((one, told(one)) for one in kinds), key=lambda one: sort_key(one[1])),
        "school_options": filters.school_options(view),
        "chosen": chosen,
        "paging": paging,
        "links": filters.links(view, "log", chosen, paging),
        "told": told,
        "detail_of": lambda event: detail_of(view, event),
    }
    names = {one.number: one.name for one in view.municipality.schools}
    return render(request, "log.html", view=view, page="log", names=names, **values)


def detail_of(view: View, event: Event) -> str:
    """Give what is told besides, as far as the viewer may read it."""
    return detailed(event) if view.may(Right.READ_MAILS) or event.event in TECHNICAL else ""
