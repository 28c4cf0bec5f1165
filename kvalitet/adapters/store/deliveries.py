"""Deliveries, decisions and waivers: what schools have handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_d = schema.delivery
_w = schema.waiver


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Fil: the name that the sender gave it, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Submission:
    """Indsendelse: what somebody hands in; `token` is the mark of one filled-in form.

    `base` is the newest version (0: none) that it began from, where that is known; `author` is whose draft it ends.
    """

    answers: Mapping[str, str]
    by: str
    file: StoredFile | None = None
    token: str | None = None
    base: int | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Aflevering: the answers to an occurrence's form fields, and a file."""

    id: int
    occurrence: str
    version: int
    delivered_at: datetime
    delivered_by: str
    answers: Mapping[str, str]
    file: StoredFile | None
    decision: str | None
    comment: str
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Fritagelse: why nothing is expected."""

    reason: str
    waived_by: str
    waived_at: datetime


def add(connection: Connection, occurrence: str, new: Submission, *, now: datetime) -> Delivery:
    """Keep a new version of a delivery; older ones stay."""
    highest = select(func.max(_d.c.version)).where(_d.c.occurrence == occurrence)
    version = (connection.execute(highest).scalar() or 0) + 1
    values: dict[str, Any] = {
        "occurrence": occurrence,
        "version": version,
        "delivered_at": now,
        "delivered_by": new.by,
        "answers": dict(new.answers),
        "file_name": new.file.name if new.file else None,
        "file_sha256": new.file.sha256 if new.file else None,
        "file_size": new.file.size if new.file else None,
        "token": new.token,
    }
    (identity,) = connection.execute(insert(_d).values(**values)).inserted_primary_key or (0,)
    return Delivery(identity, occurrence, version, now, new.by, dict(new.answers), new.file, None, "")


def with_token(connection: Connection, token: str) -> Delivery | None:
    """Find the delivery that a form with this mark has made."""
    row = connection.execute(select(_d).where(_d.c.token == token)).one_or_none()
    return _as_delivery(row) if row else None


def one(connection: Connection, identity: int) -> Delivery | None:
    """Find a delivery by its number."""
    row = connection.execute(select(_d).where(_d.c.id == identity)).one_or_none()
    return _as_delivery(row) if row else None


def versions(connection: Connection, occurrence: str) -> list[Delivery]:
    """List the versions of a delivery, oldest first."""
    query = select(_d).where(_d.c.occurrence == occurrence).order_by(_d.c.version)
    return [_as_delivery(row) for row in connection.execute(query)]


def newest(connection: Connection, occurrence: str) -> Delivery | None:
    """Find the newest version of a delivery."""
    query = select(_d).where(_d.c.occurrence == occurrence).order_by(_d.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _as_delivery(row) if row else None


def newest_of(connection: Connection, occurrences: Iterable[str]) -> dict[str, Delivery]:
    """Find the newest version of many deliveries, by occurrence; what nobody has delivered is not there."""
    found: dict[str, Delivery] = {}
    for portion in portions(occurrences):
        query = select(_d).where(_d.c.occurrence.in_(portion)).order_by(_d.c.version)
        found |= {row.occurrence: _as_delivery(row) for row in connection.execute(query)}
    return found


def decide(
    connection: Connection, delivery: int, *, decision: str | None, by: str, comment: str, now: datetime
) -> None:
    """Note what the director said of a delivery; None takes it back."""
    values = {"decision": decision, "decided_by": by, "decided_at": now, "comment": comment}
    connection.execute(update(_d).where(_d.c.id == delivery).values(**values))


def waive(connection: Connection, occurrence: str, *, reason: str, by: str, now: datetime) -> bool:
    """Free an occurrence from being delivered; tell whether that was new."""
    values = {"occurrence": occurrence, "reason": reason, "waived_by": by, "waived_at": now}
    return insert_once(connection, _w, values)


def waiver(connection: Connection, occurrence: str) -> Waiver | None:
    """Find why an occurrence is waived."""
    row = connection.execute(select(_w).where(_w.c.occurrence == occurrence)).one_or_none()
    return Waiver(row.reason, row.waived_by, row.waived_at) if row else None


def _as_delivery(row: Any) -> Delivery:
    file = StoredFile(row.file_name, row.file_sha256, row.file_size) if row.file_name else None
    return Delivery(
        row.id,
        row.occurrence,
        row.version,
        row.delivered_at,
        row.delivered_by,
        row.answers,
        file,
        row.decision,
        row.comment,
        row.decided_by or "",
        row.decided_at,
    )
