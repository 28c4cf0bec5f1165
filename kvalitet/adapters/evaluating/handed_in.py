"""Handed in: what the newest version of each delivery answers, to be counted and to be judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from kvalitet.adapters.store.tables import schema
from kvalitet.answers import shown
from kvalitet.days import SchoolYear
from kvalitet.evidence import Delivered
from kvalitet.measurements import parse_danish_number
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from kvalitet.municipality import Municipality
    from kvalitet.wheel import Activity, FormField

_NUMBERED = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Afleveret: the newest version of one school's delivery, for an activity that the wheel still has."""

    school: str
    school_year: SchoolYear
    activity: Activity
    answers: Mapping[str, str]
    has_file: bool


def handed_in(connection: Connection, municipality: Municipality) -> tuple[HandedIn, ...]:
    """List the newest version of each delivery, oldest school year first."""
    d, o = schema.delivery, schema.occurrence
    query = (
        select(o.c.school, o.c.school_year, o.c.activity, d.c.answers, d.c.file_name)
        .join(o, o.c.key == d.c.occurrence)
        .where(o.c.municipality == municipality.key, o.c.school.is_not(None))
        .order_by(o.c.school_year, d.c.occurrence, d.c.version)
    )
    newest = {(row.school, row.school_year, row.activity): row for row in connection.execute(query)}
    wheel = municipality.wheel
    return tuple(
        HandedIn(
            row.school,
            SchoolYear(row.school_year),
            wheel.activity(row.activity),
            row.answers,
            row.file_name is not None,
        )
        for row in newest.values()
        if row.activity in wheel
    )


def counted(found: Iterable[HandedIn]) -> Iterator[Delivered]:
    """Count what is answered, field by field."""
    for one in found:
        for field in one.activity.fields:
            yield Delivered(
                unit=one.school,
                school_year=one.school_year,
                deliverable=one.activity.key,
                field=_NUMBERED.sub("", field.key),
                count=_count(field, one.answers, has_file=one.has_file),
            )


def _count(field: FormField, answers: Mapping[str, str], *, has_file: bool) -> int:
    """Count what one field hands in: a number counts as itself, a table by its rows, a text, goal or file as one."""
    if field.type is FieldType.FILE:
        return int(has_file)
    if field.type is FieldType.NUMBER:
        return int(parse_danish_number(answers.get(field.key, "")) or 0)
    lines = len(shown(field, answers))
    return lines if field.type in {FieldType.TABLE, FieldType.PROMISES} else min(lines, 1)
