"""Inviting: what the three flows of meetings share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.outcome import Outcome
from kvalitet.adapters import meetings
from kvalitet.adapters.store import bookings, hold, plans
from kvalitet.board import danish_date
from kvalitet.occurrences import stands
from kvalitet.status import BookingState
from kvalitet.timetable import Slot, propose
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.bookings import Booking
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

SHORTEST_NOTICE = timedelta(days=7)
# So many meetings are invited to in one transaction; nobody else is to wait long for the database.
TOGETHER = 50


def invite(
    installation: Installation, municipality: Municipality, wanted: Callable[[Activity], bool], *, now: datetime
) -> Outcome:
    """Book the proposed slot of every waking meeting and put its invitations into the outbox."""
    today = danish_date(now)
    if not municipality.calendar.is_mail_day(today):
        return Outcome("Ingen indkaldelser på lukkedage.")
    rows: list[dict[str, str]] = []
    failures: list[str] = []
    with installation.store.read() as connection:
        todo = _waking(connection, municipality, wanted, today=today)
    for start in range(0, len(todo), TOGETHER):
        portion = {meeting.key for meeting in todo[start : start + TOGETHER]}
        with installation.store.write() as connection:
            # Asked anew in the transaction: somebody else may have invited meanwhile.
            hold(connection, f"invite:{municipality.key}")
            still = [o for o in _waking(connection, municipality, wanted, today=today) if o.key in portion]
            slots = _slots(connection, municipality, still, now=now)
            plans.set_wakes(connection, {meeting.key: None for meeting in still})
            for meeting in still:
                if meeting.key not in slots:
                    continue  # somebody has booked or cancelled it already
                if slot := slots[meeting.key]:
                    _book(connection, installation, municipality, meeting, slot, now=now)
                    rows.append({"møde": meeting.title, "for": meeting.school or meeting.school_group or ""})
                else:
                    failures.append(f"{meeting.title}: ingen ledig tid i perioden; book mødet på statusoverblikket.")
    summary = f"Indkaldt til {len(rows)} møder." if rows else "Ingen møder at indkalde til."
    return Outcome(summary, tuple(rows), tuple(failures))


def _waking(
    connection: Connection, municipality: Municipality, wanted: Callable[[Activity], bool], *, today: date
) -> list[Occurrence]:
    meetings = plans.waking(connection, municipality.key, today=today, kinds=[kind for kind in Kind if kind.is_meeting])
    return [
        meeting
        for meeting in meetings
        if stands(municipality, meeting, today=today) and wanted(municipality.wheel.activity(meeting.activity))
    ]


def _book(
    connection: Connection,
    installation: Installation,
    municipality: Municipality,
    meeting: Occurrence,
    slot: Slot,
    *,
    now: datetime,
) -> None:
    activity = municipality.wheel.activity(meeting.activity)
    meetings.book(
        connection,
        installation.renderer,
        municipality,
        meeting,
        slot,
        place=activity.meeting.place,
        now=now,
        question_guide=installation.question_guide(municipality, activity),
    )


def _slots(
    connection: Connection, municipality: Municipality, waking: Iterable[Occurrence], *, now: datetime
) -> dict[str, Slot | None]:
    """Give each meeting's proposed slot, or a new one where people would have too short a notice.

    What somebody has booked or cancelled by hand is left out.
    """
    known = bookings.bookings(connection, municipality.key)
    earliest = now + SHORTEST_NOTICE
    slots: dict[str, Slot | None] = {}
    late: dict[str, Occurrence] = {}
    for meeting in waking:
        mine = known.get(meeting.key)
        if mine and mine.state is not BookingState.PROPOSED:
            continue
        if mine and mine.slot.starts_at >= earliest:
            slots[meeting.key] = mine.slot
        else:
            late[meeting.key] = replace(meeting, opens=max(meeting.opens, danish_date(earliest)))
    if late:
        taken = {key: booking.slot for key, booking in known.items() if _stands(booking) and key not in late}
        planned = plans.occurrences(connection, municipality.key)
        others = [other for other in planned if other.key in taken and stands(municipality, other, today=other.due)]
        proposed = propose(municipality, [*others, *late.values()], taken)
        slots |= {key: proposed[key] for key in late}
    return slots


def _stands(booking: Booking) -> bool:
    return booking.state is not BookingState.CANCELLED
