"""Drafts: what somebody has typed into a form and not delivered yet; one for each occurrence and author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_t = schema.draft


@dataclass(frozen=True, slots=True)
class Draft:
    """Kladde: the texts of a form by place, and the newest version (0: none) when its author began."""

    answers: Mapping[str, str]
    base_version: int
    saved_at: datetime


def save(connection: Connection, occurrence: str, author: str, draft: Draft) -> None:
    """Keep a draft in the place of the one before; an older one, which came late, takes nobody's place."""
    values = {"answers": dict(draft.answers), "base_version": draft.base_version, "saved_at": draft.saved_at}
    row = {"occurrence": occurrence, "author": author, **values}
    if not insert_once(connection, _t, row):
        ours = update(_t).where(_is(occurrence, author), _t.c.saved_at <= draft.saved_at)
        connection.execute(ours.values(**values))


def draft(connection: Connection, occurrence: str, author: str) -> Draft | None:
    """Find somebody's draft."""
    row = connection.execute(select(_t).where(_is(occurrence, author))).one_or_none()
    return Draft(row.answers, row.base_version, row.saved_at) if row else None


def drop(connection: Connection, occurrence: str, author: str) -> None:
    """Throw a draft away."""
    connection.execute(delete(_t).where(_is(occurrence, author)))


def _is(occurrence: str, author: str) -> ColumnElement[bool]:
    return (_t.c.occurrence == occurrence) & (_t.c.author == author)
