"""The audit: who did what on the pages and what came of it, as a page and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kvalitet.adapters import danish
from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store import plans
from kvalitet.adapters.store.searches import deeds
from kvalitet.adapters.store.searches.deeds import Wanted
from kvalitet.occurrences import stands
from kvalitet.rights import ACCESSES, Access
from kvalitet.web import filters
from kvalitet.web.filters import Paging
from kvalitet.web.pages.csv_files import csv_file
from kvalitet.web.pages.history.audit_texts import ACTIONS, outcome_text, told
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.access.audits import Deed
    from kvalitet.occurrences import Occurrence
    from kvalitet.web.views import View

AT_ONCE, IN_A_FILE = 100, 50_000
TITLES = ("Hvornår", "Hvem", "Som", "Hvad", "Om", "Skole", "Udfald")


@dataclass(frozen=True, slots=True)
class Asked:
    """Filter: what the address asks for."""

    wanted: Wanted
    chosen: dict[str, str]


def listing(request: Request) -> Response:
    """Show who did what, newest first."""
    view, asked = view_of(request), _asked(request)
    number = filters.page_number(request)
    with view.installation.store.read() as connection:
        found = deeds.search(
            connection, view.municipality.key, asked.wanted, skip=(number - 1) * AT_ONCE, limit=AT_ONCE
        )
        known = plans.with_keys(connection, {deed.subject for deed in found.items})
    paging = Paging(number, AT_ONCE, found.total)
    values: dict[str, Any] = {
        "deeds": found.items,
        "actions": sorted(ACTIONS.items(), key=lambda one: sort_key(one[1])),
        "school_options": filters.school_options(view),
        "names": {one.number: one.name for one in view.municipality.schools},
        "about": {key: f"{one.title}, {view.unit(one)}" for key, one in known.items() if stands_here(view, one)},
        "chosen": asked.chosen,
        "paging": paging,
        "links": filters.links(view, "revisionsspor", asked.chosen, paging),
        "told": told,
        "outcome_text": outcome_text,
        "as_whom": as_whom,
        "file": f"/{view.municipality.key}/revisionsspor.csv{view.query_with(**asked.chosen)}",
    }
    return render(request, "audit.html", view=view, page="revisionsspor", **values)


def export(request: Request) -> Response:
    """Give the same as a file for a spreadsheet, all pages of it."""
    view, asked = view_of(request), _asked(request)
    with view.installation.store.read() as connection:
        found = deeds.search(connection, view.municipality.key, asked.wanted, skip=0, limit=IN_A_FILE)
    names = {one.number: one.name for one in view.municipality.schools}
    rows = (_cells(deed, names) for deed in found.items)
    return csv_file(f"revisionsspor-{view.municipality.key}-{view.today.isoformat()}.csv", [TITLES, *rows])


def stands_here(view: View, occurrence: Occurrence) -> bool:
    """Tell whether the files still know what an occurrence is about, so that it has a name and a page."""
    is_ours = occurrence.municipality == view.municipality.key
    return is_ours and stands(view.municipality, occurrence, today=date.min)


def as_whom(deed: Deed) -> str:
    """Name as what somebody was let in."""
    known = set(Access)
    return ", ".join(ACCESSES[Access(one)] if one in known else one for one in deed.access.split(", "))


def _cells(deed: Deed, names: dict[str, str]) -> tuple[str, ...]:
    when = danish.local(deed.at).strftime("%Y-%m-%d %H:%M:%S")
    school = names.get(deed.school, deed.school)
    return when, deed.actor, as_whom(deed), told(deed.action), deed.subject, school, outcome_text(deed.outcome)


def _asked(request: Request) -> Asked:
    day = filters.day_of(request, "dag")
    chosen = {name: filters.text_of(request, name) for name in ("hvem", "hvad", "skole")}
    wanted = Wanted(chosen["hvem"], chosen["hvad"], chosen["skole"], filters.span_of(day))
    return Asked(wanted, chosen | {"dag": day.isoformat() if day else ""})
