from dataclasses import replace
from datetime import date, timedelta

import pytest

from kvalitet.adapters.store import Store
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.pulls import INTERRUPTED, LEASE, Ending, PullKey
from kvalitet.days import SchoolYear
from kvalitet.pulls import PullOutcome
from tests.adapters.store.planned import write
from tests.builders import extract, instant, occurrence

PULL = occurrence(extract(), where=None)
KEY = PullKey("proeveby", PULL.key, "files", SchoolYear(2025))
NOW = instant("2026-11-15")
WAITS = Ending(PullOutcome.NOT_PUBLISHED, "Ikke endnu.", next_try=date(2026, 11, 16))


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [PULL])


def test_one_at_a_time_may_pull_the_same(store: Store) -> None:
    with store.write() as connection:
        first = pulls.begin(connection, KEY, {"year": "2025/26"}, now=NOW)
        assert first is not None
        assert pulls.begin(connection, KEY, {}, now=NOW + timedelta(minutes=1)) is None
        assert pulls.begin(connection, replace(KEY, source="stil"), {}, now=NOW) is not None
        assert pulls.begin(connection, replace(KEY, school_year=SchoolYear(2024)), {}, now=NOW) is not None
        assert pulls.end(connection, first, WAITS, now=NOW) is True
        assert pulls.begin(connection, KEY, {}, now=NOW + timedelta(minutes=2)) is not None


def test_an_ended_try_tells_how_it_went_and_when_the_next_is(store: Store) -> None:
    with store.write() as connection:
        identity = pulls.begin(connection, KEY, {"year": "2025/26"}, now=NOW)
        assert identity is not None
        pulls.end(connection, identity, WAITS, now=NOW + timedelta(seconds=3))
        kept = pulls.pull(connection, identity)
        assert kept is not None
        assert (kept.outcome, kept.detail, kept.next_try) == (WAITS.outcome, WAITS.detail, WAITS.next_try)
        assert (kept.began_at, kept.ended_at) == (NOW, NOW + timedelta(seconds=3))
        assert (kept.request, kept.school_year) == ({"year": "2025/26"}, SchoolYear(2025))
        assert pulls.pull(connection, identity + 1) is None


def test_a_try_that_was_killed_gives_way_when_its_lease_is_over(store: Store) -> None:
    with store.write() as connection:
        killed = pulls.begin(connection, KEY, {}, now=NOW)
        assert pulls.begin(connection, KEY, {}, now=NOW + LEASE - timedelta(seconds=1)) is None
        assert killed is not None
        again = pulls.begin(connection, KEY, {}, now=NOW + LEASE)
        assert again is not None
        assert [(one.id, one.outcome, one.detail) for one in pulls.of_occurrence(connection, PULL.key)] == [
            (again, None, ""),
            (killed, PullOutcome.INTERRUPTED, INTERRUPTED),
        ]
        assert pulls.end(connection, killed, WAITS, now=NOW + LEASE) is False


def test_a_file_that_a_person_gives_is_a_try_that_is_over_at_once(store: Store) -> None:
    key = PullKey("proeveby", None, "import", None)
    ending = Ending(PullOutcome.BROKEN, "Filen er tom.")
    with store.write() as connection:
        for _ in range(2):
            pulls.keep(connection, key, {"label": "tal.csv"}, ending, now=NOW)
        found = pulls.pulls(connection, "proeveby")
        assert [(one.outcome, one.occurrence, one.school_year) for one in found] == [(ending.outcome, None, None)] * 2
        assert pulls.pulls(connection, "proeveby", newest=1) == found[:1]
        assert pulls.of_snapshot(connection, 1) == []
