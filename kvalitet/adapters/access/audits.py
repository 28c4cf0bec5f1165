"""Audit: who did what on the pages, append-only; the database itself refuses a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert

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
