"""Snapshots: what each extract brought home, never changed afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, or_, select, update

from kvalitet.adapters.store.tables import schema
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

Mark: TypeAlias = "tuple[int, int | None, datetime | None]"

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
    school_year: SchoolYear | None = None
    content_type: str = ""
    label: str = ""
    published_on: date | None = None
    updated_at: datetime | None = None


COLUMNS = tuple(_s.c[name] for name in Snapshot.__dataclass_fields__)
_FIGURES = select(_m, _s.c.pulled_at).join_from(_m, _s)


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """Nyt øjebliksbillede: the source's raw answer and the measurements read from it.

    `published_on` and `updated_at` are the source's own words about its data.
    """

    municipality: str
    occurrence: str | None
    source: str
    request: Mapping[str, Any]
    raw: bytes
    measurements: tuple[Measurement, ...]
    school_year: SchoolYear | None = None
    content_type: str = ""
    label: str = ""
    published_on: date | None = None
    updated_at: datetime | None = None


def add(connection: Connection, new: NewSnapshot, *, now: datetime) -> tuple[Snapshot, bool]:
    """Keep a snapshot, unless the newest one of the same pull says the same. Tells whether it was new.

    A source that goes back to older figures is kept again: otherwise the ones it took back would stay on show.
    The same bytes may be read as other figures than the last time, when the wheel asks for others.
    """
    digest = hashlib.sha256(new.raw).hexdigest()
    if same := known(connection, new):
        return same, False
    names = {"municipality", "occurrence", "source", "raw", "content_type", "label", "published_on", "updated_at"}
    values = {name: getattr(new, name) for name in names} | {
        "request": dict(new.request),
        "sha256": digest,
        "pulled_at": now,
        "rows": len(new.measurements),
        "school_year": new.school_year.start if new.school_year else None,
    }
    (identity,) = connection.execute(insert(_s).values(**values)).inserted_primary_key or (0,)
    if new.measurements:
        connection.execute(insert(_m), [_row(identity, measurement) for measurement in new.measurements])
    return _as_snapshot(connection.execute(select(*COLUMNS).where(_s.c.id == identity)).one()), True


def known(connection: Connection, new: NewSnapshot) -> Snapshot | None:
    """Give the newest snapshot of the same pull, if it says the same."""
    newest = connection.execute(_same_pull(new).order_by(_s.c.id.desc()).limit(1)).one_or_none()
    if newest is None or newest.sha256 != hashlib.sha256(new.raw).hexdigest():
        return None
    return _as_snapshot(newest) if _says_the_same(connection, newest.id, new.measurements) else None


def _same_pull(new: NewSnapshot) -> Select[Any]:
    year = new.school_year.start if new.school_year else None
    same = {"municipality": new.municipality, "source": new.source, "occurrence": new.occurrence, "school_year": year}
    query = select(*COLUMNS)
    for name, value in same.items():
        query = query.where(_s.c[name].is_(None) if value is None else _s.c[name] == value)
    return query


def _says_the_same(connection: Connection, snapshot: int, found: tuple[Measurement, ...]) -> bool:
    return frozenset(measurements_of(connection, snapshot)) == frozenset(found)


def publish(connection: Connection, snapshot: int, *, now: datetime) -> None:
    """Put a snapshot on show; all of its figures at once."""
    query = update(_s).where(_s.c.id == snapshot, _s.c.published_at.is_(None))
    connection.execute(query.values(published_at=now))


def snapshots(connection: Connection, municipality: str) -> list[Snapshot]:
    """List a municipality's snapshots, newest first."""
    query = select(*COLUMNS).where(_s.c.municipality == municipality).order_by(_s.c.id.desc())
    return [_as_snapshot(row) for row in connection.execute(query)]


def mark(connection: Connection, municipality: str) -> Mark:
    """Give a mark of what is on show: as long as it is the same, so are the figures."""
    shown = (func.count(), func.max(_s.c.id), func.max(_s.c.published_at))
    query = select(*shown).where(_s.c.municipality == municipality, _s.c.published_at.is_not(None))
    count, newest, at = connection.execute(query).one()
    return count, newest, at


def snapshot(connection: Connection, municipality: str, identity: int) -> Snapshot | None:
    """Find one snapshot of a municipality."""
    found = connection.execute(select(*COLUMNS).where(_s.c.municipality == municipality, _s.c.id == identity))
    row = found.one_or_none()
    return _as_snapshot(row) if row else None


