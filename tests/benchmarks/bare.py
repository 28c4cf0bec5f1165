"""The limit: rows put in by the database's own driver, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import MetaData, Table, select
from sqlalchemy.engine import Dialect

from kvalitet.adapters.store import Store
from kvalitet.adapters.store.tables.columns import metadata

Statement = tuple[str, list[tuple[Any, ...]]]


def rows_of(store: Store, tables: Sequence[Table] | MetaData = metadata) -> list[Statement]:
    """Read what the store holds as statements and parameters that the driver takes as they are."""
    wanted = tables.sorted_tables if isinstance(tables, MetaData) else tables
    with store.read() as connection:
        return [_statement(table, connection.execute(select(table)).all(), store.engine.dialect) for table in wanted]


def insert(store: Store, statements: Sequence[Statement]) -> Callable[[], object]:
    """Put rows into a database in one transaction."""

    def work() -> None:
        connection = store.engine.raw_connection()
        cursor = connection.cursor()
        if store.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            if rows:
                cursor.executemany(statement, rows)
        cursor.execute("COMMIT") if store.is_sqlite else connection.commit()
        connection.close()

    return work


def count(statements: Sequence[Statement]) -> int:
    """Count the rows."""
    return sum(len(rows) for _, rows in statements)


def _statement(table: Table, rows: Sequence[Any], dialect: Dialect) -> Statement:
    mark = "?" if dialect.name == "sqlite" else "%s"
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join(mark for _ in table.columns)
    binders = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    bound = [tuple(bind(value) if bind else value for bind, value in zip(binders, row, strict=True)) for row in rows]
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})", bound
