"""The outbox: every mail as one row, from the change that it announces until it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, LargeBinary, case, func, insert, literal, or_, select, update

from kvalitet.adapters.store import mail_schema
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.many import portions
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

_m, _a = mail_schema.mail, mail_schema.mail_about

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
LEASE = timedelta(minutes=10)
# Stands as the reason of a mail that may reach its reader twice; it is kept when the mail is sent.
INTERRUPTED = "En tidligere afsendelse blev afbrudt, så mailen kan være kommet frem to gange."


class MailState(StrEnum):
    """Mailens tilstand, from queued to sent, failed, uncertain, held or cancelled."""

    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"
    CANCELLED = "cancelled"


class HeldFor(StrEnum):
    """Hvad en tilbageholdt mail venter på: a person, the surge guard's release, or an address that works."""

    PERSON = "person"
    SURGE = "surge"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class NewMail:
    """Ny mail: rendered to its final bytes; `about` maps occurrence keys to ladder steps, `dues` to due dates."""

    municipality: str
    key: str
    template: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    content: bytes
    about: Mapping[str, str]
    school: str | None = None
    activity: str | None = None
    expires_at: datetime | None = None
    dues: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail: a row of the outbox."""

    id: int
    municipality: str
    key: str
    template: str
    recipient: str
    recipient_name: str
    school: str | None
    activity: str | None
    subject: str
    message_id: str
    content: bytes
    state: MailState
    created_at: datetime
    not_before: datetime
    expires_at: datetime | None
    attempts: int
    sent_at: datetime | None
    reason: str


COLUMNS = tuple(_m.c[name] for name in Mail.__dataclass_fields__)
EMPTY = literal(b"", LargeBinary).label("content")


def enqueue(connection: Connection, new: NewMail, *, now: datetime) -> bool:
    """Put a mail into the outbox unless its key is there; tell whether it was new."""
    values = {name: getattr(new, name) for name in NewMail.__dataclass_fields__ if name not in {"about", "dues"}}
    values |= {"state": MailState.QUEUED.value, "created_at": now, "not_before": now}
    if not insert_once(connection, _m, values):
        return False
    identity = connection.execute(select(_m.c.id).where(_m.c.key == new.key)).scalar_one()
    rows = [
        {"mail": identity, "occurrence": key, "step": step, "due": new.dues.get(key)} for key, step in new.about.items()
    ]
    if rows:
        connection.execute(insert(_a), rows)
    return True


def exists(connection: Connection, key: str) -> bool:
    """Tell whether a mail with this key was ever put into the outbox."""
    return connection.execute(select(_m.c.id).where(_m.c.key == key)).first() is not None


def existing(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Find which of some keys belong to mails that were ever put into the outbox."""
    found: set[str] = set()
    for portion in portions(keys):
        found.update(connection.scalars(select(_m.c.key).where(_m.c.key.in_(portion))))
    return found


def steps_mailed(connection: Connection, occurrences: Iterable[str]) -> dict[str, dict[str, date]]:
    """List the ladder steps that each occurrence (by key) has had a mail for, with the Danish day of the last one."""
    every = list(occurrences)
    found: dict[str, dict[str, date]] = {key: {} for key in every}
    for portion in portions(every):
        query = select(_a.c.occurrence, _a.c.step, _m.c.created_at).join(_m).where(_a.c.occurrence.in_(portion))
        kept = query.where(_m.c.state != MailState.CANCELLED.value).order_by(_m.c.created_at)
        for occurrence, step, created_at in connection.execute(kept):
            found[occurrence][step] = danish_date(created_at)
    return found


def claim(connection: Connection, *, worker: str, now: datetime, limit: int = 1) -> list[Mail]:
    """Take the next mails to send, so that no other worker takes them before the lease is over."""
    free = or_(
        (_m.c.state.in_([MailState.QUEUED.value, MailState.RETRY.value])) & (_m.c.not_before <= now),
        (_m.c.state == MailState.IN_FLIGHT.value) & (_m.c.lease_until <= now),
    )
    chosen = select(_m.c.id).where(free).order_by(_m.c.not_before, _m.c.id).limit(limit)
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    keys = [identity for (identity,) in connection.execute(chosen)]
    if not keys:
        return []
    values = {
        "state": MailState.IN_FLIGHT.value,
        "lease_until": now + LEASE,
        "worker": worker,
        "attempts": _m.c.attempts + 1,
        "reason": case((_m.c.state == MailState.IN_FLIGHT.value, INTERRUPTED), else_=_m.c.reason),
    }
    connection.execute(update(_m).where(_m.c.id.in_(keys)).values(**values))
    rows = connection.execute(select(*COLUMNS).where(_m.c.id.in_(keys)).order_by(_m.c.not_before, _m.c.id))
    return [_as_mail(row) for row in rows]


