"""plan_year: lays the wheel out over the school years that are near, and proposes dates."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.store import bookings, facts, log, outbox, plans
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.occurrences import Changes, Occurrence, difference, plan
from kvalitet.reminders import first_look, steps, turn
from kvalitet.status import NOTHING_KNOWN, State, status_of
from kvalitet.timetable import propose
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Planlæg skoleåret"
AHEAD = timedelta(days=92)


@flow(name="plan_year", flow_run_name=f"{TITLE} – {{municipality}}")
async def plan_year(municipality: str = ALL, school_year: str | None = None) -> Ended:
    """Lægger årshjulet ud over de skoleår, der er nær, og foreslår mødedatoer; eller over ét skoleår som »2026/27«."""
    chosen = SchoolYear.parse(school_year) if school_year else None
    return await perform(TITLE, run, municipality=municipality, school_year=chosen)


def run(
    installation: Installation, municipality: Municipality, *, now: datetime, school_year: SchoolYear | None = None
) -> Outcome:
    """Write the plan of a school year, or of all whose wheels turn or soon begin."""
    today = danish_date(now)
    years = [school_year] if school_year else years_to_plan(municipality, today)
    rows = [row for year in years if (row := _plan_one(installation, municipality, year, now=now))]
    done = ", ".join(row["skoleår"] for row in rows)
    return Outcome(f"Planlagt: {done}." if rows else "Planen er uændret.", tuple(rows))


def years_to_plan(municipality: Municipality, today: date) -> list[SchoolYear]:
    """List the school years whose wheels have not ended and begin within three months."""
    middle = SchoolYear.containing(today)
    spans = {year: municipality.wheel.span(year) for year in (middle.plus(-1), middle, middle.plus(1))}
    return [year for year, (first, last) in spans.items() if first - AHEAD <= today <= last]


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether the files or the time of year ask for another plan than the last one that was written."""
    years = years_to_plan(municipality, danish_date(now))
    with installation.store.read() as connection:
        return any(log.recall(connection, _name(municipality, year)) != _mark(municipality, year) for year in years)


def changes(installation: Installation, municipality: Municipality, school_year: SchoolYear) -> Changes:
    """Tell what planning a school year would change, without changing it."""
    with installation.store.read() as connection:
        return difference(plans.occurrences(connection, municipality.key, school_year), plan(municipality, school_year))


def _plan_one(
    installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> dict[str, str] | None:
    wanted = plan(municipality, school_year)
    with installation.store.write() as connection:
        found = difference(plans.occurrences(connection, municipality.key, school_year), wanted)
        if found:
            positions = {occurrence.key: place for place, occurrence in enumerate(wanted)}
            wake = _wake_days(connection, municipality, found, now=now)
            plans.write(connection, found, positions=positions, wake_on=wake, now=now)
        proposed = _propose(connection, municipality, wanted, now=now)
        log.remember(connection, _name(municipality, school_year), _mark(municipality, school_year))
    if not found and not proposed:
        return None
    counts = {"nye": len(found.new), "ændrede": len(found.moved), "udgåede": len(found.dropped), "forslag": proposed}
    return {"skoleår": school_year.label, **{name: str(count) for name, count in counts.items()}}


def _name(municipality: Municipality, school_year: SchoolYear) -> str:
    return f"plan:{municipality.key}:{school_year.key}"


def _mark(municipality: Municipality, school_year: SchoolYear) -> str:
    """Give the fingerprint of all that a plan depends on; the same mark means the same plan."""
    calendar = [holiday for holiday in municipality.calendar.school_holidays if holiday.last.year >= school_year.start]
    return hashlib.sha256(f"{municipality.fingerprint}{calendar!r}".encode()).hexdigest()


def _wake_days(
    connection: Connection, municipality: Municipality, found: Changes, *, now: datetime
) -> dict[str, date | None]:
    today = danish_date(now)
    calendar = municipality.calendar
    days = {
        new.key: first_look(new, municipality.wheel.activity(new.activity), calendar, today=today) for new in found.new
    }
    moved = [new.key for _, new in found.moved]
    known, taken = facts.of(connection, moved), outbox.steps_taken(connection, moved)
    for _, new in found.moved:
        activity = municipality.wheel.activity(new.activity)
        state = status_of(new, known.get(new.key, NOTHING_KNOWN), now=now, today=today)
        if state.is_done or state is State.BOOKED:
            days[new.key] = None
        elif new.kind is Kind.DELIVERABLE and new.opens <= today:
            ladder = steps(new, activity, calendar)
            todo = turn(ladder, taken[new.key], today=today)
            days[new.key] = today if todo.step else todo.wake_on
        else:
            days[new.key] = first_look(new, activity, calendar, today=today)
    return days


def _propose(
    connection: Connection, municipality: Municipality, wanted: tuple[Occurrence, ...], *, now: datetime
) -> int:
    """Propose a slot for every meeting that has none; what is booked or proposed stays."""
    taken = {key: booking.slot for key, booking in bookings.bookings(connection, municipality.key).items()}
    slots = propose(municipality, wanted, taken)
    places = {
        occurrence.key: municipality.wheel.activity(occurrence.activity).meeting.place
        for occurrence in wanted
        if occurrence.kind.is_meeting
    }
    bookings.propose(connection, slots, places=places, now=now)
    return sum(slot is not None for slot in slots.values())
