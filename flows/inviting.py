"""Inviting: what the three flows of meetings share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.outcome import Outcome
from kvalitet.adapters import meetings
from kvalitet.adapters.store import bookings, plans
from kvalitet.board import danish_date
from kvalitet.status import BookingState
from kvalitet.timetable import Slot, propose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.bookings import Booking
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

SHORTEST_NOTICE = timedelta(days=7)


def invite(
    installation: Installation, municipality: Municipality, wanted: Callable[[Activity], bool], *, now: datetime
) -> Outcome:
    """Book the proposed slot of every waking meeting and put its invitations into the outbox."""
    today = danish_date(now)
    if not municipality.calendar.is_mail_day(today):
        return Outcome("Ingen indkaldelser på lukkedage.")
    rows, failures = [], []
    with installation.store.write() as connection:
        for occurrence in plans.waking(connection, municipality.key, today=today):
            activity = municipality.wheel.activity(occurrence.activity)
            if not (occurrence.kind.is_meeting and wanted(activity)):
                continue
            slot = _slot(connection, municipality, occurrence, now=now)
            plans.set_wake(connection, occurrence.key, None)
            if slot is None:
                failures.append(f"{occurrence.title}: ingen ledig tid i perioden; book mødet på statusoverblikket.")
                continue
            place = activity.meeting.place
            guide = installation.question_guide(municipality, activity)
            meetings.book(
                connection,
                installation.renderer,
                municipality,
                occurrence,
                slot,
                place=place,
                now=now,
                question_guide=guide,
            )
            rows.append({"møde": occurrence.title, "for": occurrence.school or occurrence.school_group or ""})
    summary = f"Indkaldt til {len(rows)} møder." if rows else "Ingen møder at indkalde til."
    return Outcome(summary, tuple(rows), tuple(failures))


def _slot(connection: Connection, municipality: Municipality, occurrence: Occurrence, *, now: datetime) -> Slot | None:
    """Give the proposed slot, or a new one where people would have too short a notice."""
    known = bookings.bookings(connection, municipality.key)
    mine = known.get(occurrence.key)
    earliest = now + SHORTEST_NOTICE
    if mine and (mine.state is not BookingState.PROPOSED or mine.slot.starts_at >= earliest):
        return mine.slot if mine.state is BookingState.PROPOSED else None
    later = replace(occurrence, opens=max(occurrence.opens, danish_date(earliest)))
    taken = {key: booking.slot for key, booking in known.items() if _stands(booking) and key != occurrence.key}
    others = [other for other in plans.occurrences(connection, municipality.key) if other.key in taken]
    return propose(municipality, [*others, later], taken)[occurrence.key]


def _stands(booking: Booking) -> bool:
    return booking.state is not BookingState.CANCELLED
