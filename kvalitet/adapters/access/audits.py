"""Audit: who did what on the pages, append-only; the database itself refuses a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from kvalitet.adapters.store.tables import access_schema

if TYPE_CHECKING:
    from datetime import datetime

_a = access_schema.audit


@dataclass(frozen=True, slots=True)
class Deed:
    """Handling: what somebody tried on a page, and what came of it; `outcome` is the answer's HTTP status."""

    at: datetime
    municipality: str
    actor: str
    access: str
    action: str
    subject: str
    school: str
    outcome: int


def note(connection: Connection, deed: Deed) -> None:
    """Keep a deed."""
    connection.execute(insert(_a).values(**{name: getattr(deed, name) for name in Deed.__dataclass_fields__}))


def deeds(
    connection: Connection, municipality: str, *, school: str | None = None, actor: str | None = None, newest: int = 500
) -> list[Deed]:
    """List the newest deeds of a municipality, the newest first."""
    columns = [_a.c[name] for name in Deed.__dataclass_fields__]
    query = select(*columns).where(_a.c.municipality == municipality)
    for column, wanted in ((_a.c.school, school), (_a.c.actor, actor)):
        if wanted is not None:
            query = query.where(column == wanted)
    rows = connection.execute(query.order_by(_a.c.id.desc()).limit(newest))
    return [Deed(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name
