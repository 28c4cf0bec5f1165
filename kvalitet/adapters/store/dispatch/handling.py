"""Handling: what a person decides about mails that have not been sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, update

from kvalitet.adapters.store import log
from kvalitet.adapters.store.log import Event
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import WAITING, HeldFor, MailState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail

_m = mail_schema.mail

STUCK = frozenset({MailState.FAILED, MailState.UNCERTAIN, MailState.RETRY})
# What is in flight or sent is out of reach.
CANCELLABLE = frozenset(MailState) - {MailState.IN_FLIGHT, MailState.SENT, MailState.CANCELLED}


def retry(connection: Connection, mail: int, *, now: datetime) -> bool:
    """Let a failed, uncertain or waiting mail be tried anew; tell whether it was one of those."""
    doubled = or_(_m.c.may_be_doubled, _m.c.state == MailState.UNCERTAIN.value)
    return _change(connection, mail, STUCK, _queued(now) | {"attempts": 0, "may_be_doubled": doubled})


def hold(connection: Connection, mail: int, *, reason: str) -> bool:
    """Hold a mail that waits until a person lets it go; tell whether it waited."""
    values = {"state": MailState.HELD.value, "held_for": HeldFor.PERSON.value, "reason": reason}
    return _change(connection, mail, WAITING, values)


def release(connection: Connection, mail: int, *, now: datetime) -> bool:
    """Let go a held mail, unless its address is marked; tell whether it was one."""
    query = update(_m).where(_m.c.id == mail, _m.c.state == MailState.HELD.value)
    free = query.where(_m.c.held_for != HeldFor.ADDRESS.value)
    return connection.execute(free.values(**_queued(now))).rowcount == 1


def release_surge(connection: Connection, municipality: str, *, now: datetime) -> int:
    """Let go all mails of a municipality that the surge guard holds; tell how many."""
    query = update(_m).where(_m.c.municipality == municipality, _m.c.state == MailState.HELD.value)
    held = query.where(_m.c.held_for == HeldFor.SURGE.value)
    return connection.execute(held.values(**_queued(now))).rowcount


def cancel(connection: Connection, mail: int, *, reason: str) -> bool:
    """Take a mail out for good, so that it is not made again either; tell whether it could be."""
    values = {"state": MailState.CANCELLED.value, "held_for": HeldFor.PERSON.value, "reason": reason}
    return _change(connection, mail, CANCELLABLE, values)


def tell(connection: Connection, event: str, mail: Mail, *, detail: str, now: datetime, by: str = "") -> None:
    """Write into the log what a person did to a mail."""
    log.tell(
        connection,
        Event(
            key=f"{event}:{mail.id}:{now.isoformat()}",
            at=now,
            event=event,
            municipality=mail.municipality,
            activity=mail.activity or "",
            school=mail.school or "",
            recipient=mail.recipient,
            message_id=mail.message_id,
            detail=detail,
            actor=by,
        ),
    )


def _queued(now: datetime) -> dict[str, object]:
    return {
        "state": MailState.QUEUED.value,
        "not_before": now,
        "released_at": now,
        "held_for": None,
        "reason": "",
    }


def _change(connection: Connection, mail: int, states: frozenset[MailState], values: Mapping[str, object]) -> bool:
    query = update(_m).where(_m.c.id == mail, _m.c.state.in_([state.value for state in states]))
    return connection.execute(query.values(**values)).rowcount == 1