def is_overtaken(connection: Connection, kept: Snapshot) -> bool:
    """Tell whether the same pull has brought newer figures that are on show: then nobody waits for these any more.

    What a person gave is no pull: the next file may be about something else.
    """
    if kept.occurrence is None:
        return False
    newer = (_s.c.id > kept.id) & _s.c.published_at.is_not(None)
    query = select(_s.c.id).where(newer, _s.c.occurrence == kept.occurrence, _s.c.source == kept.source)
    year = kept.school_year.start if kept.school_year else None
    return connection.execute(query.where(_s.c.school_year == year).limit(1)).first() is not None


def raw_answer(connection: Connection, identity: int) -> bytes:
    """Read the source's answer, as it came."""
    return bytes(connection.execute(select(_s.c.raw).where(_s.c.id == identity)).scalar_one())


def request_of(connection: Connection, identity: int) -> Mapping[str, Any]:
    """Read what the source was asked for."""
    found: Mapping[str, Any] = connection.execute(select(_s.c.request).where(_s.c.id == identity)).scalar_one()
    return found


def measurements_of(
    connection: Connection, identity: int, *, indicators: Iterable[str] | None = None
) -> tuple[Measurement, ...]:
    """List the figures of one snapshot, whether it is on show or not; all of them, or those of some indicators."""
    query = _FIGURES.where(_m.c.snapshot == identity).order_by(_m.c.indicator, _m.c.school_year, _m.c.unit)
    if indicators is not None:
        query = query.where(_m.c.indicator.in_(list(indicators)))
    return tuple(_as_measurement(row) for row in connection.execute(query))


def told_of(connection: Connection, municipality: str, indicator: str, unit: str) -> list[tuple[Snapshot, Measurement]]:
    """List all that was ever brought home of an indicator for a unit, the newest first: where a figure comes from."""
    joined = _FIGURES.add_columns(*(c.label(f"snapshot_{c.name}") for c in COLUMNS))
    query = joined.where(_s.c.municipality == municipality, _m.c.indicator == indicator, _m.c.unit == unit)
    names = Snapshot.__dataclass_fields__
    return [
        (_made({name: getattr(row, f"snapshot_{name}") for name in names}), _as_measurement(row))
        for row in connection.execute(query.order_by(_s.c.id.desc(), _m.c.school_year.desc()))
    ]


def told_in_order(
    connection: Connection, municipality: str, *, indicators: Iterable[str]
) -> Iterator[tuple[int, Measurement]]:
    """Give all that has been put on show of some indicators, with its snapshot, in the order in which it was shown."""
    query = _FIGURES.where(_s.c.municipality == municipality, _s.c.published_at.is_not(None))
    query = query.where(_m.c.indicator.in_(list(indicators))).order_by(_s.c.published_at, _s.c.id)
    return ((row.snapshot, _as_measurement(row)) for row in connection.execute(query))


def measurements(
    connection: Connection,
    municipality: str,
    *,
    indicators: Iterable[str] | None = None,
    unit: str | None = None,
    before: int | None = None,
) -> tuple[Measurement, ...]:
    """List the figures on show: for each indicator, year and unit the newest published one.

    "Not published yet" never takes a figure off show that an earlier snapshot brought.
    With `before`, only older snapshots than that one count: what it is to be compared with.
    """
    on_show = (_s.c.municipality == municipality) & _s.c.published_at.is_not(None)
    where: list[ColumnElement[bool]] = [on_show]
    if before is not None:
        where.append(_s.c.id < before)
    if indicators is not None:
        where.append(_m.c.indicator.in_(list(indicators)))
    if unit is not None:
        where.append(_m.c.unit == unit)
    place = (_m.c.indicator, _m.c.school_year, _m.c.unit)
    is_there = or_(_m.c.missing.is_(None), _m.c.missing != MissingReason.NOT_PUBLISHED.value)
    chosen = func.coalesce(func.max(case((is_there, _m.c.snapshot))), func.max(_m.c.snapshot))
    newest = select(*place, chosen.label("snapshot")).join(_s).where(*where).group_by(*place).subquery()
    same = and_(*(_m.c[name] == newest.c[name] for name in ("indicator", "school_year", "unit", "snapshot")))
    query = _FIGURES.join(newest, same).order_by(*place)
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
        "pupils": found.pupils,
    }


def _as_snapshot(row: Row[Any]) -> Snapshot:
    return _made(dict(row._mapping))  # noqa: SLF001 -- SQLAlchemy's public name


def _made(values: dict[str, Any]) -> Snapshot:
    year = values["school_year"]
    return Snapshot(**{**values, "school_year": SchoolYear(year) if year is not None else None})


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
        pupils=row.pupils,
        pulled_on=danish_date(row.pulled_at),
    )
