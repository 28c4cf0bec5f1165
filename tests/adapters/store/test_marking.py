from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from kvalitet.adapters.store import Store, log
from kvalitet.adapters.store.database import marking
from kvalitet.adapters.store.database.lines import PostgresLine
from kvalitet.adapters.store.database.marking import Marker

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


def test_the_mark_stays_while_nothing_is_committed_and_is_another_after_every_commit(store: Store) -> None:
    marks = [store.marker.mark()]
    with store.read() as connection:
        log.heartbeats(connection)
    assert store.marker.mark() == marks[0]
    for number in range(3):
        with store.write() as connection:
            log.beat(connection, f"job {number}", now=NOW)
        marks.append(store.marker.mark())
        assert store.marker.mark() == marks[-1]
    assert None not in marks
    assert len(set(marks)) == 4


def test_what_another_program_commits_changes_the_mark_too(store: Store) -> None:
    before = store.marker.mark()
    other = Store(store.engine.execution_options())
    with other.write() as connection:
        log.beat(connection, "job", now=NOW)
    assert store.marker.mark() != before


def test_a_lost_connection_gives_no_mark_and_then_another_one(store: Store) -> None:
    before = store.marker.mark()
    assert store.marker._line is not None  # noqa: SLF001 -- the server or the disk would hang up so
    store.marker._line.close()  # noqa: SLF001 -- as above
    assert store.marker.mark() is None
    assert store.marker.mark() not in {None, before}


def test_the_mark_that_is_had_at_once_is_the_same_one(store: Store) -> None:
    assert store.marker.mark_at_once() is None  # nobody is to wait for the connection to open
    marks = {store.marker.mark() for _ in range(3)}
    assert {store.marker.mark_at_once() or store.marker.mark() for _ in range(3)} == marks
    assert store.marker.mark_at_once() is not None
    store.marker._line.close()  # type: ignore[union-attr]  # noqa: SLF001 -- as above
    assert store.marker.mark_at_once() is None


def test_nobody_waits_for_a_mark_that_another_is_waiting_for(store: Store) -> None:
    store.marker.mark()
    with store.marker._lock:  # noqa: SLF001 -- as one who waits holds it
        assert store.marker.mark_at_once() is None


def test_a_database_that_each_connection_has_to_itself_has_no_mark() -> None:
    store = Store.open("sqlite://")
    assert Marker(store.engine).mark() is None
    store.close()


@pytest.mark.postgresql
def test_an_answer_that_came_too_late_is_not_taken_for_the_next_ones(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(postgres_url)
    before = store.marker.mark()
    line = store.marker._line  # noqa: SLF001 -- to ask without waiting
    assert isinstance(line, PostgresLine)
    with store.engine.connect() as busy:
        busy.execute(text("SELECT pg_advisory_xact_lock(7)"))
        # The server cannot answer before the lock is let go of.
        monkeypatch.setattr(PostgresLine, "QUESTION", b"SELECT 'late' FROM pg_advisory_xact_lock(7)")
        assert line.ask(0) is None
    monkeypatch.undo()
    assert not line.is_quick
    with store.write() as connection:
        log.beat(connection, "job", now=NOW)
    after = store.marker.mark()
    assert after not in {None, before}
    assert store.marker.mark() == after
    store.close()


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_gives_no_mark(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(postgres_url)
    assert store.marker.mark() is not None
    monkeypatch.setattr(marking, "LONGEST", 0.0)
    assert store.marker.mark() is None
    monkeypatch.undo()
    assert store.marker.mark() is not None
    monkeypatch.setattr(PostgresLine, "QUESTION", b"SELECT nothing")
    assert store.marker.mark() is None
    store.close()
