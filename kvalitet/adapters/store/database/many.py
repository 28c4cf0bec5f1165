"""Many rows at once, in statements that both databases take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Table

PORTION = 500


def insert_each_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose unique keys are not there yet: one statement, however many they are."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def portions(keys: Iterable[str]) -> Iterator[list[str]]:
    """Divide keys into lists that are short enough for one question."""
    every = list(keys)
    for start in range(0, len(every), PORTION):
        yield every[start : start + PORTION]
