"""Mails: the outbox by state, kind, school, recipient, words and day, and the mails about some occurrences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from kvalitet.adapters.store import outbox
from kvalitet.adapters.store.database.many import portions
from kvalitet.adapters.store.searches.portion import Portion, Span, count
from kvalitet.adapters.store.tables import mail_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.outgoing import MailState

_m, _a = mail_schema.mail, mail_schema.mail_about
_COLUMNS = [column if column is not _m.c.content else outbox.EMPTY for column in outbox.COLUMNS]
_NEWEST_FIRST = _m.c.created_at.desc(), _m.c.id.desc()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Søgning i udbakken: "" or None where it does not matter.

    `recipient` is part of a name or an address, and `subject` part of what the subject says.
    """

    state: MailState | None = None
    kind: str = ""
    school: str = ""
    recipient: str = ""
    subject: str = ""
    span: Span | None = None


def search(connection: Connection, municipality: str, wanted: Wanted, *, skip: int, limit: int) -> Portion[Mail]:
    """Find a municipality's mails without their bytes, newest first."""
    query = select(*_COLUMNS).where(_m.c.municipality == municipality, *_conditions(wanted))
    found = connection.execute(query.order_by(*_NEWEST_FIRST).offset(skip).limit(limit))
    total = count(connection, select(_m.c.id).where(_m.c.municipality == municipality, *_conditions(wanted)))
    return Portion(tuple(map(outbox.as_mail, found)), total)


def kinds(connection: Connection, municipality: str) -> list[str]:
    """List the kinds of mails that a municipality has made."""
    return list(connection.scalars(select(_m.c.template).where(_m.c.municipality == municipality).distinct()))


def about(
    connection: Connection, occurrences: Iterable[str], *, school: str | None = None, people: Iterable[str] = ()
) -> list[Mail]:
    """List the mails about some occurrences (by key); those of one school: its own, and those to its people."""
    addresses = [address.lower() for address in people]
    concerns = [or_(_m.c.school == school, func.lower(_m.c.recipient).in_(addresses))] if school else []
    found: dict[int, Mail] = {}
    for portion in portions(occurrences):
        wanted = _m.c.id.in_(select(_a.c.mail).where(_a.c.occurrence.in_(portion)))
        for row in connection.execute(select(*_COLUMNS).where(wanted, *concerns)):
            found[row.id] = outbox.as_mail(row)
    return list(found.values())


def about_nothing(connection: Connection, municipality: str, *, school: str, span: Span) -> list[Mail]:
    """List the mails of a school in a span that are about no occurrence."""
    ours = _m.c.municipality == municipality, _m.c.school == school, _m.c.id.not_in(select(_a.c.mail))
    query = select(*_COLUMNS).where(*ours, _m.c.created_at >= span.since, _m.c.created_at < span.until)
    return [outbox.as_mail(row) for row in connection.execute(query)]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    exact: dict[Any, str] = {
        _m.c.state: wanted.state.value if wanted.state else "",
        _m.c.template: wanted.kind,
        _m.c.school: wanted.school,
    }
    found = [column == value for column, value in exact.items() if value]
    if wanted.recipient:
        found.append(or_(*(_holds(column, wanted.recipient) for column in (_m.c.recipient, _m.c.recipient_name))))
    if wanted.subject:
        found.append(_holds(_m.c.subject, wanted.subject))
    if wanted.span:
        found += [_m.c.created_at >= wanted.span.since, _m.c.created_at < wanted.span.until]
    return found


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """Ask for a part of a text, whatever its case."""
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found
