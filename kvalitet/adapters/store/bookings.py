"""Bookings: when meetings are held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, or_, select, update

from kvalitet.adapters.store import schema
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.many import insert_each_once, portions
from kvalitet.invites import Answer
from kvalitet.status import BookingState
from kvalitet.timetable import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_b = schema.booking
_o = schema.occurrence
_at = schema.attendee


@dataclass(frozen=True, slots=True)
class Booking:
    """Mødedato: the slot, place and invitation revision of one occurrence."""

    occurrence: str
    state: BookingState
    slot: Slot
    place: str
    sequence: int
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Afgivet svar: what somebody answered, to which revision and when (the answer's own stamp, in UTC)."""

    answer: Answer
    sequence: int
    at: datetime
    comment: str = ""


def booking(connection: Connection, occurrence: str) -> Booking | None:
    """Find the booking of an occurrence."""
    row = connection.execute(select(_b).where(_b.c.occurrence == occurrence)).one_or_none()
    if row is None:
        return None
    slot = Slot(row.starts_at, row.ends_at)
    return Booking(row.occurrence, BookingState(row.state), slot, row.place, row.sequence, row.stamped_at)


def bookings(connection: Connection, municipality: str) -> dict[str, Booking]:
    """List the bookings of a municipality by occurrence key."""
    query = select(_b).join(_o).where(_o.c.municipality == municipality)
    return {
        row.occurrence: Booking(
            row.occurrence,
            BookingState(row.state),
            Slot(row.starts_at, row.ends_at),
            row.place,
            row.sequence,
            row.stamped_at,
        )
        for row in connection.execute(query)
    }


def propose(
    connection: Connection, slots: Mapping[str, Slot | None], *, places: Mapping[str, str], now: datetime
) -> None:
    """Keep proposals for meetings that have no booking yet."""
    rows = [
        {
            "occurrence": key,
            "state": BookingState.PROPOSED.value,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "place": places.get(key, ""),
            "sequence": 0,
            "changed_at": now,
        }
        for key, slot in slots.items()
        if slot is not None
    ]
    insert_each_once(connection, _b, rows)


def withdraw_proposals(connection: Connection, occurrences: Iterable[str]) -> None:
    """Forget the proposals for some meetings (by key); what is booked or cancelled stays."""
    proposed = _b.c.state == BookingState.PROPOSED.value
    for portion in portions(occurrences):
        connection.execute(delete(_b).where(proposed, _b.c.occurrence.in_(portion)))


@dataclass(frozen=True, slots=True)
class Attendee:
    """Deltager: one invited person and the answer to the newest revision."""

    address: str
    name: str
    answer: Answer
    sequence: int
    answered_at: datetime | None
    comment: str


def attendees(connection: Connection, occurrence: str) -> list[Attendee]:
    """List who is invited to a meeting, with what they answered."""
    query = select(_at).where(_at.c.occurrence == occurrence).order_by(_at.c.address)
    return [
        Attendee(row.address, row.name, Answer(row.answer), row.sequence, row.answered_at, row.comment)
        for row in connection.execute(query)
    ]


def invite(connection: Connection, occurrence: str, address: str, name: str, *, sequence: int) -> None:
    """Note an invitation to a revision of a meeting; an answer to an older revision no longer counts."""
    unanswered = {"name": name, "answer": Answer.NEEDS_ACTION.value, "sequence": sequence, "answered_at": None}
    if not insert_once(connection, _at, {"occurrence": occurrence, "address": address, **unanswered}):
        same = (_at.c.occurrence == occurrence) & (_at.c.address == address) & (_at.c.sequence < sequence)
        connection.execute(update(_at).where(same).values(**unanswered, comment=""))


def answer(connection: Connection, occurrence: str, address: str, said: Answered) -> bool:
    """Keep an answer to the newest revision unless a later one is known; tell whether it was kept."""
    later = or_(_at.c.answered_at.is_(None), _at.c.answered_at < said.at)
    wanted = (_at.c.occurrence == occurrence) & (func.lower(_at.c.address) == address.lower())
    query = update(_at).where(wanted, _at.c.sequence <= said.sequence, later)
    values = {"answer": said.answer.value, "answered_at": said.at, "comment": said.comment}
    return connection.execute(query.values(**values)).rowcount == 1


def save(connection: Connection, changed: Booking, *, now: datetime) -> None:
    """Write a booking that was made, moved or cancelled."""
    values = {
        "state": changed.state.value,
        "starts_at": changed.slot.starts_at,
        "ends_at": changed.slot.ends_at,
        "place": changed.place,
        "sequence": changed.sequence,
        "stamped_at": changed.stamped_at,
        "changed_at": now,
    }
    if not insert_once(connection, _b, {"occurrence": changed.occurrence, **values}):
        connection.execute(update(_b).where(_b.c.occurrence == changed.occurrence).values(**values))
