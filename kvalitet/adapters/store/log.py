"""The log: what happened, append-only; one row for each key, however often it is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, TextClause, bindparam, func, select, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from kvalitet.adapters.store.database.many import insert_each_once, portions
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Table

    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Event:
    """Hændelse: one line of the log; `key` makes telling it twice harmless.

    `actor` is who did it; "" is the service itself.
    """

    key: str
    at: datetime
    event: str
    municipality: str
    activity: str = ""
    occurrence: str = ""
    school: str = ""
    recipient: str = ""
    message_id: str = ""
    detail: str = ""
    actor: str = ""


def insert_once(connection: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one with the same unique key is there; tell whether it was new."""
    row = {**_defaults(table), **values}
    return connection.execute(_insert_once(table, tuple(row)), row).first() is not None


@cache
def _defaults(table: Table) -> dict[str, object]:
    declared = {column.name: column.default for column in table.columns}
    return {name: default.arg for name, default in declared.items() if isinstance(default, ScalarElementColumnDefault)}


@cache
def _insert_once(table: Table, names: tuple[str, ...]) -> TextClause:
    """Write the statement, which both databases know, ourselves: SQLAlchemy would compile its own anew each time."""
    columns, marks = ", ".join(names), ", ".join(f":{name}" for name in names)
    # The columns are our own, and the values are bound. A row count is not to be had from psycopg here.
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING 1"  # noqa: S608
    return text(statement).bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))


def tell(connection: Connection, event: Event) -> bool:
    """Write one event; tell whether it was new."""
    values = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    return insert_once(connection, schema.event, values)


def tell_all(connection: Connection, events: Iterable[Event]) -> None:
    """Write many events, each once."""
    names = tuple(Event.__dataclass_fields__)
    rows = [{name: getattr(event, name) for name in names} for event in events]
    insert_each_once(connection, schema.event, rows)


def about(
    event: str, occurrence: Occurrence, *, at: datetime, suffix: str = "", detail: str = "", actor: str = ""
) -> Event:
    """Make an event about an occurrence; with no suffix it happens once in the occurrence's life."""
    return Event(
        key=f"{event}:{occurrence.key}{suffix}",
        at=at,
        event=event,
        municipality=occurrence.municipality,
        activity=occurrence.activity,
        occurrence=occurrence.key,
        school=occurrence.school or "",
        detail=detail,
        actor=actor,
    )


def events(
    connection: Connection,
    municipality: str | None = None,
    *,
    event: str | None = None,
    occurrence: str | None = None,
    school: str | None = None,
    newest: int | None = None,
) -> list[Event]:
    """List events in the order in which they happened; all of them, or so many of the newest."""
    columns = [schema.event.c[name] for name in Event.__dataclass_fields__]
    order = schema.event.c.at.desc(), schema.event.c.id.desc()
    query: Select[tuple[object, ...]] = select(*columns).order_by(*order).limit(newest)
    filters = {"municipality": municipality, "event": event, "occurrence": occurrence, "school": school}
    for column, wanted in filters.items():
        if wanted is not None:
            query = query.where(schema.event.c[column] == wanted)
    found = [Event(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- SQLAlchemy's public name
    return found[::-1]


def count(connection: Connection, municipality: str) -> int:
    """Count a municipality's events."""
    row = schema.event
    return connection.execute(select(func.count()).where(row.c.municipality == municipality)).scalar_one()


def told(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Find which of some events (by key) have been told."""
    row = schema.event
    return {
        key for portion in portions(keys) for key in connection.scalars(select(row.c.key).where(row.c.key.in_(portion)))
    }


def any_since(connection: Connection, municipality: str, kinds: Iterable[str], *, since: datetime) -> bool:
    """Tell whether an event of some kinds has happened after an instant."""
    row = schema.event
    query = select(row.c.id).where(row.c.municipality == municipality, row.c.at > since, row.c.event.in_(list(kinds)))
    return connection.execute(query.limit(1)).first() is not None


def beat(connection: Connection, name: str, *, now: datetime, detail: str = "") -> None:
    """Stamp that a recurring job ran."""
    if not insert_once(connection, schema.heartbeat, {"name": name, "at": now, "detail": detail}):
        row = schema.heartbeat
        connection.execute(row.update().where(row.c.name == name).values(at=now, detail=detail))


def heartbeats(connection: Connection) -> dict[str, datetime]:
    """Give the last stamp of each recurring job."""
    row = schema.heartbeat
    return {stamp.name: stamp.at for stamp in connection.execute(select(row.c.name, row.c.at))}


def remember(connection: Connection, name: str, value: str) -> None:
    """Keep a fact about this installation, such as that it holds demonstration data."""
    if not insert_once(connection, schema.installation, {"name": name, "value": value}):
        row = schema.installation
        connection.execute(row.update().where(row.c.name == name).values(value=value))


def recall(connection: Connection, name: str) -> str | None:
    """Read a fact about this installation."""
    row = schema.installation
    return connection.execute(select(row.c.value).where(row.c.name == name)).scalar_one_or_none()
