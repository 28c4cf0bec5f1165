"""Extending: one school is given a later due date, with a reason; and it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.deliveries import deliverable
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import facts, hold, log, outbox, plans
from kvalitet.adapters.store.agreements import extensions
from kvalitet.board import danish_date
from kvalitet.extensions import Extension, problem
from kvalitet.occurrences import stands
from kvalitet.reminders import steps, taken_of, turn
from kvalitet.status import State, status_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.occurrences import Occurrence


def extend(installation: Installation, key: str, *, due: date, reason: str, by: str, now: datetime) -> bool:
    """Give a school a later due date of one deliverable; tells whether that was new.

    The ladder is climbed anew towards the new date, and a mail that waits with the old one is replaced.
    """
    given = Extension(due, reason.strip(), by, now)
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        occurrence = _open_one(connection, installation, key)
        if wrong := problem(_planned(connection, key), due, given.reason, today=danish_date(now)):
            raise UserError(wrong)
        _refuse_when_done(connection, occurrence, now=now)
        before = extensions.extension(connection, key)
        if before and (before.due, before.reason) == (given.due, given.reason):
            return False
        extensions.keep(connection, key, given)
        _look_again(connection, installation, key, now=now)
        told, suffix = f"til {danish.date_text(due)}: {given.reason}", f":{now.isoformat()}"
        log.tell(connection, log.about("extended", occurrence, at=now, suffix=suffix, detail=told, actor=by))
    return True


def take_back(installation: Installation, key: str, *, by: str, now: datetime) -> None:
    """Let the wheel's own due date hold again."""
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        occurrence = _open_one(connection, installation, key)
        if extensions.extension(connection, key) is None:
            raise UserError(f"Fristen for »{occurrence.title}« er ikke udsat; der er intet at tage tilbage.")
        extensions.remove(connection, key)
        _look_again(connection, installation, key, now=now)
        told, suffix = f"fristen er igen {danish.date_text(_planned(connection, key).due)}", f":{now.isoformat()}"
        log.tell(connection, log.about("extension_ended", occurrence, at=now, suffix=suffix, detail=told, actor=by))


def _open_one(connection: Connection, installation: Installation, key: str) -> Occurrence:
    occurrence = deliverable(connection, key)
    if not stands(installation.municipality(occurrence.municipality), occurrence, today=occurrence.due):
        raise UserError(f"»{occurrence.title}« er udgået af årshjulet; der skal ikke afleveres noget.")
    return occurrence


def _planned(connection: Connection, key: str) -> Occurrence:
    found = plans.planned_one(connection, key)
    assert found is not None  # it was just found
    return found


def _refuse_when_done(connection: Connection, occurrence: Occurrence, *, now: datetime) -> None:
    known = facts.of(connection, [occurrence.key])[occurrence.key]
    state = status_of(occurrence, known, now=now, today=danish_date(now))
    if state is State.WAIVED:
        raise UserError(f"Skolen er fritaget for »{occurrence.title}«; der er ingen frist at udsætte.")
    if state.is_done:
        raise UserError(f"»{occurrence.title}« er afleveret; der er ingen frist at udsætte.")


def _look_again(connection: Connection, installation: Installation, key: str, *, now: datetime) -> None:
    """Note when the deliverable is next to be looked at, with the due date that holds now."""
    today = danish_date(now)
    occurrence = deliverable(connection, key)
    state = status_of(occurrence, facts.of(connection, [key])[key], now=now, today=today)
    municipality = installation.municipality(occurrence.municipality)
    ladder = steps(occurrence, municipality.wheel.activity(occurrence.activity), municipality.calendar)
    todo = turn(ladder, taken_of(ladder, outbox.steps_mailed(connection, [key], today=today)[key]), today=today)
    if state.is_done:
        wake = None
    elif today < occurrence.opens:
        wake = occurrence.opens
    else:
        wake = today if todo.step else todo.wake_on
    plans.set_wake(connection, key, wake)
