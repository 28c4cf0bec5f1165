"""Pulls: every try at a source; the running one is a lease, so that two cannot pull the same at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.outbox import LARGEST_NUMBER
from kvalitet.adapters.store.tables import extract_schema
from kvalitet.days import SchoolYear
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row, Select

_p = extract_schema.pull
# Longer than the longest that a source may take; whoever is not done by then has died.
LEASE = timedelta(hours=1)
INTERRUPTED = "Hentningen blev afbrudt, før den var færdig. Intet er ændret; der hentes igen."


@dataclass(frozen=True, slots=True)
class Pull:
    """Hentning: one try at one source; without `outcome` it is running."""

    id: int
    municipality: str
    occurrence: str | None
    source: str
    school_year: SchoolYear | None
    request: Mapping[str, Any]
    began_at: datetime
    lease_until: datetime
    ended_at: datetime | None
    outcome: PullOutcome | None
    detail: str
    snapshot: int | None
    next_try: date | None


@dataclass(frozen=True, slots=True)
class PullKey:
    """Hvad der hentes: one source's part of an occurrence, for one school year."""

    municipality: str
    occurrence: str | None
    source: str
    school_year: SchoolYear | None


@dataclass(frozen=True, slots=True)
class Ending:
    """Afslutning: how a try ended, in one Danish sentence, and when the next one is."""

    outcome: PullOutcome
    detail: str
    snapshot: int | None = None
    next_try: date | None = None


COLUMNS = tuple(_p.c[name] for name in Pull.__dataclass_fields__)


def begin(connection: Connection, key: PullKey, request: Mapping[str, Any], *, now: datetime) -> int | None:
    """Begin a try and give its number; None when somebody else is at it. A try whose lease is over has been killed."""
    running = _is(key) & _p.c.ended_at.is_(None)
    over = update(_p).where(running, _p.c.lease_until <= now)
    connection.execute(over.values(ended_at=now, outcome=PullOutcome.INTERRUPTED.value, detail=INTERRUPTED))
    values = {**_values(key), "request": dict(request), "began_at": now, "lease_until": now + LEASE, "detail": ""}
    if not insert_once(connection, _p, values):
        return None
    identity: int = connection.execute(select(_p.c.id).where(running)).scalar_one()
    return identity


def end(connection: Connection, pull: int, ending: Ending, *, now: datetime) -> bool:
    """End a try; tell whether it was still ours. When it was not, nothing of it may be kept."""
    query = update(_p).where(_p.c.id == pull, _p.c.ended_at.is_(None))
    return connection.execute(query.values(ended_at=now, **_ending(ending))).rowcount == 1


def keep(connection: Connection, key: PullKey, request: Mapping[str, Any], ending: Ending, *, now: datetime) -> int:
    """Keep a try that is over at once, such as a file that a person gave; give its number."""
    values = {**_values(key), "request": dict(request), "began_at": now, "lease_until": now, "ended_at": now}
    (identity,) = connection.execute(insert(_p).values(**values, **_ending(ending))).inserted_primary_key or (0,)
    return int(identity)


def pull(connection: Connection, identity: int) -> Pull | None:
    """Find one try; a number that the database cannot hold is nobody's."""
    if identity > LARGEST_NUMBER:
        return None
    return next(_read(connection, select(*COLUMNS).where(_p.c.id == identity)), None)


def of_occurrence(connection: Connection, occurrence: str) -> list[Pull]:
    """List the tries of one extract, the newest first."""
    return list(_read(connection, select(*COLUMNS).where(_p.c.occurrence == occurrence).order_by(_p.c.id.desc())))


def pulls(connection: Connection, municipality: str, *, newest: int | None = None) -> list[Pull]:
    """List a municipality's tries, the newest first."""
    query = select(*COLUMNS).where(_p.c.municipality == municipality).order_by(_p.c.id.desc())
    return list(_read(connection, query.limit(newest)))


def of_snapshot(connection: Connection, snapshot: int) -> list[Pull]:
    """List the tries that brought a snapshot home, the newest first."""
    return list(_read(connection, select(*COLUMNS).where(_p.c.snapshot == snapshot).order_by(_p.c.id.desc())))


def newest_of_each(connection: Connection, municipality: str) -> list[Pull]:
    """List the newest try of each source of each extract."""
    ours = (_p.c.municipality == municipality) & _p.c.occurrence.is_not(None)
    newest = select(func.max(_p.c.id)).where(ours).group_by(_p.c.occurrence, _p.c.source, _p.c.school_year)
    return list(_read(connection, select(*COLUMNS).where(_p.c.id.in_(newest)).order_by(_p.c.id)))


def _is(key: PullKey) -> ColumnElement[bool]:
    same = _p.c.municipality == key.municipality
    for name, value in _values(key).items():
        same &= _p.c[name].is_(None) if value is None else _p.c[name] == value
    return same


def _values(key: PullKey) -> dict[str, Any]:
    return {
        "municipality": key.municipality,
        "occurrence": key.occurrence,
        "source": key.source,
        "school_year": key.school_year.start if key.school_year else None,
    }


def _ending(ending: Ending) -> dict[str, Any]:
    return {
        "outcome": ending.outcome.value,
        "detail": ending.detail,
        "snapshot": ending.snapshot,
        "next_try": ending.next_try,
    }


def _read(connection: Connection, query: Select[Any]) -> Iterator[Pull]:
    return map(_as_pull, connection.execute(query))


def _as_pull(row: Row[Any]) -> Pull:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name
    values["school_year"] = SchoolYear(row.school_year) if row.school_year is not None else None
    values["outcome"] = PullOutcome(row.outcome) if row.outcome else None
    return Pull(**values)
