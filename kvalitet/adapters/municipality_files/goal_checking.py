"""Checking goals and efforts: what no single value can tell, told with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.building import goal_of
from kvalitet.adapters.municipality_files.complaints import meant, unique, unknown_activity, unknown_indicator
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.models import EffortEntry, GoalEntry

_NUMBERED = re.compile(r"_\d+$")
_RISING = frozenset({"rise_points", "rise_percent"})


def goal_problems(
    document: Document, file: Any, activities: Mapping[str, Any] | None, schools: set[str] | None
) -> Iterator[Problem]:
    """Check goals.yaml; what it points to is left unchecked where that file could not be read."""
    areas, goals = {area.key for area in file.focus_areas}, {goal.key for goal in file.goals}
    named = [(("focus_areas", n, "key"), area.key) for n, area in enumerate(file.focus_areas)]
    yield from unique(document, named, "Indsatsområdet")
    yield from unique(document, [(("goals", n, "key"), g.key) for n, g in enumerate(file.goals)], "Målet")
    yield from unique(document, [(("efforts", n, "key"), e.key) for n, e in enumerate(file.efforts)], "Indsatsen")
    for number, goal in enumerate(file.goals):
        place: Place = ("goals", number)
        if goal.focus_area not in areas:
            hint = meant(goal.focus_area, areas) or "; tilføj det under focus_areas."
            yield document.problem((*place, "focus_area"), f"Indsatsområdet »{goal.focus_area}« findes ikke{hint}")
        yield from _goal_problems(document, place, goal, file)
        if activities is not None and goal.deliverable:
            yield from _deliverable_problems(document, place, goal, activities)
    for number, effort in enumerate(file.efforts):
        yield from _effort_problems(document, ("efforts", number), effort, goals, schools)


def _goal_problems(document: Document, place: Place, goal: GoalEntry, file: Any) -> Iterator[Problem]:
    if goal.indicator and goal.indicator not in load_catalogue():
        yield document.problem((*place, "indicator"), unknown_indicator(goal.indicator))
        return
    if goal.target.type in _RISING and goal.baseline_year is None:
        message = "Skriv »baseline_year«: det skoleår, som målet skal stige fra."
        yield document.problem((*place, "target"), message)
    try:
        goal_of(goal, file)
    except ValueError as error:
        yield document.problem((*place, "target"), str(error))


def _deliverable_problems(
    document: Document, place: Place, goal: GoalEntry, activities: Mapping[str, Any]
) -> Iterator[Problem]:
    """Check that a goal on what the schools hand in can find it."""
    found = activities.get(goal.deliverable or "")
    if found is None:
        yield document.problem((*place, "deliverable"), unknown_activity(goal.deliverable or "", activities))
        return
    if found.kind is not Kind.DELIVERABLE:
        message = f"»{goal.deliverable}« er ikke noget, som skolerne afleverer (deliverable)."
        yield document.problem((*place, "deliverable"), message)
        return
    fields = {_NUMBERED.sub("", field.key) for field in found.fields}
    wanted: list[tuple[Place, str]] = [((*place, "field"), goal.field)] if goal.field else []
    wanted += [((*place, "target", "kinds", kind), kind) for kind in goal.target.kinds or ()]
    for where, key in wanted:
        if key not in fields:
            message = f"Feltet »{key}« findes ikke i leverancen »{goal.deliverable}«{meant(key, fields) or '.'}"
            yield document.problem(where, message)


def _effort_problems(
    document: Document, place: Place, effort: EffortEntry, goals: set[str], schools: set[str] | None
) -> Iterator[Problem]:
    first, last = effort.first_school_year, effort.last_school_year
    if last and last < first:
        yield document.problem((*place, "last_school_year"), f"{last} ligger før det første skoleår, {first}.")
    for index, key in enumerate(effort.goals):
        if key not in goals:
            hint = meant(key, goals) or "; ret nøglen."
            yield document.problem((*place, "goals", index), f"Målet »{key}« findes ikke{hint}")
    for index, number in enumerate(effort.schools):
        if schools is not None and number not in schools:
            yield document.problem((*place, "schools", index), f"Skolen »{number}« findes ikke i schools.yaml.")
