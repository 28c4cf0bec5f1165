"""The outbox: every mail as one row, from the change that it announces until it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, LargeBinary, func, insert, literal, or_, select

from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.board import danish_date
from kvalitet.outgoing import HeldFor, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

_m, _a = mail_schema.mail, mail_schema.mail_about


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
    attempted_at: datetime | None
    released_at: datetime | None
    may_be_doubled: bool
    held_for: HeldFor | None

    @property
    def since(self) -> datetime:
        """When it was made, or last let go by a person."""
        return self.released_at or self.created_at


COLUMNS = tuple(_m.c[name] for name in Mail.__dataclass_fields__)
# The largest that the number of a row can be; PostgreSQL refuses to look for a larger one.
LARGEST_NUMBER = 2**31 - 1
# What a person cancelled is not made again; what turned out not to be needed is, if it is needed after all.
_TAKEN = or_(_m.c.state != MailState.CANCELLED.value, _m.c.held_for == HeldFor.PERSON.value)
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


def steps_mailed(connection: Connection, occurrences: Iterable[str], *, today: date) -> dict[str, dict[str, date]]:
    """List the ladder steps that each occurrence (by key) has had a mail for, with the Danish day of the last one.

    Mails from after today were made by a clock that was ahead; whatever they said is still to be said on its day.
    """
    every = list(occurrences)
    found: dict[str, dict[str, date]] = {key: {} for key in every}
    for portion in portions(every):
        query = select(_a.c.occurrence, _a.c.step, _m.c.created_at).join(_m).where(_a.c.occurrence.in_(portion))
        kept = query.where(_TAKEN).order_by(_m.c.created_at)
        for occurrence, step, created_at in connection.execute(kept):
            if (day := danish_date(created_at)) <= today:
                found[occurrence][step] = day
    return found


def people_mailed(connection: Connection, occurrences: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    """List to whom (by address in lower case) there was a mail about each ladder step of some occurrences (by key)."""
    found: dict[tuple[str, str], set[str]] = {}
    for portion in portions(occurrences):
        query = select(_a.c.occurrence, _a.c.step, _m.c.recipient).join(_m).where(_a.c.occurrence.in_(portion), _TAKEN)
        for occurrence, step, recipient in connection.execute(query):
            found.setdefault((occurrence, step), set()).add(recipient.lower())
    return found


def about(connection: Connection, mail: int) -> dict[str, str]:
    """Give the occurrences that a mail is about, each with its ladder step."""
    return {row.occurrence: row.step for row in connection.execute(select(_a).where(_a.c.mail == mail))}


def mail(connection: Connection, identity: int) -> Mail | None:
    """Find one mail."""
    row = connection.execute(select(*COLUMNS).where(_m.c.id == identity)).one_or_none()
    return as_mail(row) if row else None


def written_since(
    connection: Connection, municipality: str, recipient: str, templates: Iterable[str], *, since: datetime
) -> int:
    """Count the mails of some kinds that were written to somebody after an instant."""
    query = select(func.count()).where(_m.c.municipality == municipality, _m.c.created_at > since)
    return connection.execute(query.where(_m.c.recipient == recipient, _m.c.template.in_(list(templates)))).scalar_one()


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
    return [as_mail(row) for row in connection.execute(query)]


def made_between(
    connection: Connection, municipality: str, begins: datetime, ends: datetime, *, waiting: bool
) -> list[Mail]:
    """List the mails that were made in a span, without their bytes; with `waiting` also the older ones that wait."""
    columns = [column if column is not _m.c.content else EMPTY for column in COLUMNS]
    span = (_m.c.created_at >= begins) & (_m.c.created_at < ends)
    still = _m.c.state.in_([MailState.QUEUED.value, MailState.RETRY.value]) & (_m.c.created_at < begins)
    query = select(*columns).where(_m.c.municipality == municipality, or_(span, still) if waiting else span)
    return [as_mail(row) for row in connection.execute(query.order_by(_m.c.created_at, _m.c.id))]


def counts(connection: Connection, municipality: str | None = None) -> dict[MailState, int]:
    """Count mails by state."""
    query = select(_m.c.state, func.count()).group_by(_m.c.state)
    if municipality is not None:
        query = query.where(_m.c.municipality == municipality)
    return {MailState(state): number for state, number in connection.execute(query)}


def counts_held(connection: Connection, municipality: str) -> dict[HeldFor, int]:
    """Count the mails that are held back by what they wait for."""
    held = _m.c.municipality == municipality, _m.c.state == MailState.HELD.value
    query = select(_m.c.held_for, func.count()).where(*held).group_by(_m.c.held_for)
    return {HeldFor(reason): number for reason, number in connection.execute(query)}


def as_mail(row: Any) -> Mail:
    """Read a row that was asked for by COLUMNS, and perhaps more."""
    found = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name
    values = {name: found[name] for name in Mail.__dataclass_fields__}
    held_for = values["held_for"]
    return Mail(**values | {"state": MailState(values["state"]), "held_for": HeldFor(held_for) if held_for else None})
