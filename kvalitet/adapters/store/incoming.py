"""Incoming mails: each that came back is kept once, with what became of it and whether a person has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, func, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import mail_schema

if TYPE_CHECKING:
    from datetime import datetime

_i, _m, _k = mail_schema.incoming, mail_schema.mail, mail_schema.address_mark


class IncomingKind(StrEnum):
    """Den indkomne mails slags; only what a person wrote waits for a person."""

    HUMAN = "human"
    FILE = "file"
    ANSWER = "answer"
    SET_ASIDE = "set_aside"
    BOUNCE = "bounce"
    DELAY = "delay"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class NewIncoming:
    """Ny indkommen mail, before anybody knows what it is about."""

    key: str
    sender: str
    subject: str
    text: str
    content: bytes
    kind: IncomingKind
    is_confirmed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Indkommen mail: a row of the inbox; `mail` is the one of ours that it answers."""

    id: int
    municipality: str | None
    received_at: datetime
    kind: IncomingKind
    sender: str
    subject: str
    text: str
    mail: int | None
    occurrence: str | None
    is_confirmed: bool
    detail: str
    handled_at: datetime | None
    handled_by: str

    @property
    def awaits_a_person(self) -> bool:
        """Tell whether somebody is to read it and has not."""
        return self.kind is IncomingKind.HUMAN and self.handled_at is None


@dataclass(frozen=True, slots=True)
class Attention:
    """Opmærksomhed: how many mails wait to be read by a person, and how many addresses bounce."""

    unread: int
    bouncing: int


# How the name of a thread begins, which is no mail's own message id.
THREAD = "<thread."
MOST_LOOKED_THROUGH = 50
_COLUMNS = tuple(_i.c[name] for name in Incoming.__dataclass_fields__)
_AWAITS = (_i.c.kind == IncomingKind.HUMAN.value) & _i.c.handled_at.is_(None)


def keep(connection: Connection, new: NewIncoming, *, now: datetime) -> int | None:
    """Keep a mail that came, and give its number; None when it was kept before."""
    values = {name: getattr(new, name) for name in NewIncoming.__dataclass_fields__}
    if not insert_once(connection, _i, {**values, "kind": new.kind.value, "received_at": now}):
        return None
    identity: int = connection.execute(select(_i.c.id).where(_i.c.key == new.key)).scalar_one()
    return identity


def place(connection: Connection, identity: int, **values: object) -> None:
    """Note what a mail turned out to be about."""
    connection.execute(update(_i).where(_i.c.id == identity).values(**values))


def handle(connection: Connection, municipality: str, identity: int, *, by: str, now: datetime) -> bool:
    """Note that a person has dealt with a mail; tell whether it still waited for one."""
    waiting = (_i.c.id == identity) & (_i.c.municipality == municipality) & _i.c.handled_at.is_(None)
    return connection.execute(update(_i).where(waiting).values(handled_at=now, handled_by=by)).rowcount == 1


def one(connection: Connection, identity: int) -> Incoming | None:
    """Find a mail by its number."""
    row = connection.execute(select(*_COLUMNS).where(_i.c.id == identity)).one_or_none()
    return _as_incoming(row) if row else None


def content(connection: Connection, identity: int) -> bytes:
    """Give the mail as it came."""
    return bytes(connection.execute(select(_i.c.content).where(_i.c.id == identity)).scalar_one())


def listing(
    connection: Connection, municipality: str | None, *, kind: IncomingKind | None = None, limit: int | None = None
) -> list[Incoming]:
    """List what came: first what waits for a person, then the newest; without a municipality, that of all."""
    query = select(*_COLUMNS).order_by(case((_AWAITS, 0), else_=1), _i.c.received_at.desc(), _i.c.id.desc())
    if municipality is not None:
        query = query.where(_i.c.municipality == municipality)
    if kind is not None:
        query = query.where(_i.c.kind == kind.value)
    return [_as_incoming(row) for row in connection.execute(query.limit(limit))]


def set_aside(connection: Connection, occurrence: str) -> list[Incoming]:
    """List the answers about an occurrence that do not count, oldest first."""
    wanted = (_i.c.occurrence == occurrence) & (_i.c.kind == IncomingKind.SET_ASIDE.value)
    rows = connection.execute(select(*_COLUMNS).where(wanted).order_by(_i.c.received_at, _i.c.id))
    return [_as_incoming(row) for row in rows]


def counts(connection: Connection, municipality: str) -> dict[IncomingKind, int]:
    """Count a municipality's mails by kind."""
    query = select(_i.c.kind, func.count()).where(_i.c.municipality == municipality).group_by(_i.c.kind)
    return {IncomingKind(kind): number for kind, number in connection.execute(query)}


def attention(connection: Connection, municipality: str) -> Attention:
    """Count what a person should look at: unread mails from people, and addresses that bounce."""
    unread = select(func.count()).where(_AWAITS, _i.c.municipality == municipality)
    bouncing = select(func.count()).select_from(_k).where(_k.c.municipality == municipality)
    return Attention(connection.execute(unread).scalar_one(), connection.execute(bouncing).scalar_one())


@dataclass(frozen=True, slots=True)
class OurMail:
    """Vores mail, that something came back for."""

    id: int
    municipality: str
    recipient: str
    occurrence: str | None


def ours_by_message_id(connection: Connection, message_ids: tuple[str, ...]) -> OurMail | None:
    """Find our mail by the first of some message ids that is one of ours."""
    for message_id in message_ids:
        if found := _ours(connection, _m.c.message_id == message_id):
            return found
    return None


def ours_in_thread(connection: Connection, message_ids: tuple[str, ...], address: str) -> OurMail | None:
    """Find the newest of our mails to an address that lies in a thread of ours.

    Some mail servers give each mail that they send on a new message id; the name of the thread stays in References.
    """
    threads = [message_id.encode() for message_id in message_ids if message_id.startswith(THREAD)]
    if not threads or not address:
        return None
    sent = (func.lower(_m.c.recipient) == address, _m.c.sent_at.is_not(None))
    query = select(_m.c.id, _m.c.content).where(*sent).order_by(_m.c.sent_at.desc()).limit(MOST_LOOKED_THROUGH)
    for row in connection.execute(query):
        if any(thread in bytes(row.content) for thread in threads):
            return _ours(connection, _m.c.id == row.id)
    return None


def last_to(connection: Connection, address: str) -> OurMail | None:
    """Find the newest mail that was sent to an address."""
    return _ours(connection, func.lower(_m.c.recipient) == address, _m.c.sent_at.is_not(None))


def mark_bounced(connection: Connection, mail: int, *, now: datetime) -> None:
    """Note that a mail came back; the first time stands."""
    connection.execute(update(_m).where(_m.c.id == mail, _m.c.bounced_at.is_(None)).values(bounced_at=now))


def _ours(connection: Connection, *wanted: Any) -> OurMail | None:
    query = select(_m.c.id, _m.c.municipality, _m.c.recipient).where(*wanted).order_by(_m.c.sent_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    about = mail_schema.mail_about
    keys = connection.scalars(select(about.c.occurrence).where(about.c.mail == row.id).limit(2)).all()
    return OurMail(row.id, row.municipality, row.recipient, keys[0] if len(keys) == 1 else None)


def _as_incoming(row: Any) -> Incoming:
    return Incoming(**{**row._mapping, "kind": IncomingKind(row.kind)})  # noqa: SLF001 -- SQLAlchemy's public name
