"""Events: the log by kind, school and day, and all that has to do with one school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, select

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.log import Event
from kvalitet.adapters.store.searches.portion import Portion, Span, count
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

_e = schema.event
_COLUMNS = tuple(_e.c[name] for name in Event.__dataclass_fields__)
_NEWEST_FIRST = _e.c.at.desc(), _e.c.id.desc()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Søgning i loggen: None where it does not matter."""

    kind: str | None = None
    school: str | None = None
    span: Span | None = None


def search(connection: Connection, municipality: str, wanted: Wanted, *, skip: int, limit: int) -> Portion[Event]:
    """Find a municipality's events, newest first."""
    query = select(*_COLUMNS).where(_e.c.municipality == municipality)
    if wanted.kind is not None:
        query = query.where(_e.c.event == wanted.kind)
    if wanted.school is not None:
        query = query.where(_e.c.school == wanted.school)
    if wanted.span is not None:
        query = query.where(_e.c.at >= wanted.span.since, _e.c.at < wanted.span.until)
    found = _read(connection, query.order_by(*_NEWEST_FIRST).offset(skip).limit(limit))
    return Portion(tuple(found), count(connection, query))


def kinds(connection: Connection, municipality: str) -> list[str]:
    """List the kinds of events that a municipality has had."""
    return list(connection.scalars(select(_e.c.event).where(_e.c.municipality == municipality).distinct()))


def about(connection: Connection, occurrences: Iterable[str]) -> list[Event]:
    """List the events about some occurrences (by key)."""
    return [
        event
        for portion in portions(occurrences)
        for event in _read(connection, select(*_COLUMNS).where(_e.c.occurrence.in_(portion)))
    ]


def of_school(connection: Connection, municipality: str, school: str, span: Span) -> list[Event]:
    """List the events of a school in a span that are about no single occurrence."""
    query = select(*_COLUMNS).where(_e.c.municipality == municipality, _e.c.school == school, _e.c.occurrence == "")
    return _read(connection, query.where(_e.c.at >= span.since, _e.c.at < span.until))


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> list[Event]:
    return [Event(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- SQLAlchemy's public name
