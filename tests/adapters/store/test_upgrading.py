import pytest
from sqlalchemy import inspect, text

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.store import Store, upgrade
from kvalitet.adapters.store.database.upgrading import differences, is_current
from kvalitet.adapters.store.tables.columns import metadata


def test_the_migrations_make_the_tables_that_are_declared(database_url: str) -> None:
    assert differences(database_url) == []


def test_an_empty_database_gets_every_table(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    store = Store.open(empty_database_url)
    names = set(inspect(store.engine).get_table_names())
    store.close()
    assert names == {*metadata.tables, "alembic_version"}


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    assert differences(database_url) == []


def test_a_migrated_database_is_current(store: Store) -> None:
    assert is_current(store) is True


def test_an_empty_database_is_not_current(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    current = is_current(store)
    store.close()
    assert current is False


def test_a_database_from_a_newer_version_is_refused_and_untouched(database_url: str) -> None:
    store = Store.open(database_url)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(OperationError, match="nyere udgave"):
        upgrade(database_url)
    with store.read() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    store.close()
    assert version == "9999"
