"""Bookings: when meetings are held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from kvalitet.adapters.store.database.many import insert_each_once, portions
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import schema
from kvalitet.invites import Answer
from kvalitet.status import BookingState
from kvalitet.timetable import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_b = schema.booking
_o = schema.occurrence
_at = schema.attendee
_r = schema.revision


@dataclass(frozen=True, slots=True)
class Booking:
    """Mødedato: the slot, place and invitation revision of one occurrence."""

    occurrence: str
    state: BookingState
    slot: Slot
    place: str
    sequence: int
    stamped_at: datetime | None
    uid: str | None = None
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Afgivet svar: what somebody answered, to which revision and when (the answer's own stamp, in UTC).

    It is confirmed when the mail server vouches for its sender.
    """

    answer: Answer
    sequence: int
    at: datetime
    comment: str = ""
    is_confirmed: bool = True


def booking(connection: Connection, occurrence: str) -> Booking | None:
    """Find the booking of an occurrence."""
    row = connection.execute(select(_b).where(_b.c.occurrence == occurrence)).one_or_none()
    return _as_booking(row) if row else None


def bookings(connection: Connection, municipality: str) -> dict[str, Booking]:
    """List the bookings of a municipality by occurrence key."""
    query = select(_b).join(_o).where(_o.c.municipality == municipality)
    return {row.occurrence: _as_booking(row) for row in connection.execute(query)}


def coming(connection: Connection, municipality: str, *, now: datetime) -> list[Booking]:
    """List the meetings that people are invited to and that have not begun, in the order in which they are held."""
    booked = _b.c.state == BookingState.BOOKED.value
    query = select(_b).join(_o).where(_o.c.municipality == municipality, booked, _b.c.starts_at > now)
    return [_as_booking(row) for row in connection.execute(query.order_by(_b.c.starts_at, _b.c.occurrence))]


def occurrence_with(connection: Connection, uid: str) -> str | None:
    """Find the occurrence whose meeting has or once had a name in calendars; an answer may be to an earlier life.

    Before names were kept, they were the occurrence's key and a domain.
    """
    sent: str | None = connection.scalars(select(_r.c.occurrence).where(_r.c.uid == uid).limit(1)).first()
    if sent is not None:
        return sent
    unnamed = (_b.c.occurrence == uid.rpartition("@")[0]) & _b.c.uid.is_(None) & _b.c.stamped_at.is_not(None)
    named: str | None = connection.scalars(select(_b.c.occurrence).where(or_(_b.c.uid == uid, unnamed))).first()
    return named


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
    is_confirmed: bool = True


def attendees(connection: Connection, occurrence: str) -> list[Attendee]:
    """List who is invited to a meeting, with what they answered; who no longer is, is left out."""
    return attendees_of(connection, [occurrence])[occurrence]


def attendees_of(connection: Connection, occurrences: Iterable[str]) -> dict[str, list[Attendee]]:
    """List who is invited to each of some meetings (by key)."""
    keys = list(occurrences)
    found: dict[str, list[Attendee]] = {key: [] for key in keys}
    columns = [_at.c[name] for name in Attendee.__dataclass_fields__]
    for portion in portions(keys):
        query = select(_at.c.occurrence, *columns).where(_at.c.occurrence.in_(portion), _at.c.removed_at.is_(None))
        for key, address, name, said, *rest in connection.execute(query.order_by(_at.c.address)):
            found[key].append(Attendee(address, name, Answer(said), *rest))
    return found


def invite(connection: Connection, occurrence: str, address: str, name: str, *, sequence: int) -> None:
    """Note an invitation to a revision of a meeting; an answer to an older revision no longer counts.

    Whoever is invited again after having been left out has not answered.
    """
    unanswered = {
        "name": name,
        "answer": Answer.NEEDS_ACTION.value,
        "sequence": sequence,
        "answered_at": None,
        "is_confirmed": True,
    }
    if not insert_once(connection, _at, {"occurrence": occurrence, "address": address, **unanswered}):
        older = or_(_at.c.sequence < sequence, _at.c.removed_at.is_not(None))
        query = update(_at).where(*_one(occurrence, address), older)
        connection.execute(query.values(**unanswered, comment="", removed_at=None))


def uninvite(connection: Connection, occurrence: str, address: str, *, sequence: int, now: datetime) -> None:
    """Note that somebody is no longer invited."""
    query = update(_at).where(*_one(occurrence, address))
    connection.execute(query.values(removed_at=now, sequence=sequence))


def forget_attendees(connection: Connection, occurrence: str) -> None:
    """Forget who was invited to a meeting that was cancelled, when it is booked anew; the log knows what they said."""
    connection.execute(delete(_at).where(_at.c.occurrence == occurrence))


def answer(connection: Connection, occurrence: str, address: str, said: Answered, *, uid: str | None = None) -> bool:
    """Keep an answer to what this person was last invited to, unless a later one is known; tell whether it was kept.

    With `uid` it counts only for the meeting's present life in calendars, not for one that was cancelled.
    """
    later = or_(_at.c.answered_at.is_(None), _at.c.answered_at < said.at)
    # Whoever forges an answer may give it any stamp: what is confirmed goes before what is not.
    doubtful = _at.c.answered_at.is_not(None) & _at.c.is_confirmed.is_(False)
    later = or_(later, doubtful) if said.is_confirmed else later & or_(_at.c.answered_at.is_(None), doubtful)
    wanted = (_at.c.occurrence == occurrence) & (func.lower(_at.c.address) == address.lower())
    newest = select(_b.c.sequence).where(_b.c.occurrence == occurrence).scalar_subquery()
    same = (_at.c.sequence <= said.sequence) & (func.coalesce(newest, _at.c.sequence) >= said.sequence)
    query = update(_at).where(wanted, _at.c.removed_at.is_(None), same, later)
    if uid is not None:
        present = select(_b.c.occurrence).where(_b.c.occurrence == occurrence, func.coalesce(_b.c.uid, uid) == uid)
        query = query.where(present.exists())
    values = {"answer": said.answer.value, "answered_at": said.at, "comment": said.comment}
    return connection.execute(query.values(**values, is_confirmed=said.is_confirmed)).rowcount == 1


def save(connection: Connection, changed: Booking, *, now: datetime) -> None:
    """Write a booking that was made, moved or cancelled."""
    values = {
        "state": changed.state.value,
        "starts_at": changed.slot.starts_at,
        "ends_at": changed.slot.ends_at,
        "place": changed.place,
        "sequence": changed.sequence,
        "stamped_at": changed.stamped_at,
        "uid": changed.uid,
        "wording": changed.wording,
        "changed_at": now,
    }
    if not insert_once(connection, _b, {"occurrence": changed.occurrence, **values}):
        connection.execute(update(_b).where(_b.c.occurrence == changed.occurrence).values(**values))


def _one(occurrence: str, address: str) -> tuple[ColumnElement[bool], ...]:
    return _at.c.occurrence == occurrence, _at.c.address == address


def _as_booking(row: Any) -> Booking:
    slot = Slot(row.starts_at, row.ends_at)
    state = BookingState(row.state)
    return Booking(row.occurrence, state, slot, row.place, row.sequence, row.stamped_at, row.uid, row.wording)
