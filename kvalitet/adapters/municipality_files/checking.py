"""Checking: what no single value can tell, told with file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.building import goal_of, wheel_of
from kvalitet.adapters.municipality_files.words import is_address
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.days import SchoolYear
from kvalitet.wheel import FieldType, Kind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.models import (
        ActivityEntry,
        FieldEntry,
        GoalEntry,
        MeetingEntry,
        OfficeHoursEntry,
    )

BELONGS = {
    "extract": ({Kind.EXTRACT}, "dataudtræk (extract)"),
    "fields": ({Kind.DELIVERABLE}, "det, som skolerne afleverer (deliverable)"),
    "ladder": ({Kind.DELIVERABLE}, "det, som skolerne afleverer (deliverable)"),
    "meeting": ({Kind.MEETING, Kind.DIALOGUE}, "møder og samtaler (meeting, dialogue)"),
}
YEARS = tuple(map(SchoolYear, range(2018, 2041)))


def unique(document: Document, places: Iterable[tuple[Place, str]], what: str) -> Iterator[Problem]:
    """Find values that stand twice where each must be one of its kind."""
    first: dict[str, int] = {}
    for place, value in places:
        if value in first:
            message = f"{what} »{value}« står to gange, første gang i linje {first[value]}; ret den ene."
            yield document.problem(place, message)
        first.setdefault(value, document.line(place))


def address_problem(document: Document, place: Place, address: str) -> Iterator[Problem]:
    """Complain of what cannot be a mail address."""
    if not is_address(address):
        yield document.problem(place, f"»{address}« kan ikke være en mailadresse; skriv fx leder@skole.example.")


def school_problems(document: Document, file: Any) -> Iterator[Problem]:
    """Check schools.yaml."""
    groups = {group.key for group in file.groups}
    yield from unique(document, [(("groups", n, "key"), g.key) for n, g in enumerate(file.groups)], "Skolegruppen")
    numbers = [(("schools", n, "number"), s.number) for n, s in enumerate(file.schools)]
    yield from unique(document, numbers, "Institutionsnummeret")
    for number, school in enumerate(file.schools):
        place: Place = ("schools", number)
        if school.group not in groups:
            yield document.problem((*place, "group"), f"{school.name} er i gruppen »{school.group}«, som ikke findes.")
        yield from address_problem(document, (*place, "leader"), school.leader)
        if school.opened and school.closed and school.closed < school.opened:
            yield document.problem((*place, "closed"), f"{school.name} lukker, før den åbner; ret en af datoerne.")


def contact_problems(document: Document, file: Any, schools: Any) -> Iterator[Problem]:
    """Check contacts.yaml."""
    numbers = {school.number for school in schools.schools} if schools else None
    groups = {group.key for group in schools.groups} if schools else None
    for number, contact in enumerate(file.contacts):
        place: Place = ("contacts", number)
        yield from address_problem(document, (*place, "address"), contact.address)
        if contact.role is Role.SCHOOL_LEADER:
            yield document.problem((*place, "role"), "Skoleledere står i schools.yaml under hver skole, ikke her.")
        if contact.school and numbers is not None and contact.school not in numbers:
            yield document.problem((*place, "school"), f"Skolen »{contact.school}« findes ikke i schools.yaml.")
        if contact.school_group and groups is not None and contact.school_group not in groups:
            yield document.problem((*place, "school_group"), f"Gruppen »{contact.school_group}« findes ikke.")


def wheel_problems(document: Document, file: Any, folder: Path, hours: OfficeHoursEntry | None) -> Iterator[Problem]:
    """Check wheel.yaml."""
    keys = [(("activities", n, "key"), a.key) for n, a in enumerate(file.activities)]
    yield from unique(document, keys, "Aktiviteten")
    known = {activity.key: activity for activity in file.activities}
    for number, activity in enumerate(file.activities):
        place: Place = ("activities", number)
        yield from _window_problems(document, place, activity)
        yield from _reference_problems(document, place, activity, known, set(file.ladders))
        yield from _kind_problems(document, place, activity)
        if activity.meeting:
            yield from _meeting_problems(document, (*place, "meeting"), activity.meeting, folder, hours)
        yield from _field_problems(document, place, activity.fields)
    yield from _cycle_problems(document, file.activities)


def role_problems(document: Document, file: Any, roles: set[Role]) -> Iterator[Problem]:
    """Find roles that the wheel names and nobody has."""
    for number, activity in enumerate(wheel_of(file).activities):
        place: Place = ("activities", number)
        named = [((*place, "owner"), activity.owner)]
        named += [((*place, "participants", n), role) for n, role in enumerate(activity.participants)]
        named += [((*place, "ladder"), role) for step in activity.ladder for role in step.to]
        first = {role: where for where, role in reversed(named)}
        for role, where in first.items():
            if role not in roles:
                yield document.problem(where, f"Ingen har rollen »{role}«; tilføj en kontakt med den i contacts.yaml.")


def goal_problems(document: Document, file: Any, activities: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Check goals.yaml."""
    areas, goals = {area.key for area in file.focus_areas}, {goal.key for goal in file.goals}
    yield from unique(document, [(("goals", n, "key"), g.key) for n, g in enumerate(file.goals)], "Målet")
    yield from unique(document, [(("efforts", n, "key"), e.key) for n, e in enumerate(file.efforts)], "Indsatsen")
    for number, goal in enumerate(file.goals):
        if goal.focus_area not in areas:
            place = ("goals", number, "focus_area")
            yield document.problem(place, f"Indsatsområdet »{goal.focus_area}« findes ikke.")
        yield from _one_goal_problems(document, ("goals", number), goal, file, activities)
    for number, effort in enumerate(file.efforts):
        for index, key in enumerate(effort.goals):
            if key not in goals:
                yield document.problem(("efforts", number, "goals", index), f"Målet »{key}« findes ikke.")


