"""Evaluating: judging a municipality's goals on what the store knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.tables import schema
from kvalitet.answers import shown
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.evidence import Delivered, Evidence
from kvalitet.goals import Per
from kvalitet.measurements import MUNICIPALITY, parse_danish_number
from kvalitet.verdicts import judge
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.goals import Goal
    from kvalitet.municipality import Municipality
    from kvalitet.verdicts import Verdict
    from kvalitet.wheel import FormField

_NUMBERED = re.compile(r"_\d+$")


def judge_all(
    connection: Connection, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> list[Verdict]:
    """Judge every goal for every unit: figures on their newest year, deliveries on `school_year`."""
    evidence = Evidence(
        measurements=snapshots.measurements(connection, municipality.key),
        breaks=load_series_breaks(),
        delivered=tuple(_delivered(connection, municipality)),
    )
    today = danish_date(now)
    waived = _waived(connection, municipality, school_year)
    return [
        judge(goal, evidence, school_year=_year_of(goal, evidence, school_year), today=today, unit=unit)
        for goal in municipality.goals
        for unit in _units(municipality, goal, school_year)
        if (unit, goal.deliverable) not in waived
    ]


def _units(municipality: Municipality, goal: Goal, school_year: SchoolYear) -> list[str]:
    if goal.per is Per.MUNICIPALITY:
        return [MUNICIPALITY]
    first = school_year.first_day
    return [school.number for school in municipality.schools if school.takes_part(first, first)]


def _waived(connection: Connection, municipality: Municipality, school_year: SchoolYear) -> set[tuple[str, str | None]]:
    """List who is waived from what (institution number, activity): they are not judged on it."""
    o, w = schema.occurrence, schema.waiver
    query = select(o.c.school, o.c.activity).join(w, w.c.occurrence == o.c.key)
    query = query.where(o.c.municipality == municipality.key, o.c.school_year == school_year.start)
    return {(row.school, row.activity) for row in connection.execute(query)}


def _year_of(goal: Goal, evidence: Evidence, school_year: SchoolYear) -> SchoolYear:
    """Give the newest school year that has figures for the goal, else the year before the wheel's."""
    if goal.indicator is None:
        return school_year
    key = goal.indicator.key
    years = [found.school_year for found in evidence.measurements if found.indicator == key and found.missing is None]
    return max(years, default=school_year.plus(-1))


def _delivered(connection: Connection, municipality: Municipality) -> Iterator[Delivered]:
    """Count what the newest version of each delivery answers, field by field."""
    d, o = schema.delivery, schema.occurrence
    query = (
        select(o.c.school, o.c.school_year, o.c.activity, d.c.answers, d.c.file_name)
        .join(o, o.c.key == d.c.occurrence)
        .where(o.c.municipality == municipality.key, o.c.school.is_not(None))
        .order_by(d.c.occurrence, d.c.version)
    )
    newest = {(row.school, row.school_year, row.activity): row for row in connection.execute(query)}
    fields = {activity.key: activity.fields for activity in municipality.wheel.activities}
    for row in newest.values():
        for field in fields.get(row.activity, ()):
            count = _count(field, row.answers, has_file=row.file_name is not None)
            name = _NUMBERED.sub("", field.key)
            yield Delivered(
                unit=row.school,
                school_year=SchoolYear(row.school_year),
                deliverable=row.activity,
                field=name,
                count=count,
            )


def _count(field: FormField, answers: Mapping[str, str], *, has_file: bool) -> int:
    """Count what one field hands in: a number counts as itself, a table by its rows, a text, goal or file as one."""
    if field.type is FieldType.FILE:
        return int(has_file)
    if field.type is FieldType.NUMBER:
        return int(parse_danish_number(answers.get(field.key, "")) or 0)
    lines = len(shown(field, answers))
    return lines if field.type in {FieldType.TABLE, FieldType.PROMISES} else min(lines, 1)
