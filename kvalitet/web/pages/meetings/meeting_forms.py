"""Forms about meetings: booking, moving and cancelling."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters import danish, meetings
from kvalitet.adapters.errors import UserError
from kvalitet.municipality import DANISH_TIME
from kvalitet.status import BookingState
from kvalitet.timetable import Slot
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from sqlalchemy import Connection
    from starlette.requests import Request

    from kvalitet.adapters.meetings import Decision
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

    Decide: TypeAlias = Callable[..., Decision | None]

SURE = "sure"
FIELDS = ("day", "starts", "ends", "place", SURE)
LONGEST_PLACE = 200


async def post_booking(request: Request) -> Response:
    """Book a meeting and invite, once it has been shown who is told what."""
    return await answer_form(request, partial(_answered, form="book", decide=partial(_at, meetings.booking_of)))


async def post_move(request: Request) -> Response:
    """Move a meeting and tell the participants, once it has been shown who is told what."""
    return await answer_form(request, partial(_answered, form="book", decide=partial(_at, meetings.move_of)))


async def post_cancellation(request: Request) -> Response:
    """Cancel a meeting and tell the participants; the page that asks shows who they are."""
    return await answer_form(request, partial(_answered, form="cancel", decide=_cancel))


def _answered(request: Request, filled: Filled, *, form: str, decide: Decide) -> Response:
    """Show what a change would do, or make it; with a problem the page comes back with what was typed."""
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    texts = {name: filled.text(name).strip() for name in FIELDS}
    now = site_of(request).clock()
    decided = partial(decide, view=view, found=found, texts=texts, now=now)
    try:
        if not texts[SURE]:
            with view.installation.store.read() as connection:
                told = meetings.announcements(decided(connection))
            if told:
                slot = slot_of(texts)
                wanted = danish.span_text(slot.starts_at, slot.ends_at)
                return occurrence_pages.page(request, view, found, texts=texts, told_to=told, wanted=wanted)
        happened = _carry_out(view, found, decided, now=now)
    except UserError as error:
        return occurrence_pages.page(request, view, found, status=400, problem=str(error), problem_in=form, texts=texts)
    address = addresses.of_occurrence(view.municipality.key, found.row.occurrence.key, view.query_with(sket=happened))
    return RedirectResponse(address, status_code=303, background=afterwards(view, site_of(request).clock))


def _carry_out(view: View, found: Dossier, decided: Callable[[Connection], Decision | None], *, now: datetime) -> str:
    """Make a change in one transaction; gives the word for what happened, which the next page says."""
    with view.installation.store.write() as connection:
        renderer = view.installation.renderer
        decision = meetings.decide_and_do(
            connection, renderer, found.row.occurrence, decided, now=now, by=view.viewer.name
        )
    if decision is None:
        return "uændret"
    if decision.booked.state is BookingState.CANCELLED:
        return "aflyst"
    return "flyttet" if found.meeting_is_set else "indkaldt"


def _at(
    change: Callable[..., Decision | None],
    connection: Connection,
    *,
    view: View,
    found: Dossier,
    texts: dict[str, str],
    now: datetime,
) -> Decision | None:
    """Decide on holding a meeting at a time and place: what booking and moving share."""
    papers = view.installation.papers(view.municipality, found.activity)
    occurrence, slot = found.row.occurrence, slot_of(texts)
    return change(connection, view.municipality, occurrence, slot, place=_place(texts), now=now, papers=papers)


def _cancel(
    connection: Connection, *, view: View, found: Dossier, texts: dict[str, str], now: datetime
) -> Decision | None:
    if not texts[SURE]:
        raise UserError("Sæt kryds ved »Ja, mødet skal aflyses«, hvis det er det, du vil.")
    return meetings.cancellation_of(connection, view.municipality, found.row.occurrence, now=now)


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
