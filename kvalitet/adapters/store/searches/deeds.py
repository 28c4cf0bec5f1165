"""Deeds: the audit by who, what, school and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from kvalitet.adapters.access.audits import Deed
from kvalitet.adapters.store.searches.portion import Portion, Span, count
from kvalitet.adapters.store.tables import access_schema

if TYPE_CHECKING:
    from typing import Any

_a = access_schema.audit
_COLUMNS = tuple(_a.c[name] for name in Deed.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Søgning i revisionssporet: "" or None where it does not matter; `actor` is part of a name."""

    actor: str = ""
    action: str = ""
    school: str = ""
    span: Span | None = None


def search(connection: Connection, municipality: str, wanted: Wanted, *, skip: int, limit: int) -> Portion[Deed]:
    """Find what was done on a municipality's pages, newest first."""
    query = select(*_COLUMNS).where(_a.c.municipality == municipality)
    exact: dict[Any, str] = {_a.c.action: wanted.action, _a.c.school: wanted.school}
    query = query.where(*(column == value for column, value in exact.items() if value))
    if wanted.actor:
        query = query.where(_a.c.actor.icontains(wanted.actor, autoescape=True))
    if wanted.span:
        query = query.where(_a.c.at >= wanted.span.since, _a.c.at < wanted.span.until)
    rows = connection.execute(query.order_by(_a.c.id.desc()).offset(skip).limit(limit))
    found = tuple(Deed(**row._mapping) for row in rows)  # noqa: SLF001 -- SQLAlchemy's public name
    return Portion(found, count(connection, query))
