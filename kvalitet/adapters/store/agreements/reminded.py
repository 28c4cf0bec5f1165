"""Reminded: when each deliverable was last reminded of by a mail that left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from kvalitet.adapters.store.tables import mail_schema, schema
from kvalitet.outgoing import MailState
from kvalitet.reminders import OPENING
from kvalitet.wheel import Kind, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.days import SchoolYear

_a, _m, _o = mail_schema.mail_about, mail_schema.mail, schema.occurrence


def last(connection: Connection, municipality: str, school_year: SchoolYear, *, until: datetime) -> dict[str, datetime]:
    """Give by occurrence when the last mail about it left; what only says that it opens is no reminder."""
    query = (
        select(_a.c.occurrence, func.max(_m.c.sent_at, type_=_m.c.sent_at.type))
        .join(_m, _m.c.id == _a.c.mail)
        .join(_o, _o.c.key == _a.c.occurrence)
        .where(
            _o.c.municipality == municipality,
            _o.c.school_year == school_year.start,
            _o.c.kind == Kind.DELIVERABLE.value,
            _m.c.template.in_([stage.value for stage in Stage]),
            _m.c.state == MailState.SENT.value,
            _m.c.sent_at <= until,
            _a.c.step != OPENING,
        )
        .group_by(_a.c.occurrence)
    )
    return {key: sent_at for key, sent_at in connection.execute(query)}  # noqa: C416 -- rows are no pairs to mypy
