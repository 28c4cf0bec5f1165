"""Newer mails: what waits besides a mail to the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from kvalitet.adapters.store.tables import mail_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail

_m, _a = mail_schema.mail, mail_schema.mail_about

_NEWER = (
    select(_a.c.occurrence)
    .join(_m)
    .where(mail_schema.WAITING, _m.c.id > bindparam("mail"), _m.c.recipient == bindparam("recipient"))
    .where(_m.c.municipality == bindparam("municipality"), _m.c.template.in_(bindparam("templates", expanding=True)))
)


def told_by_newer(connection: Connection, mail: Mail, templates: Iterable[str]) -> set[str]:
    """Give the occurrences (by key) that newer mails of some templates, which also wait, tell the same person of."""
    asked = {"mail": mail.id, "recipient": mail.recipient, "municipality": mail.municipality}
    return set(connection.scalars(_NEWER, {**asked, "templates": sorted(templates)}))
