"""Claiming: the next mail to send, and what must be looked at before any is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, literal, or_, select, update

from kvalitet.adapters.store.database.holding import hold
from kvalitet.adapters.store.dispatch.settling import changes
from kvalitet.adapters.store.outbox import COLUMNS, as_mail
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import LONGEST_PAUSE, HeldFor, MailState, Trial, interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.outgoing import Rules

_m, _p, _k = mail_schema.mail, mail_schema.mail_pause, mail_schema.address_mark

MINUTE = timedelta(minutes=1)
# A clock that was wrong may have left times that no pause can reach; they count as over.
FURTHEST = LONGEST_PAUSE + timedelta(hours=1)
ABANDONED = "Programmet, der var i gang med at sende den, blev afbrudt."
TOO_MANY = (
    "Der kom {number} mails på én gang, og der sendes højst {most} uden at spørge. "
    "Se dem igennem; frigiv dem, hvis de skal sendes, og annullér dem ellers."
)

_NOT_PAUSED = (
    _m.c.municipality.not_in(select(_p.c.municipality)),
    ~exists(select(literal(1)).where(_p.c.municipality == "")),
)
_MARK = (
    select(_k.c.reason)
    .where(_k.c.municipality == _m.c.municipality, _k.c.address == func.lower(_m.c.recipient))
    .scalar_subquery()
    .label("mark")
)
_NEXT = (
    select(*COLUMNS, _MARK)
    .where(mail_schema.WAITING, _m.c.not_before <= bindparam("until"), _m.c.id <= bindparam("newest"), *_NOT_PAUSED)
    .order_by(_m.c.not_before, _m.c.id)
    .limit(1)
    .with_for_update(of=_m, skip_locked=True)
)
_TAKEN = (
    update(_m)
    .where(_m.c.id == bindparam("mail"))
    .values(
        state=MailState.IN_FLIGHT.value,
        lease_until=bindparam("until"),
        worker=bindparam("by"),
        attempts=bindparam("tries"),
        attempted_at=bindparam("now"),
    )
)
_NEW = (
    _m.c.state == MailState.QUEUED.value,
    _m.c.attempts == 0,
    _m.c.released_at.is_(None),
    _m.c.not_before <= bindparam("now"),
    *_NOT_PAUSED,
)
_ABANDONED = (
    select(_m.c.id, _m.c.key, _m.c.attempts, _m.c.created_at, _m.c.released_at, _m.c.expires_at, _m.c.may_be_doubled)
    .where(_m.c.state == MailState.IN_FLIGHT.value)
    .where(or_(_m.c.lease_until <= bindparam("now"), _m.c.lease_until > bindparam("furthest")))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Den næste mail: `mark` says why its address is marked, None where it is not."""

    mail: Mail
    mark: str | None


def take_back(connection: Connection, rules: Rules, *, now: datetime) -> Iterator[MailState]:
    """Take back the mails whose worker has died; gives the state that each comes into."""
    for row in connection.execute(_ABANDONED, {"now": now, "furthest": now + 2 * rules.lease}).all():
        ending = interrupted(_trial(row), ABANDONED, rules.uncertain, now=now, wait=False)
        connection.execute(update(_m).where(_m.c.id == row.id).values(**changes(ending, row.attempts)))
        yield ending.state


def let_wait_no_longer(connection: Connection, *, now: datetime) -> None:
    """Let go what waits for a time that no pause can reach."""
    beyond = update(_m).where(mail_schema.WAITING, _m.c.not_before > now + FURTHEST)
    connection.execute(beyond.values(not_before=now))


def hold_surge(connection: Connection, rules: Rules, *, now: datetime) -> int:
    """Hold back all new mails of a municipality that has more of them than may go unasked; tell how many."""
    if not rules.surge:
        return 0
    counted = select(_m.c.municipality, func.count()).where(*_NEW).group_by(_m.c.municipality)
    held = 0
    for municipality, number in connection.execute(counted, {"now": now}).all():
        if number > rules.surge:
            reason = TOO_MANY.format(number=number, most=rules.surge)
            values = {"state": MailState.HELD.value, "held_for": HeldFor.SURGE.value, "reason": reason}
            connection.execute(
                update(_m).where(*_NEW, _m.c.municipality == municipality).values(**values), {"now": now}
            )
            held += number
    return held


def is_paused(connection: Connection) -> bool:
    """Tell whether anybody's mails are paused."""
    return connection.execute(select(literal(1)).select_from(_p).limit(1)).first() is not None


def seconds_to_wait(connection: Connection, rate: int, *, now: datetime) -> float:
    """Say how long to wait until the mail server takes one more; no two workers ask this at once."""
    hold(connection, "mail_rate")
    lately = select(_m.c.attempted_at).where(_m.c.attempted_at > now - MINUTE, _m.c.attempted_at <= now)
    earliest = connection.execute(lately.order_by(_m.c.attempted_at.desc()).offset(rate - 1).limit(1)).scalar()
    return (earliest + MINUTE - now).total_seconds() if earliest else 0.0


def newest(connection: Connection) -> int:
    """Give the number of the newest mail."""
    return connection.execute(select(func.max(_m.c.id))).scalar() or 0


def candidate(connection: Connection, *, until: datetime, newest: int) -> Candidate | None:
    """Find the next mail that may go, so that no other worker finds it before this transaction ends.

    Those that came after the `newest` have not been counted by the surge guard.
    """
    row = connection.execute(_NEXT, {"until": until, "newest": newest}).one_or_none()
    return Candidate(as_mail(row), row.mark) if row else None


def take(connection: Connection, mail: Mail, rules: Rules, *, worker: str, now: datetime) -> Mail:
    """Put a mail in flight, so that no other worker takes it before the lease is over."""
    taken = replace(mail, state=MailState.IN_FLIGHT, attempts=mail.attempts + 1, attempted_at=now)
    values = {"mail": mail.id, "until": now + rules.lease, "by": worker, "tries": taken.attempts, "now": now}
    connection.execute(_TAKEN, values)
    return taken


def _trial(row: Row[tuple[object, ...]]) -> Trial:
    since = row.released_at or row.created_at
    return Trial(row.key, row.attempts, since, row.expires_at, row.may_be_doubled)
