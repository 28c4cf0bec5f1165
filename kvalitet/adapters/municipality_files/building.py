"""Building: the municipality as one value, from the entries of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kvalitet import targets
from kvalitet.adapters.municipality_files.form_fields.building import field_of
from kvalitet.adapters.municipality_files.holidays_file import calendar_of
from kvalitet.adapters.municipality_files.report.building import report_of
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.goals import Goal
from kvalitet.goals import Per as GoalPer
from kvalitet.municipality import (
    Contact,
    Effort,
    Login,
    Municipality,
    OfficeHours,
    Organizer,
    School,
    SchoolGroup,
    Sender,
)
from kvalitet.wheel import Activity, ExtractSource, Kind, LadderStep, MeetingPlan, Ring, Role, Wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kvalitet.adapters.municipality_files.models import (
        ActivityEntry,
        ExtractEntry,
        GoalEntry,
        GoalsFile,
        SchoolsFile,
        TargetEntry,
        WheelFile,
    )
    from kvalitet.adapters.municipality_files.words import Entry

USUAL_RING = {
    Kind.EXTRACT: Ring.DATA,
    Kind.DELIVERABLE: Ring.DELIVERABLES,
    Kind.EFFORT: Ring.DELIVERABLES,
    Kind.DIALOGUE: Ring.DIALOGUES,
    Kind.MEETING: Ring.SCHOOL_GROUPS,
}
TARGETS: Mapping[str, Any] = {
    "at_national_average": targets.AtNationalAverage,
    "rise_points": targets.RisePoints,
    "rise_percent": targets.RisePercent,
    "at_least": targets.AtLeast,
    "at_most": targets.AtMost,
    "more_than": targets.MoreThan,
    "level_at_least": targets.LevelAtLeast,
    "count_per_school": targets.CountPerSchool,
    "documents_per_school": targets.DocumentsPerSchool,
}


def municipality_of(entries: Mapping[str, Any]) -> Municipality:
    """Build the municipality; the entries have been checked."""
    main, schools = entries["municipality.yaml"], entries["schools.yaml"]
    goals = entries["goals.yaml"]
    built = tuple(goal_of(entry, goals) for entry in goals.goals)
    return Municipality(
        key=main.key,
        name=main.name,
        number=main.number,
        wheel=wheel_of(entries["wheel.yaml"]),
        schools=schools_of(schools),
        groups=tuple(SchoolGroup(group.key, group.name) for group in schools.groups),
        contacts=tuple(Contact(**_plain(contact)) for contact in entries["contacts.yaml"].contacts),
        calendar=calendar_of(entries["school_holidays.yaml"]),
        sender=Sender(**_plain(main.sender)),
        office_hours=OfficeHours(**_plain(main.office_hours)),
        goals=built,
        efforts=tuple(
            Effort(
                **_plain(effort)
                | {
                    "first_school_year": effort.first_school_year.label,
                    "last_school_year": effort.last_school_year.label if effort.last_school_year else None,
                }
            )
            for effort in goals.efforts
        ),
        indicators=tuple({goal.indicator.key: goal.indicator for goal in built if goal.indicator}.values()),
        digest_to=main.digest_to,
        due_soon_days=main.due_soon_days,
        organizers=tuple(Organizer(**_plain(organizer)) for organizer in main.organizers),
        login=Login(**_plain(main.login)),
        report=report_of(main.report),
    )


def wheel_of(file: WheelFile) -> Wheel:
    """Build the wheel."""
    return Wheel(tuple(_activity(entry, file) for entry in file.activities))


def schools_of(file: SchoolsFile) -> tuple[School, ...]:
    """Build the schools."""
    return tuple(
        School(
            number=entry.number,
            name=entry.name,
            group=entry.group,
            leader=Contact(
                Role.SCHOOL_LEADER,
                entry.leader_name or f"Skolelederen på {entry.name}",
                entry.leader,
                school=entry.number,
            ),
            opened=entry.opened,
            closed=entry.closed,
        )
        for entry in file.schools
    )


def goal_of(entry: GoalEntry, file: GoalsFile) -> Goal:
    """Build one goal; a contradictory one is a ValueError in Danish."""
    catalogue = load_catalogue()
    names = {area.key: area.title for area in file.focus_areas}
    return Goal(
        key=entry.key,
        title=entry.title,
        focus_area=names.get(entry.focus_area, entry.focus_area),
        target=_target(entry.target),
        per=GoalPer(entry.per),
        deadline=entry.deadline,
        indicator=catalogue[entry.indicator] if entry.indicator else None,
        deliverable=entry.deliverable,
        field=entry.field,
        baseline_year=entry.baseline_year,
        mean_of_years=entry.mean_of_years,
    )


def _target(entry: TargetEntry) -> Any:
    kind = TARGETS[entry.type]
    given = {name: value for name, value in _plain(entry).items() if name != "type" and value is not None}
    wanted = set(kind.__dataclass_fields__)
    if set(given) != wanted:
        raise ValueError(f"Målet af typen {entry.type} skal have {' og '.join(sorted(wanted))}, og ikke andet.")
    if "kinds" in given:
        given["kinds"] = tuple(given["kinds"].items())
    return kind(**given)


def _activity(entry: ActivityEntry, file: WheelFile) -> Activity:
    values = _plain(entry)
    extract, meeting = values.pop("extract"), values.pop("meeting")
    values["ring"] = entry.ring or USUAL_RING[entry.kind]
    values["fields"] = tuple(field_of(field) for field in entry.fields)
    values["ladder"] = tuple(LadderStep(**_plain(step)) for step in file.ladders.get(entry.ladder or "", ()))
    values["meeting"] = MeetingPlan(**_plain(meeting)) if meeting else MeetingPlan()
    if extract:
        values["extract_sources"] = tuple(_extract_sources(extract))
    return Activity(**values)


def _extract_sources(entry: ExtractEntry) -> Iterator[ExtractSource]:
    """Give an extract's sources; one that does not say for which year it is, follows the extract."""
    if entry.indicators:
        yield ExtractSource(entry.source, entry.indicators, entry.year_offset)
    for each in entry.sources:
        offset = entry.year_offset if each.year_offset is None else each.year_offset
        yield ExtractSource(each.source, each.indicators, offset)


def _plain(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).model_fields}
