"""plan_year: lays the wheel out over the school years that are near, and proposes dates."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.store import bookings, facts, hold, log, outbox, plans
from kvalitet.adapters.store.agreements import extensions
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.extensions import extended
from kvalitet.occurrences import Changes, Occurrence, difference, plan, stands
from kvalitet.reminders import first_look, steps, taken_of, turn
from kvalitet.status import State, status_of
from kvalitet.timetable import propose
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
        return difference(plans.planned(connection, municipality.key, school_year), plan(municipality, school_year))


def _plan_one(
    installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> dict[str, str] | None:
    wanted = plan(municipality, school_year)
    with installation.store.write() as connection:
        hold(connection, f"plan:{municipality.key}")
        found = difference(plans.planned(connection, municipality.key, school_year), wanted)
        if found or log.recall(connection, _name(municipality, school_year)) != _mark(municipality, school_year):
            changed = {new.key for new in found.new} | {new.key for _, new in found.moved}
            kept = [occurrence for occurrence in wanted if occurrence.key not in changed]
            hints = plans.hints(connection, municipality.key, school_year)
            wake = _wake_days(connection, municipality, found, kept, hints, now=now)
            positions = {occurrence.key: place for place, occurrence in enumerate(wanted)}
            plans.write(connection, found, positions=positions, wake_on=wake, now=now)
            plans.set_wakes(connection, {o.key: wake[o.key] for o in kept if wake[o.key] != hints[o.key].wake_on})
            bookings.withdraw_proposals(connection, _outside(connection, municipality, found))
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
    connection: Connection,
    municipality: Municipality,
    found: Changes,
    kept: Sequence[Occurrence],
    hints: Mapping[str, plans.Hint],
    *,
    now: datetime,
) -> dict[str, date | None]:
    """Tell when each occurrence is next to be looked at, where the new files may have changed that.

    A new window is a new beginning. Where the window stays, only steps that are still to come count: whoever
    corrects a title or adds a step to a ladder does not mean to write to everybody about the past.
    """
    today, calendar = danish_date(now), municipality.calendar
    new = {occurrence.key for occurrence in found.new}
    own = extensions.dues(connection, municipality.key)
    moved = [
        (extended(before, own.get(before.key)), extended(after, own.get(after.key))) for before, after in found.moved
    ]
    anew = new | {after.key for before, after in moved if _window(before) != _window(after)}
    planned = [*(extended(one, own.get(one.key)) for one in (*found.new, *kept)), *(after for _, after in moved)]
    known_before = [occurrence for occurrence in planned if occurrence.key in hints]
    known = facts.of(connection, [occurrence.key for occurrence in known_before])
    begun = [o.key for o in known_before if o.kind is Kind.DELIVERABLE and o.opens <= today]
    mailed = outbox.steps_mailed(connection, begun, today=today)
    days = {o.key: first_look(o, municipality.wheel.activity(o.activity), calendar, today=today) for o in planned}
    for occurrence in known_before:
        key, hint = occurrence.key, hints[occurrence.key]
        planned_on = today if key in new else danish_date(hint.planned_at)
        state = status_of(occurrence, known[key], now=now, today=today)
        if state.is_done or state is State.BOOKED:
            days[key] = None
        elif occurrence.due < min(today, planned_on) or key not in mailed:
            days[key] = days[key] if key in anew else hint.wake_on
        else:
            ladder = steps(occurrence, municipality.wheel.activity(occurrence.activity), calendar)
            todo = turn(ladder, taken_of(ladder, mailed[key]), today=today)
            catching_up = today if todo.step or not mailed[key] else None
            last = catching_up if key in anew else hint.wake_on
            days[key] = min(filter(None, (last, todo.wake_on)), default=None)
    return days


def _window(occurrence: Occurrence) -> tuple[Kind, date, date]:
    return occurrence.kind, occurrence.opens, occurrence.due


def _propose(
    connection: Connection, municipality: Municipality, wanted: tuple[Occurrence, ...], *, now: datetime
) -> int:
    """Propose a slot for every meeting that has none; what is booked or proposed stays, also in the years beside."""
    taken = {key: booking.slot for key, booking in bookings.bookings(connection, municipality.key).items()}
    ours = {occurrence.key for occurrence in wanted}
    planned = plans.occurrences(connection, municipality.key)
    beside = [o for o in planned if o.key in taken.keys() - ours and stands(municipality, o, today=o.due)]
    slots = propose(municipality, [*beside, *wanted], taken)
    places = {
        occurrence.key: municipality.wheel.activity(occurrence.activity).meeting.place
        for occurrence in wanted
        if occurrence.kind.is_meeting
    }
    bookings.propose(connection, slots, places=places, now=now)
    return sum(slot is not None for slot in slots.values())


def _outside(connection: Connection, municipality: Municipality, found: Changes) -> list[str]:
    """List the meetings (by key) whose proposed slot lies outside their new window."""
    moved = {new.key: new for old, new in found.moved if new.kind.is_meeting and _window(old) != _window(new)}
    known = bookings.bookings(connection, municipality.key) if moved else {}
    return [
        key
        for key, new in moved.items()
        if key in known and not new.opens <= danish_date(known[key].slot.starts_at) <= new.due
    ]
