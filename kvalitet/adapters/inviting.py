"""Inviting: the meetings whose window is near are booked, and their participants invited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters import meetings
from kvalitet.adapters.mail.enqueueing import note
from kvalitet.adapters.mail.writing.explaining import UnwritableMailError, told
from kvalitet.adapters.store import bookings, hold, plans
from kvalitet.board import danish_date
from kvalitet.occurrences import stands
from kvalitet.status import BookingState
from kvalitet.timetable import Slot, propose
from kvalitet.wheel import Kind, Ring

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.bookings import Booking
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

SHORTEST_NOTICE = timedelta(days=7)
# The flows of meetings share them by ring, and take their turns in this order.
DIALOGUES, UNIONS = frozenset({Ring.DIALOGUES}), frozenset({Ring.UNIONS})
OTHERS = frozenset(Ring) - DIALOGUES - UNIONS
TURNS = (DIALOGUES, OTHERS, UNIONS)
# So many meetings are invited to in one transaction; nobody else is to wait long for the database.
TOGETHER = 50


@dataclass(frozen=True)
class Invited:
    """Indkaldt: the meetings that people were invited to, and why others were not booked."""

    meetings: tuple[Occurrence, ...] = ()
    failures: tuple[str, ...] = ()


def invite(
    installation: Installation, municipality: Municipality, rings: Collection[Ring], *, now: datetime
) -> Invited:
    """Book the proposed slot of every waking meeting of some rings and put its invitations into the outbox."""
    with installation.store.read() as connection:
        todo = [o.key for o in _waking(connection, municipality, rings, today=danish_date(now))]
    parts = []
    for start in range(0, len(todo), TOGETHER):
        with installation.store.write() as connection:
            keys = todo[start : start + TOGETHER]
            parts.append(put(connection, installation, municipality, rings, keys=keys, now=now))
    return Invited(
        tuple(meeting for part in parts for meeting in part.meetings),
        tuple(failure for part in parts for failure in part.failures),
    )


def put(  # noqa: PLR0913 -- ports first, then values that are named where they are given
    connection: Connection,
    installation: Installation,
    municipality: Municipality,
    rings: Collection[Ring],
    *,
    now: datetime,
    keys: Collection[str] | None = None,
    renderer: Renderer | None = None,
) -> Invited:
    """Do so in the caller's transaction, for all waking meetings or those with some keys."""
    today = danish_date(now)
    if not municipality.calendar.is_mail_day(today):
        return Invited()
    # Asked anew in the transaction: somebody else may have invited meanwhile.
    hold(connection, f"invite:{municipality.key}")
    still = [o for o in _waking(connection, municipality, rings, today=today) if keys is None or o.key in keys]
    if not still:
        return Invited()
    slots = _slots(connection, municipality, still, now=now)
    plans.set_wakes(connection, {meeting.key: None for meeting in still})
    # What is in none of the slots has been booked or cancelled by somebody already.
    todo = [(meeting, slots[meeting.key]) for meeting in still if meeting.key in slots]
    invited: list[Occurrence] = []
    unwritable: list[UnwritableMailError] = []
    for meeting, slot in todo:
        if slot:
            try:
                # All of a meeting or nothing: a booking that nobody hears of would be worse than none.
                with connection.begin_nested():
                    _book(connection, installation, renderer, municipality, meeting, slot, now=now)
                invited.append(meeting)
            except UnwritableMailError as error:
                unwritable.append(error)
                plans.set_wake(connection, meeting.key, today)
    note(connection, municipality, unwritable, now=now)
    failures = [
        f"{meeting.title}: ingen ledig tid i perioden; book mødet på statusoverblikket."
        for meeting, slot in todo
        if slot is None
    ]
    return Invited(tuple(invited), (*failures, *told(unwritable)))


def _waking(
    connection: Connection, municipality: Municipality, rings: Collection[Ring], *, today: date
) -> list[Occurrence]:
    meetings = plans.waking(connection, municipality.key, today=today, kinds=[kind for kind in Kind if kind.is_meeting])
    return [
        meeting
        for meeting in meetings
        if stands(municipality, meeting, today=today) and municipality.wheel.activity(meeting.activity).ring in rings
    ]


def _book(  # noqa: PLR0913 -- as put
    connection: Connection,
    installation: Installation,
    renderer: Renderer | None,
    municipality: Municipality,
    meeting: Occurrence,
    slot: Slot,
    *,
    now: datetime,
) -> None:
    activity = municipality.wheel.activity(meeting.activity)
    meetings.book(
        connection,
        renderer or installation.renderer,
        municipality,
        meeting,
        slot,
        place=activity.meeting.place,
        now=now,
        papers=installation.papers(municipality, activity),
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
