"""Schools in the report: one page about each, and what its board says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.delivering.figures import shows_test_results
from kvalitet.adapters.reports.figures import comparisons_of
from kvalitet.adapters.reports.goals import judged_of, schools_of
from kvalitet.adapters.reports.model import DeliveryLine, Judged, SchoolPart, Statement, Written
from kvalitet.adapters.schools.promises import lines_of
from kvalitet.answers import place
from kvalitet.board import progress_of
from kvalitet.local_goals import deliverable_of
from kvalitet.status import TEXTS, State
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.board import Row
    from kvalitet.municipality import School
    from kvalitet.wheel import FormField

# So much of what a school has written in a field is printed, to keep to one page; the rest is on the school's page.
LONGEST, MOST_LINES = 220, 3
GIVEN = frozenset({State.DELIVERED, State.APPROVED})


def school_parts(facts: Facts) -> tuple[SchoolPart, ...]:
    """Make the part about each school, in Danish order."""
    return tuple(_part(facts, school) for school in schools_of(facts))


def statements_of(facts: Facts) -> tuple[Statement, ...]:
    """Give what each school board says, or how its statement stands."""
    key = facts.municipality.report.statements
    rows = {row.occurrence.school: row for row in facts.board.of(key)}
    return tuple(_statement(facts, school, row) for school in schools_of(facts) if (row := rows.get(school.number)))


def _part(facts: Facts, school: School) -> SchoolPart:
    municipality = facts.municipality
    rows = [row for row in facts.board.of_school(school.number) if row.occurrence.school == school.number]
    asked = [row for row in rows if row.occurrence.kind is Kind.DELIVERABLE]
    judged = (judged_of(facts, goal, school.number) for goal in municipality.goals)
    return SchoolPart(
        number=school.number,
        name=school.name,
        group=municipality.group(school.group).name,
        comparisons=comparisons_of(facts, school),
        judged=tuple(one for one in judged if one),
        own=tuple(_own(facts, school)),
        written=tuple(_written(facts, rows)),
        efforts=tuple(e.title for e in municipality.efforts if e.is_on(facts.school_year.label, school.number)),
        delivered=_delivered(asked),
        outstanding=tuple(_line(row) for row in asked if not row.state.is_done and row.state is not State.NOT_OPEN),
        deliveries=tuple(_line(row) for row in asked),
    )


def _own(facts: Facts, school: School) -> Iterator[Judged]:
    """Give how far a school is with the goals that it has set itself, where what it wrote there is printed."""
    wheel = facts.municipality.wheel
    for goal in facts.goals:
        key = deliverable_of(goal)
        if goal.school != school.number or key not in facts.municipality.report.deliveries:
            continue
        judged = judged_of(facts, goal, school.number)
        if judged and (facts.sees_confidential or not shows_test_results(wheel.activity(key))):
            yield judged


def _written(facts: Facts, rows: list[Row]) -> Iterator[Written]:
    for key in facts.municipality.report.deliveries:
        activity = facts.municipality.wheel.activity(key)
        if shows_test_results(activity) and not facts.sees_confidential:
            continue
        for row in rows:
            given = facts.answers.get(row.occurrence.key)
            if row.occurrence.activity == key and row.state in GIVEN and given:
                yield from (found for field in activity.fields if (found := _answer(field, given)))


def _answer(field: FormField, given: Delivery) -> Written | None:
    if field.type is FieldType.GOAL and not given.answers.get(place(field, "text"), "").strip():
        return None
    lines = lines_of(field, given.answers)
    if not lines:
        return None
    more = (f"… og {len(lines) - MOST_LINES} mere",) if len(lines) > MOST_LINES else ()
    return Written(field.title, (*map(_cut, lines[:MOST_LINES]), *more))


def _statement(facts: Facts, school: School, row: Row) -> Statement:
    activity = facts.municipality.wheel.activity(row.occurrence.activity)
    given = facts.answers.get(row.occurrence.key)
    if shows_test_results(activity) and not facts.sees_confidential:
        return Statement(school.name, (), TEXTS[row.state])
    if given is None or row.state not in GIVEN:
        reason = facts.waivers.get(row.occurrence.key)
        return Statement(school.name, (), f"{TEXTS[row.state]}, {reason}" if reason else TEXTS[row.state])
    lines = tuple(line for field in activity.fields for line in lines_of(field, given.answers))
    file = (f"Bilag: {given.file.name}",) if given.file else ()
    return Statement(school.name, (*lines, *file), "")


def _delivered(rows: list[Row]) -> str:
    counted = progress_of(rows)
    if not counted.expected:
        return "Skolen skal ikke aflevere noget i dette skoleår."
    said = f"Skolen har afleveret {counted.done} af {counted.expected} ting"
    return f"{said}; {counted.overdue} er over fristen." if counted.overdue else f"{said}; intet er over fristen."


def _line(row: Row) -> DeliveryLine:
    occurrence = row.occurrence
    due = danish.date_text(occurrence.due)
    return DeliveryLine(occurrence.title, due, TEXTS[row.state], row.state.is_done, row.state is State.OVERDUE)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(' ', 1)[0].rstrip(' ,.;:')} … (forkortet)"
