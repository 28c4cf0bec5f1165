"""Lokale mål: the goals that a school sets for itself in what it hands in, as goals to be judged like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kvalitet.answers import place
from kvalitet.days import SchoolYear
from kvalitet.goals import Goal, Per
from kvalitet.measurements import Indicator, IndicatorUnit, parse_danish_number
from kvalitet.targets import AtLeast, AtMost
from kvalitet.wheel import Activity, FieldType, FormField

# Pupils' summer holiday begins on the last Saturday of June (folkeskoleloven § 14 a): whoever writes a day of June or
# July means the end of the school year.
_LAST_MONTHS = frozenset({6, 7})


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Fastsat: what one school answered in one deliverable for one school year."""

    school: str
    school_year: SchoolYear
    deliverable: Activity
    answers: Mapping[str, str]


def standing_goals(
    given: Iterable[Stated], school_year: SchoolYear, indicators: Mapping[str, Indicator], areas: Mapping[str, str]
) -> tuple[Goal, ...]:
    """Give the schools' goals that stand in a school year, of what they handed in from the oldest year to the newest.

    A school's new goal takes the place of its old one in the same field; one whose time is out is no longer judged,
    and one that was left empty, or that says nothing that can be judged, is none. `areas` gives the focus area of an
    indicator, where the municipality's own goals have one.
    """
    newest: dict[tuple[str, str, str], Goal] = {}
    for stated in given:
        goal_fields = [field for field in stated.deliverable.fields if field.type is FieldType.GOAL]
        for field in goal_fields if stated.school_year <= school_year else ():
            goal = _goal(stated, field, indicators, areas)
            if goal:
                newest[stated.school, stated.deliverable.key, field.key] = goal
    return tuple(goal for goal in newest.values() if goal.last_day >= school_year.first_day)


def key_of(stated: Stated, field: FormField) -> str:
    """Name a local goal: a school's goal of another school year is another one."""
    return f"local.{stated.school}.{stated.school_year.key}.{stated.deliverable.key}.{field.key}"


def deliverable_of(goal: Goal) -> str:
    """Give the key of the deliverable that a local goal was set in; "" for a goal of the municipality."""
    return goal.key.split(".")[3] if goal.is_local else ""


def _goal(
    stated: Stated, field: FormField, indicators: Mapping[str, Indicator], areas: Mapping[str, str]
) -> Goal | None:
    text, indicator_key, target, by = (
        " ".join(stated.answers.get(place(field, part), "").split()) for part in ("text", "indicator", "target", "by")
    )
    indicator = indicators.get(indicator_key)
    if indicator is None or indicator.unit is IndicatorUnit.LEVEL:
        return None
    try:
        value, deadline = parse_danish_number(target), date.fromisoformat(by)
    except ValueError:
        return None
    if value is None:
        return None
    return Goal(
        key=key_of(stated, field),
        title=text or field.title,
        focus_area=areas.get(indicator.key, indicator.area),
        target=AtMost(value=value) if indicator.lower_is_better else AtLeast(value=value),
        per=Per.SCHOOL,
        deadline=SchoolYear.containing(deadline) if deadline.month in _LAST_MONTHS else deadline,
        indicator=indicator,
        school=stated.school,
    )
