"""Revisions: every state of a meeting that calendars were ever told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import mail_schema, schema
from kvalitet.invites import Method, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.announcements import Announcement


@dataclass(frozen=True, slots=True)
class Beside:
    """Sidestykke: another mail to the same person about the same meeting, and whether it may have been sent."""

    id: int
    template: str
    step: str
    may_be_known: bool


_r, _m, _about = schema.revision, mail_schema.mail, mail_schema.mail_about


def keep(connection: Connection, occurrence: str, announcements: Iterable[Announcement]) -> None:
    """Keep the revisions of some announcements; one that is for one person alone is kept with the address."""
    to: dict[Revision, list[str]] = {}
    for announcement in announcements:
        to.setdefault(announcement.revision, []).append(announcement.address)
    for revision, addresses in to.items():
        row = {
            "uid": revision.uid,
            "stamped_at": revision.stamped_at,
            "occurrence": occurrence,
            "sequence": revision.sequence,
            "method": revision.method.value,
            "address": addresses[0] if len(addresses) == 1 else "",
        }
        insert_once(connection, _r, row)


def of(connection: Connection, occurrence: str) -> list[Revision]:
    """List the revisions of a meeting in all its lives, in the order in which they were made."""
    columns = (_r.c.uid, _r.c.sequence, _r.c.stamped_at, _r.c.method)
    query = select(*columns).where(_r.c.occurrence == occurrence).order_by(_r.c.stamped_at)
    rows = connection.execute(query)
    return [Revision(row.uid, row.sequence, row.stamped_at, Method(row.method)) for row in rows]


def other_mails(connection: Connection, mail: Mail, occurrence: str) -> list[Beside]:
    """List what else was written to the same person about a meeting, in the order in which it was made."""
    columns = (_m.c.id, _m.c.template, _about.c.step, _m.c.state, _m.c.attempted_at)
    query = select(*columns).join(_about, _about.c.mail == _m.c.id)
    same = (_about.c.occurrence == occurrence) & (_m.c.recipient == mail.recipient) & (_m.c.id != mail.id)
    rows = connection.execute(query.where(same).order_by(_m.c.id))
    return [Beside(r.id, r.template, r.step, r.state != "cancelled" or r.attempted_at is not None) for r in rows]
