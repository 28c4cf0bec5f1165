"""Plain: columns as the driver gives them, each distinct value made into a day or an instant once.

For reading a whole school year: its many thousand rows share few windows, and what each row costs adds up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, type_coerce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Label, Select

# More than the distinct days of many years; of instants the newest are kept.
MOST = 8192


def plain(column: ColumnElement[Any], name: str) -> Label[Any]:
    """Ask for a column as the driver gives it: SQLite gives days and instants as text."""
    return type_coerce(column, String()).label(name)


def rows(connection: Connection, query: Select[Any], asked: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Ask for rows as the driver gives them; to wrap each of many thousands would cost as much as to ask for them."""
    with connection.execute(query, asked) as result:
        assert result.cursor is not None
        return list(result.cursor.fetchall())


@lru_cache(MOST)
def day(value: str | date) -> date:
    """Read a day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(MOST)
def instant(value: str | datetime | None) -> datetime | None:
    """Read an instant in UTC; SQLite holds it without a time zone."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value and value.astimezone(UTC)
