"""Settling: what became of a mail that was taken, or was not to be sent after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from kvalitet.adapters.store import log
from kvalitet.adapters.store.log import Event
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import HeldFor, MailState, before

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.outgoing import Ending

_m = mail_schema.mail

_SENT = (
    update(_m)
    .where(_m.c.id == bindparam("mail"), _m.c.state != MailState.SENT.value)
    .values(state=MailState.SENT.value, sent_at=bindparam("now"), lease_until=None, reason=bindparam("why"))
)


def settle(connection: Connection, mail: Mail, ending: Ending, *, worker: str, now: datetime) -> None:
    """Note how a try ended; what a worker learns after its lease counts only when the mail was sent."""
    if ending.state is MailState.SENT:
        connection.execute(_SENT, {"mail": mail.id, "now": now, "why": ending.reason})
        log.tell(connection, _sent(mail, at=now))
        return
    mine = _m.c.state == MailState.IN_FLIGHT.value, _m.c.worker == worker, _m.c.attempts == mail.attempts
    connection.execute(update(_m).where(_m.c.id == mail.id, *mine).values(**changes(ending, mail.attempts)))


def changes(ending: Ending, attempts: int) -> dict[str, object]:
    """Give the columns that an ending changes."""
    values: dict[str, object] = {
        "state": ending.state.value,
        "reason": ending.reason,
        "lease_until": None,
        "may_be_doubled": ending.may_be_doubled,
        "attempts": attempts if ending.counts else attempts - 1,
    }
    return values | ({"not_before": ending.not_before} if ending.not_before else {})


def cancel(connection: Connection, mail: int, *, reason: str) -> None:
    """Take a mail that waits out of the queue: nobody needs it any more."""
    _stop(connection, mail, MailState.CANCELLED, {"reason": reason})


def hold_back(connection: Connection, mail: int, *, held_for: HeldFor, reason: str) -> None:
    """Let a mail wait until what it is held for is in order."""
    _stop(connection, mail, MailState.HELD, {"held_for": held_for.value, "reason": reason})


def _stop(connection: Connection, mail: int, state: MailState, values: dict[str, object]) -> None:
    earlier = [each.value for each in before(state)]
    query = update(_m).where(_m.c.id == mail, _m.c.state.in_(earlier))
    connection.execute(query.values(state=state.value, **values))


def _sent(mail: Mail, *, at: datetime) -> Event:
    return Event(
        key=f"mail_sent:{mail.message_id}",
        at=at,
        event="mail_sent",
        municipality=mail.municipality,
        activity=mail.activity or "",
        school=mail.school or "",
        recipient=mail.recipient,
        message_id=mail.message_id,
        detail=f"{mail.template}: {mail.subject}",
    )
