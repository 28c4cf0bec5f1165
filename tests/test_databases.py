"""The databases of the tests: what one test has written or changed, the next one never meets."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kvalitet.adapters.store import Store, log, upgrade
from tests.builders import instant
from tests.databases import ReusedPostgres

pytestmark = pytest.mark.postgresql
NOW = instant("2026-09-01")


def write(url: str, *statements: str) -> None:
    store = Store.open(url)
    with store.write() as connection:
        log.tell(connection, log.Event("key", NOW, "event", "proeveby"))
        for statement in statements:
            connection.execute(text(statement))
    store.close()


def lent(reused: ReusedPostgres, *statements: str) -> str:
    """Borrow a database, find it empty, and write to it."""
    with reused.lent() as url:
        store = Store.open(url)
        with store.read() as connection:
            assert log.events(connection) == []
        store.close()
        write(url, *statements)
    return url


def test_a_database_is_lent_again_empty_and_with_its_numbers_from_the_beginning(
    reused_postgres: ReusedPostgres,
) -> None:
    first = lent(reused_postgres)
    with reused_postgres.lent() as url:
        assert url == first
        write(url)
        store = Store.open(url)
        with store.read() as connection:
            assert connection.execute(text("SELECT id FROM event")).scalar_one() == 1
        store.close()


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE waiver",
        "ALTER TABLE waiver ADD COLUMN more text",
        "DROP TRIGGER audit_change ON audit",
        "CREATE SCHEMA other",
        "UPDATE alembic_version SET version_num = 'newer'",
    ],
)
def test_a_database_that_was_changed_is_not_lent_again(reused_postgres: ReusedPostgres, change: str) -> None:
    changed = lent(reused_postgres, change)
    with reused_postgres.lent() as url:
        assert url != changed
        upgrade(url)


def test_whoever_still_holds_a_database_is_sent_away(reused_postgres: ReusedPostgres) -> None:
    with reused_postgres.lent() as url:
        store = Store.open(url)
        holding = store.engine.connect()
        holding.execute(text("LOCK TABLE waiver"))
    assert lent(reused_postgres) == url
    holding.invalidate()
    store.close()