def _one_goal_problems(
    document: Document, place: Place, goal: GoalEntry, file: Any, activities: Mapping[str, Any] | None
) -> Iterator[Problem]:
    if goal.indicator and goal.indicator not in load_catalogue():
        yield document.problem((*place, "indicator"), unknown_indicator(goal.indicator))
        return
    if goal.deliverable and activities is not None and goal.deliverable not in activities:
        yield document.problem((*place, "deliverable"), f"Aktiviteten »{goal.deliverable}« findes ikke.")
    try:
        goal_of(goal, file)
    except ValueError as error:
        yield document.problem((*place, "target"), str(error))


def unknown_indicator(key: str) -> str:
    """Say that an indicator is not in the catalogue."""
    return f"Nøgletallet »{key}« kendes ikke; vælg et fra kataloget i docs/kommunens-filer.md."


def _window_problems(document: Document, place: Place, activity: ActivityEntry) -> Iterator[Problem]:
    if any(activity.due.in_year(year) < activity.opens.in_year(year) for year in YEARS):
        message = f"Fristen {activity.due} ligger før åbningen {activity.opens}; byt dem om, eller ret start/end."
        yield document.problem((*place, "due"), message)


def _reference_problems(
    document: Document, place: Place, activity: ActivityEntry, known: Mapping[str, Any], ladders: set[str]
) -> Iterator[Problem]:
    if activity.ladder and activity.ladder not in ladders:
        yield document.problem((*place, "ladder"), f"Rykkertrappen »{activity.ladder}« findes ikke under ladders.")
    if activity.ends_in and activity.ends_in not in known:
        yield document.problem((*place, "ends_in"), f"Aktiviteten »{activity.ends_in}« findes ikke.")
    for number, key in enumerate(activity.after):
        if key not in known:
            yield document.problem((*place, "after", number), f"Aktiviteten »{key}« findes ikke.")


def _kind_problems(document: Document, place: Place, activity: ActivityEntry) -> Iterator[Problem]:
    if activity.kind is Kind.EXTRACT and activity.extract is None:
        yield document.problem((*place, "kind"), "Et dataudtræk skal have »extract« med de nøgletal, der hentes.")
    for number, key in enumerate(activity.extract.indicators if activity.extract else ()):
        if key not in load_catalogue():
            yield document.problem((*place, "extract", "indicators", number), unknown_indicator(key))
    for key, (kinds, whom) in BELONGS.items():
        if getattr(activity, key) and activity.kind not in kinds:
            yield document.problem((*place, key), f"»{key}« hører kun til {whom}.")


def _meeting_problems(
    document: Document, place: Place, meeting: MeetingEntry, folder: Path, hours: OfficeHoursEntry | None
) -> Iterator[Problem]:
    guide = meeting.question_guide
    if guide and not (folder / guide).is_file():
        yield document.problem((*place, "question_guide"), f"Spørgeguiden »{guide}« findes ikke i mappen.")
    for number, start in enumerate(meeting.start_times):
        if hours and not hours.first <= start < hours.last:
            message = f"Kl. {start:%H.%M} ligger uden for kontortiden; ret den her eller i municipality.yaml."
            yield document.problem((*place, "start_times", number), message)


def _field_problems(document: Document, place: Place, fields: tuple[FieldEntry, ...]) -> Iterator[Problem]:
    yield from unique(document, [((*place, "fields", n, "key"), f.key) for n, f in enumerate(fields)], "Feltet")
    for number, field in enumerate(fields):
        here = (*place, "fields", number)
        if (field.type is FieldType.CHOICE) != bool(field.choices):
            yield document.problem(here, "»choices« hører til felter af typen choice, og kun til dem.")
        if field.minimum is not None and field.maximum is not None and field.maximum < field.minimum:
            yield document.problem((*here, "maximum"), "Det største tilladte tal er mindre end det mindste.")


def _cycle_problems(document: Document, activities: tuple[ActivityEntry, ...]) -> Iterator[Problem]:
    waits = {activity.key: set(activity.after) for activity in activities}
    for number, activity in enumerate(activities):
        reached, wanted = set[str](), set(activity.after)
        while wanted:
            key = wanted.pop()
            reached.add(key)
            wanted |= waits.get(key, set()) - reached
        if activity.key in reached:
            yield document.problem(
                ("activities", number, "after"), f"»{activity.key}« kommer til at vente på sig selv."
            )
