"""Predecessors: what must be done before an occurrence opens, and is not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from kvalitet.adapters.store import facts, plans
from kvalitet.municipality import DANISH_TIME
from kvalitet.status import status_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


def held_back(connection: Connection, municipality: Municipality, *, today: date) -> frozenset[str]:
    """List the waking occurrences (by key) that wait for others to be done; they are looked at again tomorrow."""
    return frozenset(
        occurrence.key
        for activity in municipality.wheel.activities
        if activity.after
        for occurrence in plans.waking(connection, municipality.key, today=today, kinds={activity.kind})
        if occurrence.activity == activity.key and waits_for(connection, municipality, occurrence, today=today)
    )


def waits_for(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, *, today: date
) -> tuple[str, ...]:
    """List the titles of the activities that an occurrence waits for; none once it is due.

    A school waits for its own deliveries alone; what concerns the whole municipality waits for all.
    """
    if today >= occurrence.due:
        return ()
    after = municipality.wheel.activity(occurrence.activity).after
    return tuple(
        municipality.wheel.activity(key).title
        for key in after
        if _is_unfinished(connection, municipality, occurrence, key, today=today)
    )


def _is_unfinished(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, activity: str, *, today: date
) -> bool:
    planned = plans.occurrences(connection, municipality.key, occurrence.school_year, activity=activity)
    before = [other for other in planned if other.school is None or occurrence.school in {None, other.school}]
    known = facts.of(connection, [other.key for other in before])
    now = datetime.combine(today, time(), tzinfo=DANISH_TIME)
    return not all(status_of(other, known[other.key], now=now, today=today).is_done for other in before)
