"""Occurrences: the wheel laid out over one school year, one row for each unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.wheel import Activity, Kind, Per

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Contact, Municipality, School
    from kvalitet.wheel import Role


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Forekomst: one activity in one school year for one unit.

    `key` is stable: `kalundborg.2026-27.local_goals.323003`. `opens` and `due` are inclusive.
    """

    key: str
    municipality: str
    school_year: SchoolYear
    activity: str
    title: str
    kind: Kind
    opens: date
    due: date
    school: str | None = None
    school_group: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Forskel: what writing a plan would add, change (from, to) and drop."""

    new: tuple[Occurrence, ...]
    moved: tuple[tuple[Occurrence, Occurrence], ...]
    dropped: tuple[Occurrence, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.moved or self.dropped)


def plan(municipality: Municipality, school_year: SchoolYear) -> tuple[Occurrence, ...]:
    """Lay a municipality's wheel out over one school year, in the order of the wheel."""
    return tuple(
        occurrence
        for activity in municipality.wheel.of(school_year)
        for occurrence in _of_activity(municipality, activity, school_year)
    )


def difference(before: tuple[Occurrence, ...], after: tuple[Occurrence, ...]) -> Changes:
    """Compare two plans by key."""
    old, new = {o.key: o for o in before}, {o.key: o for o in after}
    return Changes(
        new=tuple(o for o in after if o.key not in old),
        moved=tuple((old[o.key], o) for o in after if o.key in old and old[o.key] != o),
        dropped=tuple(o for o in before if o.key not in new),
    )


def participants(municipality: Municipality, activity: Activity, occurrence: Occurrence) -> tuple[Contact, ...]:
    """List who takes part in a meeting: the owner first, then the roles that the wheel names.

    The leader of a school that has closed is not invited to its group's meetings.
    """
    roles: tuple[Role, ...] = (activity.owner, *activity.participants)
    found = {
        person.address: person
        for role in roles
        for person in municipality.people(role, school=occurrence.school, school_group=occurrence.school_group)
    }
    gone = set() if occurrence.school else _leaders_gone(municipality, occurrence)
    return tuple(person for person in found.values() if person.address not in gone)


def stands(municipality: Municipality, occurrence: Occurrence, *, today: date) -> bool:
    """Tell whether the files still know an occurrence's activity and unit, and whether its school is still there.

    What no longer stands is history: nobody is written to about it, and nobody is asked for it.
    """
    if occurrence.activity not in municipality.wheel:
        return False
    if occurrence.school:
        number = occurrence.school
        return municipality.has_school(number) and not municipality.school(number).has_closed(today)
    return occurrence.school_group is None or any(group.key == occurrence.school_group for group in municipality.groups)


def _leaders_gone(municipality: Municipality, occurrence: Occurrence) -> set[str]:
    present = _schools(municipality, occurrence.school_year, occurrence.opens, occurrence.due)
    everybody = {school.leader.address for school in municipality.schools}
    return everybody - {school.leader.address for school in present}


def _of_activity(municipality: Municipality, activity: Activity, school_year: SchoolYear) -> Iterator[Occurrence]:
    opens, due = activity.window(school_year)
    stem = f"{municipality.key}.{school_year.key}.{activity.key}"
    schools = _schools(municipality, school_year, opens, due)
    if activity.per is Per.MUNICIPALITY:
        yield _occurrence(municipality, activity, school_year, stem)
    elif activity.per is Per.SCHOOL_GROUP:
        populated = {school.group for school in schools}
        for group in municipality.groups:
            if group.key in populated:
                key = f"{stem}.{group.key}"
                yield _occurrence(municipality, activity, school_year, key, school_group=group.key)
    else:
        for school in schools:
            key = f"{stem}.{school.number}"
            yield _occurrence(municipality, activity, school_year, key, school=school.number)


def _occurrence(
    municipality: Municipality,
    activity: Activity,
    school_year: SchoolYear,
    key: str,
    *,
    school: str | None = None,
    school_group: str | None = None,
) -> Occurrence:
    opens, due = activity.window(school_year)
    return Occurrence(
        key=key,
        municipality=municipality.key,
        school_year=school_year,
        activity=activity.key,
        title=activity.title,
        kind=activity.kind,
        opens=opens,
        due=due,
        school=school,
        school_group=school_group,
    )


def _schools(municipality: Municipality, school_year: SchoolYear, opens: date, due: date) -> list[School]:
    """List the schools that owe something: there in the school year itself, until it is due.

    A window in May before the school year concerns the schools of the school year that it prepares.
    """
    first = max(opens, school_year.first_day)
    return [school for school in municipality.schools if school.takes_part(first, max(first, due))]
