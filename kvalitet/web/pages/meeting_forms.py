"""Forms about meetings: booking, moving and cancelling."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters import meetings
from kvalitet.adapters.errors import UserError
from kvalitet.municipality import DANISH_TIME
from kvalitet.timetable import Slot
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request

    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

SURE = "sure"
FIELDS = ("day", "starts", "ends", "place", SURE)
LONGEST_PLACE = 200


async def post_booking(request: Request) -> Response:
    """Book a meeting and invite."""
    return await _post(request, "book", _book)


async def post_move(request: Request) -> Response:
    """Move a meeting and tell the participants."""
    return await _post(request, "book", _move)


async def post_cancellation(request: Request) -> Response:
    """Cancel a meeting and tell the participants."""
    return await _post(request, "cancel", _cancel)


async def _post(request: Request, form: str, change: Callable[..., str]) -> Response:
    return await answer_form(request, partial(_changed, form=form, change=change))


def _changed(request: Request, filled: Filled, *, form: str, change: Callable[..., str]) -> Response:
    """Make a change in one transaction; with a problem the page comes back with what was typed."""
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    texts = {name: filled.text(name).strip() for name in FIELDS}
    now = site_of(request).clock()
    try:
        with view.installation.store.write() as connection:
            happened = change(connection, view, found, texts, now)
    except UserError as error:
        return occurrence_pages.page(request, view, found, status=400, problem=str(error), problem_in=form, texts=texts)
    address = addresses.of_occurrence(view.municipality.key, found.row.occurrence.key, view.query_with(sket=happened))
    return RedirectResponse(address, status_code=303, background=afterwards(view, site_of(request).clock))


def _book(connection: Connection, view: View, found: Dossier, texts: dict[str, str], now: datetime) -> str:
    changed = meetings.book(
        connection,
        view.installation.renderer,
        view.municipality,
        found.row.occurrence,
        slot_of(texts),
        place=_place(texts),
        now=now,
        question_guide=view.installation.question_guide(view.municipality, found.activity),
    )
    return "indkaldt" if changed else "uændret"


def _move(connection: Connection, view: View, found: Dossier, texts: dict[str, str], now: datetime) -> str:
    changed = meetings.move(
        connection,
        view.installation.renderer,
        view.municipality,
        found.row.occurrence,
        slot_of(texts),
        place=_place(texts),
        now=now,
        question_guide=view.installation.question_guide(view.municipality, found.activity),
    )
    return "flyttet" if changed else "uændret"


def _cancel(connection: Connection, view: View, found: Dossier, texts: dict[str, str], now: datetime) -> str:
    if not texts[SURE]:
        raise UserError("Sæt kryds ved »Ja, mødet skal aflyses«, hvis det er det, du vil.")
    meetings.cancel(connection, view.installation.renderer, view.municipality, found.row.occurrence, now=now)
    return "aflyst"


def slot_of(texts: dict[str, str]) -> Slot:
    """Read day and times; what is no day, or an hour that the clock skips, is a UserError."""
    try:
        day = date.fromisoformat(texts["day"])
    except ValueError as error:
        raise UserError("Vælg mødets dato; skriv den fx som 2026-11-30.") from error
    starts, ends = _time(texts["starts"], "begynder"), _time(texts["ends"], "slutter")
    return Slot(_instant(day, starts), _instant(day, ends))


def _time(text: str, what: str) -> time:
    try:
        found = time.fromisoformat(text.replace(".", ":").rjust(5, "0"))
    except ValueError as error:
        raise UserError(f"Skriv, hvornår mødet {what}, fx 9.00.") from error
    return found.replace(tzinfo=None, second=0, microsecond=0)


def _instant(day: date, moment: time) -> datetime:
    local = datetime.combine(day, moment, DANISH_TIME)
    try:
        instant = local.astimezone(UTC)
    except OverflowError as error:
        raise UserError("Vælg mødets dato; skriv den fx som 2026-11-30.") from error
    if instant.astimezone(DANISH_TIME).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise UserError("Det klokkeslæt findes ikke den dag, fordi uret stilles frem; vælg et andet.")
    return instant


def _place(texts: dict[str, str]) -> str:
    place = " ".join(texts["place"].split())
    if len(place) > LONGEST_PLACE:
        raise UserError(f"Stedet er for langt; skriv højst {LONGEST_PLACE} tegn.")
    return place
