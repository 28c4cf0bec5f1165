"""Plans: the occurrences of each school year, as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Date, Select, bindparam, func, insert, select, update

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.tables import schema
from kvalitet.days import SchoolYear
from kvalitet.occurrences import Occurrence
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from kvalitet.occurrences import Changes

_o, _e = schema.occurrence, schema.extension


@dataclass(frozen=True, slots=True)
class Hint:
    """Huskeseddel: when an occurrence was first planned, and the next day on which it needs a look."""

    planned_at: datetime
    wake_on: date | None


# As the wheel was laid out; and as it holds, with the later due date that a school was given for itself.
_PLANNED = tuple(_o.c[name] for name in Occurrence.__dataclass_fields__)
_OWN_DUE = select(_e.c.due).where(_e.c.occurrence == _o.c.key, _e.c.due > _o.c.due).correlate(_o).scalar_subquery()
_DUE = func.coalesce(_OWN_DUE, _o.c.due, type_=Date()).label("due")
COLUMNS = tuple(_DUE if column is _o.c.due else column for column in _PLANNED)


def _years() -> Select[tuple[int]]:
    ours = _o.c.municipality == bindparam("municipality")
    years = select(func.min(_o.c.school_year).label("start")).where(ours).cte("years", recursive=True)
    following = select(func.min(_o.c.school_year)).where(ours, _o.c.school_year > years.c.start)
    years = years.union_all(select(following.scalar_subquery()).where(years.c.start.is_not(None)))
    return select(years.c.start)


# Built once: the wheel asks it every day, and building it costs more than asking it.
_YEARS = _years()


def occurrences(
    connection: Connection,
    municipality: str,
    school_year: SchoolYear | None = None,
    *,
    activity: str | None = None,
    school: str | None = None,
) -> tuple[Occurrence, ...]:
    """List a municipality's occurrences in the order of the wheel."""
    query = _current(municipality).order_by(_o.c.school_year, _o.c.position)
    if school_year is not None:
        query = query.where(_o.c.school_year == school_year.start)
    if activity is not None:
        query = query.where(_o.c.activity == activity)
    if school is not None:
        query = query.where(_o.c.school == school)
    return tuple(map(as_occurrence, connection.execute(query)))


def planned(connection: Connection, municipality: str, school_year: SchoolYear) -> tuple[Occurrence, ...]:
    """List a school year's occurrences as the wheel was laid out, whatever single schools were given since."""
    ours = _o.c.municipality == municipality, _o.c.school_year == school_year.start, _o.c.dropped_at.is_(None)
    query = select(*_PLANNED).where(*ours).order_by(_o.c.position)
    return tuple(map(as_occurrence, connection.execute(query)))


def planned_one(connection: Connection, key: str) -> Occurrence | None:
    """Find one occurrence as the wheel was laid out, also one that a later plan dropped."""
    row = connection.execute(select(*_PLANNED).where(_o.c.key == key)).one_or_none()
    return as_occurrence(row) if row else None


def occurrence(connection: Connection, key: str) -> Occurrence | None:
    """Find one occurrence, also one that a later plan dropped."""
    row = connection.execute(select(*COLUMNS).where(_o.c.key == key)).one_or_none()
    return as_occurrence(row) if row else None


def with_keys(connection: Connection, keys: Iterable[str]) -> dict[str, Occurrence]:
    """Find some occurrences by key, also those that a later plan dropped."""
    return {
        row.key: as_occurrence(row)
        for portion in portions(keys)
        for row in connection.execute(select(*COLUMNS).where(_o.c.key.in_(portion)))
    }


def is_dropped(connection: Connection, key: str) -> bool:
    """Tell whether a later plan dropped an occurrence."""
    return connection.execute(select(_o.c.dropped_at).where(_o.c.key == key)).scalar_one_or_none() is not None


def school_years(connection: Connection, municipality: str) -> list[SchoolYear]:
    """List the school years that are planned: by jumping from one to the next, not by reading every row."""
    return [SchoolYear(start) for start in connection.scalars(_YEARS, {"municipality": municipality}) if start]


def waking(
    connection: Connection,
    municipality: str,
    *,
    today: date,
    activity: str | None = None,
    kinds: Iterable[Kind] | None = None,
) -> list[Occurrence]:
    """List the occurrences that need a look today: one indexed query."""
    query = _current(municipality).where(_o.c.wake_on <= today).order_by(_o.c.school_year, _o.c.position)
    if activity is not None:
        query = query.where(_o.c.activity == activity)
    if kinds is not None:
        query = query.where(_o.c.kind.in_([kind.value for kind in kinds]))
    return [as_occurrence(row) for row in connection.execute(query)]


