"""Following up: the day's one mail to each person about what opens, is due, or is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.enqueueing import attempt, note
from kvalitet.adapters.mail.writing.explaining import UnwritableMailError, told
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.predecessors import held_back
from kvalitet.adapters.store import hold, outbox, plans
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import danish_date
from kvalitet.messages import Message, task_key, task_messages, told_of
from kvalitet.municipality import DANISH_TIME
from kvalitet.occurrences import stands
from kvalitet.reminders import Step, Turn, steps, taken_of, turn
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.outbox import NewMail
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Followed:
    """Fulgt op: the mails that were put into the outbox, and why others could not be written."""

    messages: tuple[Message, ...] = ()
    failures: tuple[str, ...] = ()


def follow_up(installation: Installation, municipality: Municipality, *, now: datetime) -> Followed:
    """Put the day's mails into the outbox, and note when each deliverable is next to be looked at.

    A mail that cannot be written holds up nothing but itself, and is tried anew at the next run.
    """
    # A thousand mails take seconds to render; nobody else is to wait for the database meanwhile.
    with installation.store.read() as connection:
        foreseen = {message.key: message for message in due_messages(connection, municipality, today=danish_date(now))}
    ready = {key: (message, attempt(installation.renderer, message, now=now)) for key, message in foreseen.items()}
    with installation.store.write() as connection:
        return put(connection, installation.renderer, municipality, ready, now=now)


def put(
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    ready: Mapping[str, tuple[Message, NewMail | UnwritableMailError]] | None = None,
    *,
    now: datetime,
) -> Followed:
    """Do so in the caller's transaction; `ready` holds what was rendered before it, by key."""
    today = danish_date(now)
    if not municipality.calendar.is_mail_day(today):
        return Followed()
    hold(connection, f"follow_up:{municipality.key}")
    due, heard, wake = _look(connection, municipality, today=today)
    awaited = _awaited(connection, municipality, today=today)
    messages = task_messages(municipality, due, today=today, awaited=awaited, heard=heard)
    put_in: list[Message] = []
    failed: list[UnwritableMailError] = []
    for message in messages:
        foreseen, rendered = (ready or {}).get(message.key, (None, None))
        if rendered is None or foreseen != message:
            rendered = attempt(renderer, message, now=now)
        if isinstance(rendered, UnwritableMailError):
            failed.append(rendered)
            wake |= dict.fromkeys(message.about, today)
        else:
            outbox.enqueue(connection, rendered, now=now)
            put_in.append(message)
    plans.set_wakes(connection, wake)
    note(connection, municipality, failed, now=now)
    return Followed(tuple(put_in), told(failed))


def due_messages(connection: Connection, municipality: Municipality, *, today: date) -> tuple[Message, ...]:
    """Give the mails that `put` would put into the outbox now."""
    if not municipality.calendar.is_mail_day(today):
        return ()
    due, heard, _ = _look(connection, municipality, today=today)
    awaited = _awaited(connection, municipality, today=today)
    return task_messages(municipality, due, today=today, awaited=awaited, heard=heard)


def _awaited(connection: Connection, municipality: Municipality, *, today: date) -> frozenset[str]:
    """List for which occurrences (by key) a file waits for its sender's word."""
    return keeping.awaited(connection, municipality.key, now=datetime.combine(today, time(), DANISH_TIME))


def _look(
    connection: Connection, municipality: Municipality, *, today: date
) -> tuple[list[tuple[Occurrence, Step]], set[tuple[str, str]], dict[str, date | None]]:
    """Find each waking deliverable's step, who has been told of it already, and the day on which to look at it again.

    What waits for others, and the schools on pause, are looked at every day, so that the newest step is taken
    as soon as it may be.
    """
    held = held_back(connection, municipality, today=today)
    paused = school_pauses.on(connection, municipality.key, today)
    found = plans.waking(connection, municipality.key, today=today, kinds={Kind.DELIVERABLE})
    gone = {occurrence.key for occurrence in found if not stands(municipality, occurrence, today=today)}
    waking = [o for o in found if o.key not in held | gone and o.school not in paused]
    turns, told = _turns(connection, municipality, waking, today=today)
    keys = {
        occurrence.key: {
            task_key(municipality, person.address, today=today)
            for person in told_of(municipality, occurrence, step)
            if (occurrence.key, person.address.lower()) not in told
        }
        for occurrence in waking
        if (step := turns[occurrence.key].step)
    }
    heard = outbox.existing(connection, {key for those in keys.values() for key in those})
    due: list[tuple[Occurrence, Step]] = []
    wake: dict[str, date | None] = dict.fromkeys(gone)
    for occurrence in waking:
        todo = turns[occurrence.key]
        wake[occurrence.key] = todo.wake_on
        if todo.step and heard & keys[occurrence.key]:
            wake[occurrence.key] = municipality.calendar.mail_day_from(today + timedelta(days=1))
        elif todo.step:
            due.append((occurrence, todo.step))
    return due, told, wake


def _turns(
    connection: Connection, municipality: Municipality, waking: list[Occurrence], *, today: date
) -> tuple[dict[str, Turn], set[tuple[str, str]]]:
    """Find what each deliverable (by key) needs today; those that share a window share a ladder.

    Where a step has been told to some, but not to all whom it is for, it is still to be taken for the others: their
    mail could not be written, or somebody else had their place. The second value says who (by address) is not told
    again of what (by key).
    """
    mailed = outbox.steps_mailed(connection, [occurrence.key for occurrence in waking], today=today)
    ladders: dict[tuple[str, date, date], tuple[Step, ...]] = {}
    turns: dict[str, Turn] = {}
    begun: list[tuple[Occurrence, Turn, Step]] = []
    for occurrence in waking:
        window = (occurrence.activity, occurrence.opens, occurrence.due)
        if window not in ladders:
            activity = municipality.wheel.activity(occurrence.activity)
            ladders[window] = steps(occurrence, activity, municipality.calendar)
        taken = taken_of(ladders[window], mailed[occurrence.key])
        turns[occurrence.key] = turn(ladders[window], taken, today=today)
        whole = turn(ladders[window], (), today=today)
        if whole.step and turns[occurrence.key].step is None:
            begun.append((occurrence, whole, whole.step))
    told: set[tuple[str, str]] = set()
    people = outbox.people_mailed(connection, [occurrence.key for occurrence, _, _ in begun])
    for occurrence, whole, step in begun:
        reached = people[occurrence.key, step.key]
        if any(person.address.lower() not in reached for person in told_of(municipality, occurrence, step)):
            turns[occurrence.key] = whole
            told |= {(occurrence.key, address) for address in reached}
    return turns, told
