"""Notes: what was said on the phone about some occurrences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_n = schema.contact_note


@dataclass(frozen=True, slots=True)
class Note:
    """Notat: what was said, noted by whom and when."""

    occurrence: str
    text: str
    noted_by: str
    noted_at: datetime


def about(connection: Connection, occurrences: Iterable[str]) -> list[Note]:
    """List the notes about some occurrences (by key)."""
    columns = [_n.c[name] for name in Note.__dataclass_fields__]
    return [
        Note(*row)
        for portion in portions(occurrences)
        for row in connection.execute(select(*columns).where(_n.c.occurrence.in_(portion)))
    ]