def mark_sent(connection: Connection, mail: int, *, now: datetime, reason: str = "") -> None:
    """Note that the mail was accepted by the server or laid into the local mailbox."""
    query = update(_m).where(_m.c.id == mail)
    connection.execute(query.values(state=MailState.SENT.value, sent_at=now, lease_until=None, reason=reason))


def mark_retry(connection: Connection, mail: Mail, *, reason: str, now: datetime) -> None:
    """Let a mail wait, longer for each try."""
    pause = min(FIRST_PAUSE * 2 ** (mail.attempts - 1), LONGEST_PAUSE)
    _set(connection, mail.id, state=MailState.RETRY.value, not_before=now + pause, lease_until=None, reason=reason)


def mark_failed(connection: Connection, mail: int, *, reason: str) -> None:
    """Note that the mail will not be tried again unless a person asks."""
    _set(connection, mail, state=MailState.FAILED.value, lease_until=None, reason=reason)


def mark_uncertain(connection: Connection, mail: int, *, reason: str) -> None:
    """Note that nobody can tell whether the mail arrived."""
    _set(connection, mail, state=MailState.UNCERTAIN.value, lease_until=None, reason=reason)


def cancel(connection: Connection, mail: int, *, reason: str) -> None:
    """Take a mail out of the queue for a reason that is shown."""
    _set(connection, mail, state=MailState.CANCELLED.value, lease_until=None, reason=reason)


def hold_back(connection: Connection, mail: int, *, held_for: HeldFor, reason: str) -> None:
    """Let a mail wait until what it is held for is in order."""
    _set(connection, mail, state=MailState.HELD.value, held_for=held_for.value, lease_until=None, reason=reason)


def retry(connection: Connection, mail: int, *, now: datetime) -> bool:
    """Let a failed, uncertain or waiting mail be tried at once; tell whether it was one of those."""
    stuck = [MailState.FAILED.value, MailState.UNCERTAIN.value, MailState.RETRY.value]
    query = update(_m).where(_m.c.id == mail, _m.c.state.in_(stuck))
    return connection.execute(query.values(state=MailState.QUEUED.value, not_before=now, reason="")).rowcount == 1


def about(connection: Connection, mail: int) -> dict[str, str]:
    """Give the occurrences that a mail is about, each with its ladder step."""
    return {row.occurrence: row.step for row in connection.execute(select(_a).where(_a.c.mail == mail))}


def dues(connection: Connection, mail: int) -> dict[str, date]:
    """Give the due dates that a mail names, by occurrence."""
    rows = connection.execute(select(_a).where(_a.c.mail == mail, _a.c.due.is_not(None)))
    return {row.occurrence: row.due for row in rows}


def mail(connection: Connection, identity: int) -> Mail | None:
    """Find one mail."""
    row = connection.execute(select(*COLUMNS).where(_m.c.id == identity)).one_or_none()
    return _as_mail(row) if row else None


def mails(  # noqa: PLR0913 -- each narrows the list
    connection: Connection,
    municipality: str | None = None,
    *,
    state: MailState | None = None,
    occurrence: str | None = None,
    school: str | None = None,
    limit: int | None = None,
    contents: bool = True,
) -> list[Mail]:
    """List mails, newest first; without `contents` the bytes stay where they are, and `content` is empty."""
    columns = COLUMNS if contents else [column if column is not _m.c.content else EMPTY for column in COLUMNS]
    query = select(*columns).order_by(_m.c.created_at.desc(), _m.c.id.desc()).limit(limit)
    if municipality is not None:
        query = query.where(_m.c.municipality == municipality)
    if state is not None:
        query = query.where(_m.c.state == state.value)
    if school is not None:
        query = query.where(_m.c.school == school)
    if occurrence is not None:
        query = query.where(_m.c.id.in_(select(_a.c.mail).where(_a.c.occurrence == occurrence)))
    return [_as_mail(row) for row in connection.execute(query)]


def counts(connection: Connection, municipality: str | None = None) -> dict[MailState, int]:
    """Count mails by state."""
    query = select(_m.c.state, func.count()).group_by(_m.c.state)
    if municipality is not None:
        query = query.where(_m.c.municipality == municipality)
    return {MailState(state): number for state, number in connection.execute(query)}


def _set(connection: Connection, mail: int, **values: object) -> None:
    """Change a mail that is not sent: a slow worker may learn of its failure after another one's success."""
    query = update(_m).where(_m.c.id == mail, _m.c.state != MailState.SENT.value)
    connection.execute(query.values(**values))


def _as_mail(row: Any) -> Mail:
    return Mail(**{**row._mapping, "state": MailState(row.state)})  # noqa: SLF001 -- SQLAlchemy's public name
