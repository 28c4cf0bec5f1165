"""Facts: what the store knows of occurrences, gathered for computing their status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.database.plain import instant
from kvalitet.adapters.store.tables import schema
from kvalitet.status import BookingState, Decision, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.days import SchoolYear

_o, _b, _d, _w, _s = schema.occurrence, schema.booking, schema.delivery, schema.waiver, schema.snapshot


# Asked for each occurrence by an index: to group all deliveries ever made would cost more each year.
_other = _d.alias()
_NEWEST = select(func.max(_other.c.version)).where(_other.c.occurrence == _o.c.key).correlate(_o).scalar_subquery()
_PUBLISHED = select(func.max(_s.c.published_at)).where(_s.c.occurrence == _o.c.key).correlate(_o).scalar_subquery()
COLUMNS = (
    _d.c.delivered_at,
    _d.c.decision,
    _w.c.waived_at,
    _b.c.state,
    _b.c.starts_at,
    _b.c.ends_at,
    _PUBLISHED.label("published_at"),
)


def joined(query: Select[Any]) -> Select[Any]:
    """Add to a query of occurrences the tables that `COLUMNS` are read from."""
    return (
        query.outerjoin(_d, and_(_d.c.occurrence == _o.c.key, _d.c.version == _NEWEST))
        .outerjoin(_w, _w.c.occurrence == _o.c.key)
        .outerjoin(_b, _b.c.occurrence == _o.c.key)
    )


# Built once: building it costs more than asking it about one occurrence.
_KNOWN = joined(select(_o.c.key, *COLUMNS).select_from(_o))
_OF_KEYS = _KNOWN.where(_o.c.key.in_(bindparam("keys", expanding=True)))


def of_year(connection: Connection, municipality: str, school_year: SchoolYear | None = None) -> dict[str, Facts]:
    """Gather the facts of a municipality's occurrences by key, in one query."""
    query = _KNOWN.where(_o.c.municipality == municipality, _o.c.dropped_at.is_(None))
    if school_year is not None:
        query = query.where(_o.c.school_year == school_year.start)
    return {row.key: as_facts(row) for row in connection.execute(query)}


def of(connection: Connection, keys: Iterable[str]) -> dict[str, Facts]:
    """Gather the facts of some occurrences by key."""
    return {
        row.key: as_facts(row) for portion in portions(keys) for row in connection.execute(_OF_KEYS, {"keys": portion})
    }


def as_facts(row: Any) -> Facts:
    """Read a row that was asked for by COLUMNS, also by plain ones, and perhaps more."""
    return Facts(
        delivered_at=instant(row.delivered_at),
        decision=Decision(row.decision) if row.decision else None,
        waived=row.waived_at is not None,
        booking=BookingState(row.state) if row.state else None,
        starts_at=instant(row.starts_at),
        ends_at=instant(row.ends_at),
        published_at=instant(row.published_at),
    )
