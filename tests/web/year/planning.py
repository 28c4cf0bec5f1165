"""Builders of planned years: a municipality's plan and proposed meetings, written into a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kvalitet.adapters.store import Store, bookings, plans
from kvalitet.days import SchoolYear
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Changes, plan
from kvalitet.timetable import propose
from kvalitet.wheel import Activity, Kind, Per, Ring, Role
from tests.web import builders

LAST_YEAR = SchoolYear(2025)


def write_year(
    store: Store,
    municipality: Municipality,
    school_year: SchoolYear = builders.YEAR,
    *,
    later: int = 0,
    now: datetime = builders.NOON,
) -> None:
    """Plan a year, its windows so many days later than the wheel says."""
    moved = timedelta(days=later)
    wanted = tuple(
        replace(found, opens=found.opens + moved, due=found.due + moved) for found in plan(municipality, school_year)
    )
    places = {occurrence.key: place for place, occurrence in enumerate(wanted)}
    with store.write() as connection:
        plans.write(
            connection,
            Changes(new=wanted, moved=(), dropped=()),
            positions=places,
            wake_on=dict.fromkeys(places),
            now=now,
        )
        bookings.propose(connection, propose(municipality, wanted, {}), places={}, now=now)


def crowd(count: int = 80) -> tuple[Activity, ...]:
    """Make so many activities in all rings: short and long ones, one in four a meeting of the school groups."""
    rings = (Ring.DELIVERABLES, Ring.DELIVERABLES, Ring.DATA, Ring.SCHOOL_GROUPS)
    return tuple(_one(number, rings[number % len(rings)]) for number in range(count))


def _one(number: int, ring: Ring) -> Activity:
    month, length = number * 7 % 9, 1 + number % 3
    opens = f"start-{8 + month:02d}-01" if month < 5 else f"end-{month - 4:02d}-01"
    last = month + length
    due = f"start-{8 + last:02d}-15" if last < 5 else f"end-{last - 4:02d}-15"
    title = f"Punkt {number} om trivsel, læring og det fælles løft af alle børn"
    if ring is Ring.SCHOOL_GROUPS:
        return builders.meeting(f"many_{number}", title, opens, due)
    if ring is Ring.DATA:
        return builders.activity(
            f"many_{number}",
            title=title,
            opens=opens,
            due=due,
            kind=Kind.EXTRACT,
            per=Per.MUNICIPALITY,
            ring=ring,
            owner=Role.ADMINISTRATION,
            fields=(),
        )
    return builders.activity(f"many_{number}", title=title, opens=opens, due=due)
