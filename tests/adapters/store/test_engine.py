import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.store import Store, log
from tests.builders import instant

NOW = instant("2026-09-01")


def told(store: Store) -> list[str]:
    with store.read() as connection:
        return [event.key for event in log.events(connection)]


def tell(connection: Connection, key: str) -> None:
    log.tell(connection, log.Event(key, NOW, "delivered", "proeveby"))


def test_a_writer_that_fails_leaves_nothing_behind(store: Store) -> None:
    def write_and_fail() -> None:
        with store.write() as connection:
            tell(connection, "a")
            tell(connection, "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert told(store) == []


def test_a_writer_that_ends_well_has_written_all(store: Store) -> None:
    with store.write() as connection:
        tell(connection, "a")
        tell(connection, "b")
    assert told(store) == ["a", "b"]


def test_a_row_must_belong_to_an_occurrence_that_is_there(store: Store) -> None:
    statement = "INSERT INTO waiver (occurrence, reason, waived_by, waived_at) VALUES ('no', '', '', '2026-01-01')"
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(text(statement))


def test_an_instant_without_a_time_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 9, 1, 5, 0)  # noqa: DTZ001 -- that is what is refused
    with pytest.raises(StatementError, match="time zone"), store.write() as connection:
        log.tell(connection, log.Event("a", naive, "delivered", "proeveby"))


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    with store.write() as connection:
        tell(connection, "a")
    with store.read() as connection:
        (event,) = log.events(connection)
    assert event.at.isoformat() == "2026-09-01T03:00:00+00:00"


def test_a_database_without_tables_says_which_command_makes_them(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    with pytest.raises(OperationError) as failed, store.read() as connection:
        log.events(connection)
    store.close()
    assert failed.value.message == "Databasen mangler tabeller; kør »kvalitet db upgrade« først."


def test_a_database_that_another_program_keeps_is_said_to_be_busy(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, busy_seconds=0.05)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationError) as failed, store.write() as connection:
            tell(connection, "a")
        other.rollback()
    assert failed.value.message == "Databasen er optaget af et andet program; prøv igen om lidt. Intet er ændret."
    with store.write() as connection:
        tell(connection, "b")
    assert told(store) == ["b"]
    store.close()


def test_readers_go_on_while_somebody_writes(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, busy_seconds=0.05)
    with store.write() as connection:
        tell(connection, "a")
        assert told(store) == []
    assert told(store) == ["a"]
    store.close()


def test_a_file_that_is_no_database_is_told_in_danish(tmp_path: Path) -> None:
    (tmp_path / "kvalitet.db").write_bytes(b"ikke en database" * 100)
    store = Store.open(f"sqlite:///{tmp_path / 'kvalitet.db'}")
    with pytest.raises(OperationError) as failed, store.read() as connection:
        log.events(connection)
    store.close()
    assert failed.value.message == (
        "Databasens fil er beskadiget eller er ingen database; hent en sikkerhedskopi (»kvalitet db restore«)."
    )


def test_a_server_that_does_not_answer_is_told_in_danish() -> None:
    store = Store.open("postgresql://kvalitet@127.0.0.1:1/kvalitet")
    with pytest.raises(OperationError) as failed, store.read() as connection:
        log.events(connection)
    store.close()
    assert failed.value.message.startswith("Databasen svarer ikke som ventet (")


def test_an_address_that_is_none_is_a_fault_of_the_settings() -> None:
    with pytest.raises(UserError) as refused:
        Store.open("kvalitet.db")
    assert refused.value.message == (
        "Databasens adresse kan ikke læses; skriv fx sqlite:///kvalitet.db eller postgresql://…"
    )


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'new' / 'kvalitet.db'}")
    with store.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    assert store.is_sqlite is True
    store.close()


def test_only_a_throw_away_database_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'kvalitet.db'}", throw_away=True)
    with store.read() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 0  # OFF
    store.close()
