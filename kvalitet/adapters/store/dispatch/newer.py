"""Newer mails: what waits besides a mail to the same person, or has reached that person the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, or_, select

from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import MailState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail

_m, _a = mail_schema.mail, mail_schema.mail_about
_GONE = (MailState.IN_FLIGHT.value, MailState.SENT.value)
_NEWER = (
    select(_a.c.occurrence)
    .join(_m)
    .where(or_(mail_schema.WAITING, and_(_m.c.attempted_at >= bindparam("morning"), _m.c.state.in_(_GONE))))
    .where(_m.c.id > bindparam("mail"), _m.c.recipient == bindparam("recipient"))
    .where(_m.c.municipality == bindparam("municipality"), _m.c.template.in_(bindparam("templates", expanding=True)))
)


def told_by_newer(connection: Connection, mail: Mail, templates: Iterable[str], *, morning: datetime) -> set[str]:
    """Give the occurrences (by key) that newer mails of some templates tell the same person of.

    They also wait, or have gone since the morning.
    """
    asked = {"mail": mail.id, "morning": morning, "recipient": mail.recipient, "municipality": mail.municipality}
    return set(connection.scalars(_NEWER, {**asked, "templates": sorted(templates)}))
