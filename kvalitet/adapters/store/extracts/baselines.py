"""Baselines: the figures that goals are counted from, fixed the first time that they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from kvalitet.adapters.store.database.many import insert_each_once
from kvalitet.adapters.store.tables import extract_schema
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_b = extract_schema.baseline


def fix(connection: Connection, municipality: str, found: Iterable[Measurement], *, now: datetime) -> None:
    """Fix figures as baselines; one that is fixed already stays as it is, and one that is missing is left open."""
    rows = [
        {
            "municipality": municipality,
            "indicator": one.indicator,
            "school_year": one.school_year.start,
            "unit": one.unit,
            "value": one.value,
            "level": one.level,
            "pupils": one.pupils,
            "source": one.source,
            "published_on": one.published_on,
            "fixed_at": now,
        }
        for one in found
        if one.missing is None
    ]
    insert_each_once(connection, _b, rows)


def baselines(connection: Connection, municipality: str) -> tuple[Measurement, ...]:
    """List a municipality's fixed baselines: judging takes these, and not what the source has revised since."""
    query = select(_b).where(_b.c.municipality == municipality)
    return tuple(
        Measurement(
            indicator=row.indicator,
            school_year=SchoolYear(row.school_year),
            unit=row.unit,
            value=row.value,
            level=row.level,
            source=row.source,
            published_on=row.published_on,
            pupils=row.pupils,
            pulled_on=danish_date(row.fixed_at),
        )
        for row in connection.execute(query.order_by(_b.c.indicator, _b.c.school_year, _b.c.unit))
    )
