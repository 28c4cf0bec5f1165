"""Snapshots: what each extract brought home, never changed afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select, update

from kvalitet.adapters.store.tables import schema
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_s, _m = schema.snapshot, schema.measurement


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Øjebliksbillede: one pull from one source; `published_at` None is on hold, unseen by readers."""

    id: int
    municipality: str
    occurrence: str | None
    source: str
    sha256: str
    pulled_at: datetime
    published_at: datetime | None
    rows: int


COLUMNS = tuple(_s.c[name] for name in Snapshot.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """Nyt øjebliksbillede: the source's raw answer and the measurements read from it."""

    municipality: str
    occurrence: str | None
    source: str
    request: Mapping[str, Any]
    raw: bytes
    measurements: tuple[Measurement, ...]


def add(connection: Connection, new: NewSnapshot, *, now: datetime) -> tuple[Snapshot, bool]:
    """Keep a snapshot, unless the newest one for the same occurrence has the same bytes. Tells whether it was new.

    A source that goes back to older figures is kept again: otherwise the ones it took back would stay on show.
    """
    digest = hashlib.sha256(new.raw).hexdigest()
    same = (_s.c.municipality == new.municipality) & (_s.c.source == new.source)
    same &= _s.c.occurrence.is_(None) if new.occurrence is None else _s.c.occurrence == new.occurrence
    newest = connection.execute(select(*COLUMNS).where(same).order_by(_s.c.id.desc()).limit(1)).one_or_none()
    # The wheel may ask for other figures of the same bytes than it did the last time.
    if newest and (newest.sha256, newest.rows) == (digest, len(new.measurements)):
        return _as_snapshot(newest), False
    values = {
        "municipality": new.municipality,
        "occurrence": new.occurrence,
        "source": new.source,
        "request": dict(new.request),
        "raw": new.raw,
        "sha256": digest,
        "pulled_at": now,
        "rows": len(new.measurements),
    }
    (identity,) = connection.execute(insert(_s).values(**values)).inserted_primary_key or (0,)
    if new.measurements:
        connection.execute(insert(_m), [_row(identity, measurement) for measurement in new.measurements])
    return _as_snapshot(connection.execute(select(*COLUMNS).where(_s.c.id == identity)).one()), True


def publish(connection: Connection, snapshot: int, *, now: datetime) -> None:
    """Put a snapshot on show; all of its figures at once."""
    query = update(_s).where(_s.c.id == snapshot, _s.c.published_at.is_(None))
    connection.execute(query.values(published_at=now))


def snapshots(connection: Connection, municipality: str) -> list[Snapshot]:
    """List a municipality's snapshots, newest first."""
    query = select(*COLUMNS).where(_s.c.municipality == municipality).order_by(_s.c.id.desc())
    return [_as_snapshot(row) for row in connection.execute(query)]


def measurements(
    connection: Connection, municipality: str, *, indicators: Iterable[str] | None = None, unit: str | None = None
) -> tuple[Measurement, ...]:
    """List the figures on show: for each indicator, year and unit the newest published one.

    "Not published yet" never takes a figure off show that an earlier snapshot brought.
    """
    on_show = (_s.c.municipality == municipality) & _s.c.published_at.is_not(None)
    where: list[ColumnElement[bool]] = [on_show]
    if indicators is not None:
        where.append(_m.c.indicator.in_(list(indicators)))
    if unit is not None:
        where.append(_m.c.unit == unit)
    place = (_m.c.indicator, _m.c.school_year, _m.c.unit)
    is_there = or_(_m.c.missing.is_(None), _m.c.missing != MissingReason.NOT_PUBLISHED.value)
    chosen = func.coalesce(func.max(case((is_there, _m.c.snapshot))), func.max(_m.c.snapshot))
    newest = select(*place, chosen.label("snapshot")).join(_s).where(*where).group_by(*place).subquery()
    same = and_(*(_m.c[name] == newest.c[name] for name in ("indicator", "school_year", "unit", "snapshot")))
    query = select(_m).join(newest, same).order_by(*place)
    return tuple(_as_measurement(row) for row in connection.execute(query))


def _row(snapshot: int, found: Measurement) -> dict[str, Any]:
    return {
        "snapshot": snapshot,
        "indicator": found.indicator,
        "school_year": found.school_year.start,
        "unit": found.unit,
        "value": found.value,
        "level": found.level,
        "missing": found.missing.value if found.missing else None,
        "source": found.source,
        "published_on": found.published_on,
    }


def _as_snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name


def _as_measurement(row: Row[Any]) -> Measurement:
    return Measurement(
        indicator=row.indicator,
        school_year=SchoolYear(row.school_year),
        unit=row.unit,
        value=row.value,
        level=row.level,
        missing=MissingReason(row.missing) if row.missing else None,
        source=row.source,
        published_on=row.published_on,
    )
