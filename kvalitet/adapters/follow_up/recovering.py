"""Recovering: what a clock that was ahead has put off is looked at again when the clock is right.

The day on which to look at an occurrence again is reckoned from today. A wheel that was turned on a wrong day,
months ahead, has therefore put everything off until then, and nobody would be reminded of anything meanwhile.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters.store import facts, hold, log, plans
from kvalitet.board import danish_date
from kvalitet.occurrences import stands
from kvalitet.reminders import first_look
from kvalitet.status import State, status_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

# Clocks of two machines differ by seconds, and an hour is put back in October; neither puts anything off.
LEEWAY = timedelta(hours=2)


def wake_after_a_wrong_clock(
    installation: Installation, municipality: Municipality, heartbeat: str, *, now: datetime
) -> int:
    """Wake what the last turn put off, when that turn lies in the future; tells how many occurrences that are.

    `heartbeat` is the name by which turns are stamped.
    """
    # Asked every day, and almost never so: nobody is to wait for it.
    with installation.store.read() as connection:
        last = log.heartbeats(connection).get(heartbeat)
    if last is None or last <= now + LEEWAY:
        return 0
    with installation.store.write() as connection:
        hold(connection, f"recover:{municipality.key}")
        today, calendar = danish_date(now), municipality.calendar
        wake: dict[str, date | None] = {}
        for occurrence, planned_on in _unfinished(connection, municipality, now=now):
            activity = municipality.wheel.activity(occurrence.activity)
            look = first_look(occurrence, activity, calendar, today=min(planned_on, today))
            wake[occurrence.key] = max(look, today) if look else None
        plans.set_wakes(connection, wake)
        log.beat(connection, heartbeat, now=now)
        return len(wake)


def _unfinished(connection: Connection, municipality: Municipality, *, now: datetime) -> list[tuple[Occurrence, date]]:
    """List what is still to be done, each with the Danish day on which it was planned."""
    today = danish_date(now)
    found = []
    for year in plans.school_years(connection, municipality.key):
        known = facts.of_year(connection, municipality.key, year)
        hints = plans.hints(connection, municipality.key, year)
        for occurrence in plans.occurrences(connection, municipality.key, year):
            state = status_of(occurrence, known[occurrence.key], now=now, today=today)
            is_over = state.is_done or state is State.BOOKED
            if not is_over and stands(municipality, occurrence, today=today):
                found.append((occurrence, danish_date(hints[occurrence.key].planned_at)))
    return found
