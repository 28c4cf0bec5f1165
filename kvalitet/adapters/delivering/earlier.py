"""Earlier years: what a school answered and promised before, newest first; a year that it skipped is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kvalitet.adapters.store.tables import schema
from kvalitet.answers import Promised, promises_in
from kvalitet.days import SchoolYear
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

_o, _d = schema.occurrence, schema.delivery


def answers(
    connection: Connection, occurrence: Occurrence, activity: str = ""
) -> tuple[SchoolYear, Mapping[str, str]] | None:
    """Give in which earlier school year the same unit last delivered an activity, and what its newest version says."""
    query = (
        select(_o.c.school_year, _d.c.answers)
        .join(_d, _d.c.occurrence == _o.c.key)
        .where(
            _o.c.municipality == occurrence.municipality,
            _o.c.activity == (activity or occurrence.activity),
            _o.c.school_year < occurrence.school_year.start,
            _o.c.school.is_not_distinct_from(occurrence.school),
            _o.c.school_group.is_not_distinct_from(occurrence.school_group),
        )
        .order_by(_o.c.school_year.desc(), _d.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (SchoolYear(row.school_year), row.answers) if row else None


def promised(connection: Connection, municipality: Municipality, occurrence: Occurrence) -> dict[str, Promised]:
    """List what each field of promises (by key) is to answer; a field with nothing to answer is left out."""
    found: dict[str, Promised] = {}
    for field in municipality.wheel.activity(occurrence.activity).fields:
        key, _, asked = field.answers_to.partition(".")
        if field.type is not FieldType.PROMISES or key not in municipality.wheel:
            continue
        table = next((each for each in municipality.wheel.activity(key).fields if each.key == asked), None)
        last = answers(connection, occurrence, key)
        promises = promises_in(table, last[1]) if table and last else ()
        if last and promises:
            found[field.key] = Promised(last[0], promises)
    return found
