"""A municipality far larger than Denmark's largest, and its year."""

from __future__ import annotations

from pathlib import Path

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.municipality import Contact, Municipality, SchoolGroup
from kvalitet.wheel import Activity, Kind, Per, Ring, Role
from tests import builders

SCHOOLS = 1100
SCHOOLS_IN_A_GROUP = 25
DELIVERABLES = 14
GROUPS = SCHOOLS // SCHOOLS_IN_A_GROUP


def municipality() -> Municipality:
    """Make 1,100 schools in 44 groups, each group with a consultant who holds its dialogues and meetings."""
    groups = tuple(SchoolGroup(f"g{number:02d}", f"Skolegruppe {number}") for number in range(GROUPS))
    schools = tuple(
        builders.school(f"{400001 + number}", f"Skole {number}", group=groups[number // SCHOOLS_IN_A_GROUP].key)
        for number in range(SCHOOLS)
    )
    consultants = tuple(
        Contact(Role.CONSULTANT, f"Konsulent, {group.name}", f"{group.key}@storby.example", school_group=group.key)
        for group in groups
    )
    contacts = (builders.DIRECTOR, builders.OFFICE, *consultants)
    return builders.municipality(*activities(), key="storby", schools=schools, groups=groups, contacts=contacts)


def activities() -> tuple[Activity, ...]:
    """List fourteen deliverables over the year, a dialogue with every school and two meetings of every group."""
    deliverables = [
        builders.activity(f"deliverable_{number:02d}", opens=f"end-{1 + number % 5:02d}-01", due="end-06-15")
        for number in range(DELIVERABLES)
    ]
    dialogue = builders.dialogue(owner=Role.CONSULTANT)
    meetings = [
        builders.activity(
            f"{season}_meeting",
            opens=opens,
            due=due,
            kind=Kind.MEETING,
            per=Per.SCHOOL_GROUP,
            ring=Ring.SCHOOL_GROUPS,
            owner=Role.CONSULTANT,
            participants=(Role.SCHOOL_LEADER,),
            fields=(),
            ladder=(),
        )
        for season, opens, due in (("autumn", "start-08-10", "start-09-30"), ("spring", "end-03-01", "end-04-30"))
    ]
    return (*deliverables, dialogue, *meetings)


def all_due_together() -> Municipality:
    """Make the worst day: every deliverable of every school opens at once, and is due on the same day."""
    deliverables = [
        builders.activity(f"deliverable_{number:02d}", opens="start-09-01", due="start-09-30")
        for number in range(DELIVERABLES)
    ]
    return builders.municipality(
        *deliverables,
        key="storby",
        schools=municipality().schools,
        groups=municipality().groups,
        contacts=municipality().contacts,
    )


def installation(store: Store, home: Path, whole: Municipality, *, files: Path | None = None) -> Installation:
    """Give an installation of one municipality on a migrated database."""
    settings = Settings(home=home, municipalities=files, base_url="https://kvalitet.example")
    return Installation(settings, store, (whole,))
