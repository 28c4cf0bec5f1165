"""Yearly: a school year's occurrences with what is known of each, question by question and unread.

For whoever shows a whole year: what many rows share is made once, and two tellings are compared in no time, so that
only what is another one is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import String, and_, bindparam, func, select, type_coerce

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.database.plain import day, instant, plain, rows
from kvalitet.adapters.store.tables import schema
from kvalitet.occurrences import Occurrence
from kvalitet.status import NOTHING_KNOWN, BookingState, Decision, Facts
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Select, Table

    from kvalitet.days import SchoolYear

    Row: TypeAlias = tuple[Any, ...]

_o, _b, _d, _e, _s, _w = (
    schema.occurrence,
    schema.booking,
    schema.delivery,
    schema.extension,
    schema.snapshot,
    schema.waiver,
)
_KINDS = {kind.value: kind for kind in Kind}
_OURS = (
    _o.c.municipality == bindparam("in_municipality"),
    _o.c.school_year == bindparam("in_year"),
    _o.c.dropped_at.is_(None),
)


def _plain(*columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [plain(column, column.name) for column in columns]


def _small(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Ask a table that has few rows for those of the year: it is walked through row by row, and not the year."""
    is_ours = select(and_(*_OURS)).where(_o.c.key == table.c.occurrence).scalar_subquery()
    return select(*_plain(table.c.occurrence, *columns)).where(is_ours)


# Built once. What every row of a municipality's school year has alike is not asked for again and again.
_PLANNED = (
    select(
        *_plain(_o.c.key, _o.c.activity, _o.c.title, _o.c.kind, _o.c.opens, _o.c.due, _o.c.school, _o.c.school_group)
    )
    .where(*_OURS)
    .order_by(_o.c.position)
)
_DELIVERED = (
    select(*_plain(_d.c.occurrence, _d.c.version, _d.c.delivered_at, _d.c.decision))
    .join(_o, _o.c.key == _d.c.occurrence)
    .where(*_OURS)
)
_EXTENDED, _WAIVED = _small(_e, _e.c.due), _small(_w)
_BOOKED = _small(_b, _b.c.state, _b.c.starts_at, _b.c.ends_at)
_PUBLISHED = (
    select(_s.c.occurrence, func.max(type_coerce(_s.c.published_at, String())))
    .where(_s.c.occurrence.in_(bindparam("keys", expanding=True)), _s.c.published_at.is_not(None))
    .group_by(_s.c.occurrence)
)


@dataclass(frozen=True, slots=True)
class Told:
    """Fortalt: a school year as the database told it; by key what is known of those of which anything is."""

    municipality: str
    school_year: SchoolYear
    planned: list[Row]
    extended: Mapping[str, Any]
    delivered: Mapping[str, Row]
    waived: Mapping[str, Any]
    booked: Mapping[str, Row]
    published: Mapping[str, Any]

    def occurrence(self, row: Row) -> Occurrence:
        """Read a planned row; a school's own later due date goes before the plan's."""
        key, activity, title, kind, opens, due, school, group = row
        own = self.extended.get(key)
        if own is not None and own > due:
            due = own
        return Occurrence(
            key,
            self.municipality,
            self.school_year,
            activity,
            title,
            _KINDS[kind],
            day(opens),
            day(due),
            school,
            group,
        )

    def mark(self, key: str) -> Row:
        """Give all that is known of an occurrence, unread."""
        return self.delivered.get(key), key in self.waived, self.booked.get(key), self.published.get(key)

    def facts(self) -> dict[str, Facts]:
        """Read what is known by key; equal facts are one value."""
        shared = {_NOTHING: NOTHING_KNOWN}
        found = {}
        for key, *_ in self.planned:
            mark = self.mark(key)
            if mark not in shared:
                shared[mark] = facts_of(mark)
            found[key] = shared[mark]
        return found

    def changed_since(self, before: Told) -> set[str]:
        """Tell of which occurrences (by key) something else is known."""
        pairs = (
            (self.extended, before.extended),
            (self.delivered, before.delivered),
            (self.waived, before.waived),
            (self.booked, before.booked),
            (self.published, before.published),
        )
        return {
            key
            for new, old in pairs
            if new != old
            for key in new.keys() | old.keys()
            if key not in new or key not in old or new[key] != old[key]
        }


_NOTHING: Row = (None, False, None, None)


def facts_of(mark: Row) -> Facts:
    """Read what is known of one occurrence."""
    delivered, is_waived, booked, published_at = mark
    delivered_at, decision = delivered or (None, None)
    state, starts_at, ends_at = booked or (None, None, None)
    return Facts(
        delivered_at=instant(delivered_at),
        decision=Decision(decision) if decision else None,
        waived=is_waived,
        booking=BookingState(state) if state else None,
        starts_at=instant(starts_at),
        ends_at=instant(ends_at),
        published_at=instant(published_at),
    )


def tell(connection: Connection, municipality: str, school_year: SchoolYear) -> Told:
    """Ask for a school year, in the order of the wheel."""
    asked = {"in_municipality": municipality, "in_year": school_year.start}
    planned = rows(connection, _PLANNED, asked)
    extracts = (row[0] for row in planned if row[3] == Kind.EXTRACT.value)
    return Told(
        municipality,
        school_year,
        planned,
        extended=dict(rows(connection, _EXTENDED, asked)),
        delivered=_newest(rows(connection, _DELIVERED, asked)),
        waived=dict.fromkeys(key for (key,) in rows(connection, _WAIVED, asked)),
        booked={row[0]: row[1:] for row in rows(connection, _BOOKED, asked)},
        published={
            key: published_at
            for portion in portions(extracts)
            for key, published_at in rows(connection, _PUBLISHED, {"keys": portion})
        },
    )


def _newest(versions: list[Row]) -> dict[str, Row]:
    """Keep of each occurrence the newest version: when it came, and what was said of it."""
    return {key: (delivered_at, decision) for key, _, delivered_at, decision in sorted(versions, key=itemgetter(1))}
