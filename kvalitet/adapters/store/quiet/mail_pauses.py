"""Paused sending: no mail of a municipality, or of any, leaves until a person lets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from kvalitet.adapters.store import log
from kvalitet.adapters.store.log import Event, insert_once
from kvalitet.adapters.store.tables import mail_schema

if TYPE_CHECKING:
    from datetime import datetime

_p = mail_schema.mail_pause
# Stands for every municipality.
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class MailPause:
    """Pause i afsendelsen: of one municipality, or of all ("")."""

    municipality: str
    reason: str
    paused_by: str
    paused_at: datetime


def pause(connection: Connection, municipality: str, *, reason: str, by: str, now: datetime) -> bool:
    """Send nothing more until it is resumed; tell whether that is new."""
    values = {"municipality": municipality, "reason": reason, "paused_by": by, "paused_at": now}
    is_new = insert_once(connection, _p, values)
    if is_new:
        log.tell(connection, _event("mail_paused", municipality, reason, now, by))
    return is_new


def resume(connection: Connection, municipality: str, *, now: datetime, by: str = "") -> bool:
    """Send again; tell whether it was paused."""
    was_paused = connection.execute(delete(_p).where(_p.c.municipality == municipality)).rowcount == 1
    if was_paused:
        log.tell(connection, _event("mail_resumed", municipality, "", now, by))
    return was_paused


def pauses(connection: Connection, municipality: str | None = None) -> list[MailPause]:
    """List the pauses, or those that keep one municipality's mails, that of all first."""
    query = select(*(_p.c[name] for name in MailPause.__dataclass_fields__)).order_by(_p.c.municipality)
    if municipality is not None:
        query = query.where(_p.c.municipality.in_([municipality, EVERYBODY]))
    return [MailPause(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- SQLAlchemy's public name


def _event(event: str, municipality: str, detail: str, now: datetime, by: str) -> Event:
    key = f"{event}:{municipality}:{now.isoformat()}"
    return Event(key=key, at=now, event=event, municipality=municipality, detail=detail, actor=by)
