"""Holding: one at a time where a run reads first and writes what it found missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def hold(connection: Connection, name: str) -> None:
    """Let whoever asks for the same name wait until this transaction ends.

    SQLite has one writer at a time anyway; on PostgreSQL two would not see each other's rows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
