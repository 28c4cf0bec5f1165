from datetime import UTC, datetime

from kvalitet.adapters.store import Store, log
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
    store.marker._connection.close()  # noqa: SLF001 -- as the server or the disk would
    assert store.marker.mark() is None
    assert store.marker.mark() not in {None, before}


def test_a_database_that_each_connection_has_to_itself_has_no_mark() -> None:
    store = Store.open("sqlite://")
    assert Marker(store.engine).mark() is None
    store.close()
