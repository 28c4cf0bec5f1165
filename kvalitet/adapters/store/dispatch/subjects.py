"""Subjects: all that is known of what a mail is about, in one query, since it is asked before every mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from kvalitet.adapters.store import facts, plans
from kvalitet.adapters.store.tables import mail_schema, schema

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.occurrences import Occurrence
    from kvalitet.status import Facts

_a, _o = mail_schema.mail_about, schema.occurrence

_OF_MAIL = facts.joined(
    select(*plans.COLUMNS, _a.c.step, _a.c.due.label("shown"), _o.c.dropped_at, *facts.COLUMNS)
    .select_from(_a)
    .join(_o, _o.c.key == _a.c.occurrence)
    .where(_a.c.mail == bindparam("mail"))
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Emne: an occurrence, the step that the mail is sent for, and the due date that it names."""

    occurrence: Occurrence
    step: str
    shown: date
    is_dropped: bool
    facts: Facts


def subjects(connection: Connection, mail: int) -> list[Subject]:
    """Give what a mail is about, with what is known of it now."""
    return [
        Subject(
            occurrence=(occurrence := plans.as_occurrence(row[: len(plans.COLUMNS)])),
            step=row.step,
            shown=row.shown or occurrence.due,
            is_dropped=row.dropped_at is not None,
            facts=facts.as_facts(row),
        )
        for row in connection.execute(_OF_MAIL, {"mail": mail})
    ]
