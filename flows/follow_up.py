"""follow_up: the day's one mail to each person about what opens, is due, or is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.predecessors import held_back
from kvalitet.adapters.store import hold, outbox, plans
from kvalitet.board import danish_date
from kvalitet.messages import Message, task_key, task_messages
from kvalitet.occurrences import stands
from kvalitet.reminders import Step, Turn, steps, taken_of, turn
from kvalitet.wheel import Kind, Stage

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

TITLE = "Følg op på afleveringer"


@flow(name="follow_up", flow_run_name=f"{TITLE} – {{municipality}}")
async def follow_up(municipality: str = ALL) -> Ended:
    """Lægger dagens ene mail til hver person i udbakken: hvad der åbner, snart skal afleveres eller mangler."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Put the day's mails into the outbox, and note when each deliverable is next to be looked at."""
    today = danish_date(now)
    if not municipality.calendar.is_mail_day(today):
        return Outcome("Ingen mails på lukkedage.")
    # A thousand mails take seconds to render; nobody else is to wait for the database meanwhile.
    foreseen = {message.key: message for message in preview(installation, municipality, today=today)}
    rendered = {key: installation.renderer.render(message, now=now) for key, message in foreseen.items()}
    with installation.store.write() as connection:
        hold(connection, f"{TITLE}:{municipality.key}")
        due, wake = _look(connection, municipality, today=today)
        messages = task_messages(municipality, due, today=today)
        for message in messages:
            if foreseen.get(message.key) == message:
                outbox.enqueue(connection, rendered[message.key], now=now)
            else:
                enqueue(connection, installation.renderer, message, now=now)
        plans.set_wakes(connection, wake)
    rows = tuple(_row(message) for message in messages)
    return Outcome(f"{len(rows)} mails lagt i udbakken." if rows else "Ingen skal høre noget i dag.", rows)


def preview(installation: Installation, municipality: Municipality, *, today: date) -> tuple[Message, ...]:
    """Give the mails that `run` would put into the outbox on a day, as things stand now."""
    if not municipality.calendar.is_mail_day(today):
        return ()
    with installation.store.read() as connection:
        due, _ = _look(connection, municipality, today=today)
    return task_messages(municipality, due, today=today)


def _look(
    connection: Connection, municipality: Municipality, *, today: date
) -> tuple[list[tuple[Occurrence, Step]], dict[str, date | None]]:
    """Find each waking deliverable's step, and the day on which to look at it again."""
    held = held_back(connection, municipality, today=today)
    found = plans.waking(connection, municipality.key, today=today, kinds={Kind.DELIVERABLE})
    gone = {occurrence.key for occurrence in found if not stands(municipality, occurrence, today=today)}
    waking = [occurrence for occurrence in found if occurrence.key not in held | gone]
    turns = _turns(connection, municipality, waking, today=today)
    keys = {
        occurrence.key: _keys_of_today(municipality, occurrence, step, today=today)
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
    return due, wake


def _turns(
    connection: Connection, municipality: Municipality, waking: list[Occurrence], *, today: date
) -> dict[str, Turn]:
    """Find what each deliverable (by key) needs today; those that share a window share a ladder."""
    mailed = outbox.steps_mailed(connection, [occurrence.key for occurrence in waking])
    ladders: dict[tuple[str, date, date], tuple[Step, ...]] = {}
    turns = {}
    for occurrence in waking:
        window = (occurrence.activity, occurrence.opens, occurrence.due)
        if window not in ladders:
            activity = municipality.wheel.activity(occurrence.activity)
            ladders[window] = steps(occurrence, activity, municipality.calendar)
        taken = taken_of(ladders[window], mailed[occurrence.key])
        turns[occurrence.key] = turn(ladders[window], taken, today=today)
    return turns


def _keys_of_today(municipality: Municipality, occurrence: Occurrence, step: Step, *, today: date) -> set[str]:
    """Give the keys of the mails by which anyone whom the step is for may have heard today already."""
    return {
        task_key(municipality, person.address, today=today, escalated=escalated)
        for role in step.to
        for person in municipality.people(role, school=occurrence.school, school_group=occurrence.school_group)
        for escalated in {False, step.stage is Stage.ESCALATION}
    }


def _row(message: Message) -> dict[str, str]:
    return {"til": message.to.address, "mail": message.template, "om": str(len(message.about))}
