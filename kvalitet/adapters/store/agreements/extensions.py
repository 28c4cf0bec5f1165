"""Extensions: the later due dates that single schools were given; the plan keeps the wheel's own beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import schema
from kvalitet.extensions import Extension

if TYPE_CHECKING:
    from datetime import date

_e, _o = schema.extension, schema.occurrence


def extension(connection: Connection, occurrence: str) -> Extension | None:
    """Find the due date that a school was given for itself."""
    row = connection.execute(select(_e).where(_e.c.occurrence == occurrence)).one_or_none()
    return Extension(row.due, row.reason, row.extended_by, row.extended_at) if row else None


def dues(connection: Connection, municipality: str) -> dict[str, date]:
    """List a municipality's extended due dates by occurrence."""
    ours = select(_e.c.occurrence, _e.c.due).join(_o, _o.c.key == _e.c.occurrence)
    return {row.occurrence: row.due for row in connection.execute(ours.where(_o.c.municipality == municipality))}


def keep(connection: Connection, occurrence: str, given: Extension) -> None:
    """Give a school its own due date, in place of one that it was given before."""
    values = {
        "due": given.due,
        "reason": given.reason,
        "extended_by": given.extended_by,
        "extended_at": given.extended_at,
    }
    if not insert_once(connection, _e, {"occurrence": occurrence, **values}):
        connection.execute(update(_e).where(_e.c.occurrence == occurrence).values(**values))


def remove(connection: Connection, occurrence: str) -> None:
    """Let the wheel's own due date hold again."""
    connection.execute(delete(_e).where(_e.c.occurrence == occurrence))
