"""Marked addresses: nothing more is sent to an address whose mails came back, until a person has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import HeldFor, MailState

if TYPE_CHECKING:
    from datetime import datetime

_k, _m = mail_schema.address_mark, mail_schema.mail


@dataclass(frozen=True, slots=True)
class AddressMark:
    """Mærket adresse: mails to it come back; `mail` is the one that did, where that is known."""

    municipality: str
    address: str
    reason: str
    marked_at: datetime
    mail: int | None


def mark(
    connection: Connection, municipality: str, address: str, *, reason: str, mail: int | None = None, now: datetime
) -> bool:
    """Mark an address, in whatever case it is written; tell whether it was new. The first reason stands."""
    values = {"municipality": municipality, "address": address.lower(), "reason": reason, "marked_at": now}
    return insert_once(connection, _k, values | {"mail": mail})


def clear(connection: Connection, municipality: str, address: str, *, now: datetime) -> int | None:
    """Take the mark away and let go of the mails it held; gives how many, or None where there was no mark."""
    row = _k.c.municipality == municipality, _k.c.address == address.lower()
    if connection.execute(delete(_k).where(*row)).rowcount == 0:
        return None
    waiting = (
        _m.c.state == MailState.HELD.value,
        _m.c.held_for == HeldFor.ADDRESS.value,
        _m.c.municipality == municipality,
        func.lower(_m.c.recipient) == address.lower(),
    )
    queued = {"state": MailState.QUEUED.value, "held_for": None, "not_before": now, "reason": ""}
    return connection.execute(update(_m).where(*waiting).values(**queued)).rowcount


def reason_of(connection: Connection, municipality: str, address: str) -> str | None:
    """Say why an address is marked; None where it is not."""
    query = select(_k.c.reason).where(_k.c.municipality == municipality, _k.c.address == address.lower())
    return connection.execute(query).scalar_one_or_none()


def marked(connection: Connection, municipality: str | None = None) -> list[AddressMark]:
    """List the marked addresses, newest first."""
    query = select(*(_k.c[name] for name in AddressMark.__dataclass_fields__))
    if municipality is not None:
        query = query.where(_k.c.municipality == municipality)
    rows = connection.execute(query.order_by(_k.c.marked_at.desc(), _k.c.address))
    return [AddressMark(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name
