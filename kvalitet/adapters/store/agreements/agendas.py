"""Agendas: what one meeting is about, beside what the wheel says of all of its kind; the log keeps every version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from kvalitet.adapters.store import log
from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kvalitet.occurrences import Occurrence

WRITTEN = "agenda_written"
_e = schema.event


@dataclass(frozen=True, slots=True)
class Agenda:
    """Dagsorden: the text of one meeting, who wrote it and when."""

    text: str
    written_by: str
    written_at: datetime


def agenda(connection: Connection, occurrence: str) -> Agenda | None:
    """Find the agenda of a meeting; None when it has none of its own."""
    return agendas(connection, [occurrence]).get(occurrence)


def agendas(connection: Connection, occurrences: Iterable[str]) -> dict[str, Agenda]:
    """List the agendas of those of some meetings (by key) that have one of their own."""
    columns = (_e.c.occurrence, _e.c.detail, _e.c.actor, _e.c.at)
    found: dict[str, Agenda] = {}
    for portion in portions(occurrences):
        query = select(*columns).where(_e.c.occurrence.in_(portion), _e.c.event == WRITTEN).order_by(_e.c.id)
        for key, *said in connection.execute(query):
            found[key] = Agenda(*said)
    return {key: newest for key, newest in found.items() if newest.text}


def write(connection: Connection, occurrence: Occurrence, text: str, *, by: str, now: datetime) -> None:
    """Keep the agenda of a meeting in place of the one before; an empty one takes it away."""
    ours = (_e.c.occurrence == occurrence.key) & (_e.c.event == WRITTEN)
    number = connection.execute(select(func.count()).select_from(_e).where(ours)).scalar_one() + 1
    log.tell(connection, log.about(WRITTEN, occurrence, at=now, suffix=f":{number}", detail=text, actor=by))
