"""Many at once: limits that hold, accounts and links that are one, on both kinds of database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from kvalitet.adapters.access import accounts, attempts, links, sessions
from kvalitet.adapters.access.attempts import Limit
from kvalitet.adapters.access.openid import rounds
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.tables import access_schema
from kvalitet.rights import Access, Standing
from tests.web.builders import NOON

FEW = Limit("few", 3, timedelta(hours=1))


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """Let so many threads do something at the same time, and list what each was given."""
    found: list[object] = []
    ready = threading.Barrier(count)

    def run() -> None:
        ready.wait()
        found.append(act())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_those_who_try_at_the_same_time_do_not_get_past_the_limit(store: Store) -> None:
    def attempt() -> int:
        with store.write() as connection:
            return attempts.seconds_to_wait(connection, FEW, "a", now=NOON)

    assert sorted(map(str, at_once(12, attempt))) == ["0"] * 3 + ["3600"] * 9


def test_the_wait_ends_although_one_goes_on_trying(store: Store) -> None:
    def wait(minutes: float) -> int:
        with store.write() as connection:
            return attempts.seconds_to_wait(connection, FEW, "a", now=NOON + timedelta(minutes=minutes))

    assert [wait(minutes) for minutes in (0, 10, 20, 30, 59, 60, 61)] == [0, 0, 0, 1800, 60, 0, 540]


def test_limits_and_those_who_try_are_kept_apart(store: Store) -> None:
    other = Limit("other", 3, timedelta(hours=1))
    with store.write() as connection:
        for _ in range(3):
            attempts.seconds_to_wait(connection, FEW, "a", now=NOON)
        waits = [attempts.seconds_to_wait(connection, *who, now=NOON) for who in ((FEW, "a"), (FEW, "b"), (other, "a"))]
    assert waits == [3600, 0, 0]


def test_two_first_logins_of_one_person_are_one_account(store: Store) -> None:
    def log_in() -> int:
        with store.write() as connection:
            return accounts.seen(connection, "https://login.example/", "a", name="A", address="", now=NOON).id

    assert len(set(at_once(8, log_in))) == 1


def test_what_is_granted_twice_at_the_same_time_is_granted_once(store: Store) -> None:
    with store.write() as connection:
        account = accounts.seen(connection, "https://login.example/", "a", name="A", address="", now=NOON)

    def let_in() -> None:
        with store.write() as connection:
            accounts.grant(connection, account.id, Standing("proeveby", Access.READER), by="x", now=NOON)

    at_once(6, let_in)
    with store.read() as connection:
        assert len(accounts.grants(connection, account.id)) == 1


def test_of_links_that_are_asked_for_at_the_same_time_one_works(store: Store) -> None:
    def make() -> str:
        with store.write() as connection:
            return links.make(connection, "proeveby", "a@x.example", now=NOON)

    tokens = [str(token) for token in at_once(6, make)]
    with store.read() as connection:
        assert [links.is_live(connection, token, now=NOON) for token in tokens].count(True) == 1


def test_a_round_is_used_once_by_however_many(store: Store) -> None:
    found = rounds.begin("proeveby", "", now=NOON)

    def use() -> bool:
        with store.write() as connection:
            return rounds.use(connection, found, now=NOON)

    assert at_once(6, use).count(True) == 1


def test_the_key_of_rounds_is_one_for_all_who_ask_for_it_first(store: Store) -> None:
    assert len(set(at_once(6, lambda: rounds.key_of(store)))) == 1


def test_what_is_long_over_is_let_go(store: Store) -> None:
    entry = Entry("proeveby", Method.LINK, address="a@x.example")
    with store.write() as connection:
        for days in (0, 31):
            now = NOON + timedelta(days=days)
            sessions.begin(connection, entry, now=now)
            links.make(connection, "proeveby", "a@x.example", now=now)
            attempts.seconds_to_wait(connection, FEW, "a", now=now)
        tables = (access_schema.session, access_schema.login_link, access_schema.attempt)
        counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
    assert counts == [1, 1, 1]


def test_secrets_are_kept_as_digests_alone(store: Store) -> None:
    with store.write() as connection:
        token = sessions.begin(connection, Entry("proeveby", Method.LINK, address="a@x.example"), now=NOON)
        link = links.make(connection, "proeveby", "a@x.example", now=NOON)
        kept = str(
            [connection.execute(select(table)).all() for table in (access_schema.session, access_schema.login_link)]
        )
    assert (len(token), len(link), token in kept, link in kept) == (43, 43, False, False)
