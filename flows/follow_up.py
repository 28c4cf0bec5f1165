"""follow_up: the day's one mail to each person about what opens, is due, or is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.store import outbox, plans
from kvalitet.board import danish_date
from kvalitet.messages import Message, task_key, task_messages
from kvalitet.reminders import Step, steps, turn
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
    with installation.store.write() as connection:
        due, wake = _look(connection, municipality, today=today)
        messages = task_messages(municipality, due, today=today)
        for message in messages:
            enqueue(connection, installation.renderer, message, now=now)
        for key, day in wake.items():
            plans.set_wake(connection, key, day)
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
    due: list[tuple[Occurrence, Step]] = []
    wake: dict[str, date | None] = {}
    for occurrence in plans.waking(connection, municipality.key, today=today):
        if occurrence.kind is not Kind.DELIVERABLE:
            continue
        activity = municipality.wheel.activity(occurrence.activity)
        ladder = steps(occurrence, activity, municipality.calendar)
        todo = turn(ladder, outbox.steps_taken(connection, occurrence.key), today=today)
        wake[occurrence.key] = todo.wake_on
        if todo.step and _has_heard_today(connection, municipality, occurrence, todo.step, today=today):
            wake[occurrence.key] = municipality.calendar.mail_day_from(today + timedelta(days=1))
        elif todo.step:
            due.append((occurrence, todo.step))
    return due, wake


def _has_heard_today(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, step: Step, *, today: date
) -> bool:
    """Tell whether anyone whom the step is for has had the day's one mail already."""
    return any(
        outbox.exists(connection, task_key(municipality, person.address, today=today, escalated=escalated))
        for role in step.to
        for person in municipality.people(role, school=occurrence.school, school_group=occurrence.school_group)
        for escalated in {False, step.stage is Stage.ESCALATION}
    )


def _row(message: Message) -> dict[str, str]:
    return {"til": message.to.address, "mail": message.template, "om": str(len(message.about))}