def waking_kinds(connection: Connection, municipality: str, *, today: date) -> set[Kind]:
    """Tell of which kinds there are occurrences that need a look today: one indexed query."""
    query = select(_o.c.kind).where(_o.c.municipality == municipality, _o.c.dropped_at.is_(None)).distinct()
    return {Kind(kind) for kind in connection.scalars(query.where(_o.c.wake_on <= today))}


def hints(connection: Connection, municipality: str, school_year: SchoolYear) -> dict[str, Hint]:
    """Give what a plan knows of when each occurrence (by key) is looked at."""
    query = select(_o.c.key, _o.c.planned_at, _o.c.wake_on)
    query = query.where(_o.c.municipality == municipality, _o.c.school_year == school_year.start)
    return {row.key: Hint(row.planned_at, row.wake_on) for row in connection.execute(query)}


def write(
    connection: Connection,
    changes: Changes,
    *,
    positions: Mapping[str, int],
    wake_on: Mapping[str, date | None],
    now: datetime,
) -> None:
    """Write the difference between two plans; what was dropped is kept, marked and silent."""
    rows = [
        {**_row(new), "position": positions[new.key], "planned_at": now, "wake_on": wake_on[new.key]}
        for new in changes.new
    ]
    revived = _dropped(connection, rows)
    fresh = [row for row in rows if row["key"] not in revived]
    if fresh:
        connection.execute(insert(_o), fresh)
    moved = [{**_row(new), "position": positions[new.key], "wake_on": wake_on[new.key]} for _, new in changes.moved]
    for changed in ([row for row in rows if row["key"] in revived], moved):
        _update_each(connection, [{**row, "_key": row["key"], "dropped_at": None} for row in changed])
    _update_each(connection, [{"_key": old.key, "dropped_at": now, "wake_on": None} for old in changes.dropped])


def open_waking(
    connection: Connection,
    municipality: str,
    kinds: Iterable[Kind],
    *,
    held: Iterable[str] = (),
    today: date,
    now: datetime,
) -> list[Occurrence]:
    """Note that the waking occurrences of some kinds open now, and list those that had not opened before.

    Those in `held` (by key) stay closed.
    """
    query = update(_o).where(_o.c.municipality == municipality, _o.c.dropped_at.is_(None), _o.c.wake_on <= today)
    query = query.where(_o.c.kind.in_([kind.value for kind in kinds]), _o.c.opened_at.is_(None))
    query = query.where(_o.c.key.not_in(list(held)))
    opened = connection.execute(query.values(opened_at=now).returning(*COLUMNS, _o.c.position)).all()
    ordered = sorted(opened, key=lambda row: (row.school_year, row.position))
    return [as_occurrence(row[:-1]) for row in ordered]


def set_wake(connection: Connection, key: str, wake_on: date | None) -> None:
    """Set the next day on which an occurrence needs a look; None for never."""
    set_wakes(connection, {key: wake_on})


def set_wakes(connection: Connection, days: Mapping[str, date | None]) -> None:
    """Set the next day on which each occurrence (by key) needs a look; None for never."""
    _update_each(connection, [{"_key": key, "wake_on": day} for key, day in days.items()])


def count(connection: Connection, municipality: str) -> int:
    """Count the occurrences of a municipality."""
    return connection.execute(select(func.count()).where(_o.c.municipality == municipality)).scalar_one()


def as_occurrence(row: Sequence[Any]) -> Occurrence:
    """Make a domain value of the columns in `COLUMNS`, in their order."""
    key, municipality, school_year, activity, title, kind, *window_and_unit = row
    return Occurrence(key, municipality, SchoolYear(school_year), activity, title, Kind(kind), *window_and_unit)


def _current(municipality: str) -> Select[tuple[Any, ...]]:
    return select(*COLUMNS).where(_o.c.municipality == municipality, _o.c.dropped_at.is_(None))


def _row(found: Occurrence) -> dict[str, Any]:
    return {column.name: getattr(found, column.name) for column in COLUMNS} | {
        "school_year": found.school_year.start,
        "kind": found.kind.value,
    }


def _dropped(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Find which keys a dropped occurrence of the same municipality and school year holds."""
    plans = {(row["municipality"], row["school_year"]) for row in rows}
    return {
        key
        for municipality, year in plans
        for key in connection.scalars(
            select(_o.c.key).where(
                _o.c.municipality == municipality, _o.c.school_year == year, _o.c.dropped_at.is_not(None)
            )
        )
    }


def _update_each(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change many occurrences in one statement; each row holds the `_key` and the new values."""
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "_key"}
        connection.execute(update(_o).where(_o.c.key == bindparam("_key")).values(**values), rows)
