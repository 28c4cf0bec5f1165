"""Changing: booking, moving, cancelling and reconciling, each decided and carried out in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kvalitet.adapters.meetings.deciding import agenda_of, booking_of, cancellation_of, move_of, reconciliation_of
from kvalitet.adapters.meetings.known import with_agenda
from kvalitet.adapters.meetings.telling import carry_out
from kvalitet.adapters.store import bookings, hold
from kvalitet.adapters.store.agreements import agendas
from kvalitet.invites import NO_PAPERS, Papers
from kvalitet.status import BookingState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.meetings.deciding import Decision
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.timetable import Slot


def book(  # noqa: PLR0913 -- ports first, then values that are named where they are given
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    place: str,
    now: datetime,
    papers: Papers = NO_PAPERS,
) -> bool:
    """Book a meeting and invite its participants, in the caller's transaction; tells whether that was new."""
    _hold(connection, occurrence)
    decision = booking_of(connection, municipality, occurrence, slot, place=place, now=now, papers=papers)
    return _done(connection, renderer, decision, now=now)


def move(  # noqa: PLR0913 -- as book
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    now: datetime,
    place: str | None = None,
    papers: Papers = NO_PAPERS,
) -> bool:
    """Move a meeting and tell the participants, as `move_of` decides; tells whether anything changed."""
    _hold(connection, occurrence)
    decision = move_of(connection, municipality, occurrence, slot, now=now, place=place, papers=papers)
    return _done(connection, renderer, decision, now=now)


def cancel(
    connection: Connection, renderer: Renderer, municipality: Municipality, occurrence: Occurrence, *, now: datetime
) -> bool:
    """Cancel a meeting and tell those who were invited; tells whether that was new."""
    _hold(connection, occurrence)
    return _done(connection, renderer, cancellation_of(connection, municipality, occurrence, now=now), now=now)


def write_agenda(  # noqa: PLR0913 -- as book
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    text: str,
    *,
    by: str,
    now: datetime,
    papers: Papers = NO_PAPERS,
) -> bool:
    """Keep the agenda of one meeting, and tell those who are invited of it; tells whether anything changed."""
    _hold(connection, occurrence)
    before = with_agenda(connection, occurrence, papers).agenda
    if text == before:
        return False
    decision = agenda_of(connection, municipality, occurrence, text, papers=papers, now=now)
    agendas.write(connection, occurrence, text, by=by, now=now)
    _done(connection, renderer, replace(decision, by=by) if decision else None, now=now)
    return True


def reconcile(
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    papers: Papers,
    *,
    now: datetime,
) -> Decision | None:
    """Make calendars say what the files say of a meeting; gives what was decided, None when nothing was amiss."""
    _hold(connection, occurrence)
    known = bookings.booking(connection, occurrence.key)
    if known is None or known.state is not BookingState.BOOKED or known.slot.starts_at <= now:
        return None
    decision = reconciliation_of(connection, municipality, occurrence, known, papers, now=now)
    _done(connection, renderer, decision, now=now)
    return decision


def decide_and_do(
    connection: Connection,
    renderer: Renderer,
    occurrence: Occurrence,
    decide: Callable[[Connection], Decision | None],
    *,
    now: datetime,
    by: str = "",
) -> Decision | None:
    """Decide while nobody else changes the meeting, and carry it out; gives what was decided."""
    _hold(connection, occurrence)
    found = decide(connection)
    decision = replace(found, by=by) if found else None
    _done(connection, renderer, decision, now=now)
    return decision


def _hold(connection: Connection, occurrence: Occurrence) -> None:
    hold(connection, f"meeting:{occurrence.key}")


def _done(connection: Connection, renderer: Renderer, decision: Decision | None, *, now: datetime) -> bool:
    if decision:
        carry_out(connection, renderer, decision, now=now)
    return decision is not None
