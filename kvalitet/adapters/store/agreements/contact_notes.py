"""Contact notes: what was said on the phone about a deliverable; for the administration's own eyes, and in no mail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, insert, select

from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.days import SchoolYear

_n, _o = schema.contact_note, schema.occurrence


@dataclass(frozen=True, slots=True)
class ContactNote:
    """Opkald: what was said, noted by whom and when; `title` is what it was about."""

    occurrence: str
    title: str
    text: str
    noted_by: str
    noted_at: datetime


def add(connection: Connection, occurrence: str, *, text: str, by: str, now: datetime) -> None:
    """Keep a note."""
    connection.execute(insert(_n).values(occurrence=occurrence, text=text, noted_by=by, noted_at=now))


def of_occurrence(connection: Connection, occurrence: str) -> list[ContactNote]:
    """List the notes about an occurrence, newest first."""
    query = _NOTES.where(_n.c.occurrence == occurrence)
    return [ContactNote(*row) for row in connection.execute(query)]


def of_school(connection: Connection, municipality: str, school: str, school_year: SchoolYear) -> list[ContactNote]:
    """List the notes about a school's deliverables of a school year, newest first."""
    ours = _o.c.municipality == municipality, _o.c.school == school, _o.c.school_year == school_year.start
    return [ContactNote(*row) for row in connection.execute(_NOTES.where(*ours))]


def counts(connection: Connection, municipality: str, school_year: SchoolYear) -> dict[str, int]:
    """Count the notes about each occurrence (by key) of a school year that has any."""
    is_ours = and_(_o.c.municipality == municipality, _o.c.school_year == school_year.start)
    # There are few notes: they are walked through, and not the whole year.
    query = select(_n.c.occurrence).where(select(is_ours).where(_o.c.key == _n.c.occurrence).scalar_subquery())
    return Counter(connection.scalars(query))


_NOTES = (
    select(_n.c.occurrence, _o.c.title, _n.c.text, _n.c.noted_by, _n.c.noted_at)
    .join(_o, _o.c.key == _n.c.occurrence)
    .order_by(_n.c.noted_at.desc(), _n.c.id.desc())
)
