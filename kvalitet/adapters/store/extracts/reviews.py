"""Reviews: what was found wrong with a snapshot, and what a person decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, exists, func, insert, select

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import extract_schema, schema
from kvalitet.pulls import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_f, _d, _s = extract_schema.finding, extract_schema.snapshot_decision, schema.snapshot


class Ruling(Enum):
    """Afgørelse: whether figures that were held back are shown after all."""

    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SnapshotDecision:
    """Afgørelse: who decided what about a snapshot that was held back, and why."""

    snapshot: int
    decision: Ruling
    reason: str
    decided_by: str
    decided_at: datetime


def add_findings(connection: Connection, snapshot: int, findings: Iterable[Finding]) -> None:
    """Keep what was found wrong with a snapshot."""
    rows = [
        {
            "snapshot": snapshot,
            "holds": found.holds,
            "row": found.row,
            "column_name": found.column,
            "value": found.value,
            "why": found.why,
            "indicator": found.indicator,
            "unit": found.unit,
        }
        for found in findings
    ]
    if rows:
        connection.execute(insert(_f), rows)


def findings(connection: Connection, snapshot: int) -> tuple[Finding, ...]:
    """List what was found wrong with a snapshot; what holds it back comes first."""
    query = select(_f).where(_f.c.snapshot == snapshot).order_by(_f.c.holds.desc(), _f.c.id)
    return tuple(
        Finding(
            why=row.why,
            holds=row.holds,
            row=row.row,
            column=row.column_name,
            value=row.value,
            indicator=row.indicator,
            unit=row.unit,
        )
        for row in connection.execute(query)
    )


def held(connection: Connection, municipality: str) -> int:
    """Count the snapshots that wait for a person; not those that newer figures of the same pull have overtaken."""
    decided, newer = select(_d.c.snapshot), _s.alias()
    same = [newer.c[name] == _s.c[name] for name in ("occurrence", "source", "school_year")]
    overtaken = exists().where(newer.c.id > _s.c.id, newer.c.published_at.is_not(None), *same)
    query = select(func.count()).where(_s.c.municipality == municipality, _s.c.published_at.is_(None))
    return connection.execute(query.where(_s.c.id.not_in(decided), ~overtaken)).scalar_one()


def decide(connection: Connection, decision: SnapshotDecision) -> bool:
    """Keep a decision; tell whether it was the first."""
    values = {name: getattr(decision, name) for name in SnapshotDecision.__dataclass_fields__}
    return insert_once(connection, _d, {**values, "decision": decision.decision.value})


def decisions(connection: Connection, municipality: str) -> dict[int, SnapshotDecision]:
    """Give the decisions about a municipality's snapshots, by snapshot."""
    columns = [_d.c[name] for name in SnapshotDecision.__dataclass_fields__]
    query = select(*columns).join(_s, _s.c.id == _d.c.snapshot).where(_s.c.municipality == municipality)
    return {
        row.snapshot: SnapshotDecision(row.snapshot, Ruling(row.decision), row.reason, row.decided_by, row.decided_at)
        for row in connection.execute(query)
    }
