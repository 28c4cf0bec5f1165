"""Yearly: a school year's occurrences with what is known of each, read in one walk.

For whoever shows a whole year: every column is asked for plainly, and what many rows share is made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from kvalitet.adapters.store import facts, plans
from kvalitet.adapters.store.database.plain import day, plain
from kvalitet.adapters.store.tables import schema
from kvalitet.occurrences import Occurrence
from kvalitet.status import NOTHING_KNOWN, Facts
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.days import SchoolYear

_o = schema.occurrence
# What every row of a municipality's school year has alike is not asked for again and again.
_PLANNED = tuple(
    plain(column, column.name) for column in plans.COLUMNS if column.name not in {"municipality", "school_year"}
)
_NOTHING: tuple[Any, ...] = (None,) * len(facts.COLUMNS)

# Built once.
_YEAR = (
    facts.joined(select(*_PLANNED, *(plain(column, column.name) for column in facts.COLUMNS)).select_from(_o))
    .where(
        _o.c.municipality == bindparam("in_municipality"),
        _o.c.school_year == bindparam("in_year"),
        _o.c.dropped_at.is_(None),
    )
    .order_by(_o.c.position)
)
_KINDS = {kind.value: kind for kind in Kind}


def read(
    connection: Connection, municipality: str, school_year: SchoolYear
) -> tuple[list[Occurrence], dict[str, Facts]]:
    """Give a school year's occurrences in the order of the wheel, and their facts by key; equal facts are one value."""
    asked = {"in_municipality": municipality, "in_year": school_year.start}
    shared = {_NOTHING: NOTHING_KNOWN}
    planned, known = [], {}
    for row in connection.execute(_YEAR, asked).all():
        key, activity, title, kind, opens, due, school, group, *told = row
        planned.append(
            Occurrence(
                key, municipality, school_year, activity, title, _KINDS[kind], day(opens), day(due), school, group
            )
        )
        mark = tuple(told)
        if mark not in shared:
            shared[mark] = facts.as_facts(row)
        known[key] = shared[mark]
    return planned, known
