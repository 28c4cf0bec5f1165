"""Row 6 for extracts: a pull that is killed shows nothing half; two at once are one."""

import signal
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.pulls import LEASE
from kvalitet.pulls import PullOutcome
from tests.adapters.store.planned import write
from tests.builders import instant
from tests.faults.nursery import Nursery
from tests.faults.pulling import PLACE, PULL, PullOrder

FIRST, SECOND = instant("2026-11-15"), instant("2026-11-16")
HEAD = "skoleår;institutionsnummer;indikator;værdi;kilde"


def put(home: Path, *values: str) -> None:
    """Lay a file of absence beside the wheel, one figure for each school."""
    folder = home / "municipalities" / PLACE.key / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"2025/26;32300{number};absence;{value};STIL" for number, value in enumerate(values, start=1)]
    (folder / "2025-26.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def on_show(store: Store) -> list[Decimal | None]:
    with store.read() as connection:
        return [found.value for found in snapshots.measurements(connection, PLACE.key)]


def outcomes(store: Store) -> list[PullOutcome | None]:
    with store.read() as connection:
        return [found.outcome for found in pulls.of_occurrence(connection, PULL.key)]


@pytest.mark.parametrize("point", ["begun", "fetched", "committing"])
def test_a_pull_that_is_killed_shows_nothing_half_and_the_next_one_shows_all(
    store: Store, database_url: str, nursery: Nursery, tmp_path: Path, point: str
) -> None:
    write(store, [PULL])
    order = PullOrder(database_url, str(tmp_path), FIRST.isoformat())
    put(tmp_path, "7,3", "5,4", "6,6")
    assert nursery.run(order) == 0
    put(tmp_path, "7,4", "5,5", "6,7")
    killed = PullOrder(database_url, str(tmp_path), SECOND.isoformat(), killed=point)
    assert nursery.run(killed) == -signal.SIGKILL
    assert on_show(store) == [Decimal("7.3"), Decimal("5.4"), Decimal("6.6")]
    with store.read() as connection:
        assert len(snapshots.snapshots(connection, PLACE.key)) == 1
    again = PullOrder(database_url, str(tmp_path), (SECOND + LEASE + timedelta(seconds=1)).isoformat())
    assert nursery.run(again) == 0
    assert on_show(store) == [Decimal("7.4"), Decimal("5.5"), Decimal("6.7")]
    was_begun = [PullOutcome.INTERRUPTED] if point != "begun" else []
    assert outcomes(store) == [PullOutcome.PUBLISHED, *was_begun, PullOutcome.PUBLISHED]


def test_four_workers_at_once_pull_once(store: Store, database_url: str, nursery: Nursery, tmp_path: Path) -> None:
    write(store, [PULL])
    put(tmp_path, "7,3", "5,4", "6,6")
    order = PullOrder(database_url, str(tmp_path), FIRST.isoformat())
    workers = [nursery.start(order) for _ in range(4)]
    assert [nursery.wait(worker) for worker in workers] == [0, 0, 0, 0]
    assert on_show(store) == [Decimal("7.3"), Decimal("5.4"), Decimal("6.6")]
    with store.read() as connection:
        assert len(snapshots.snapshots(connection, PLACE.key)) == 1
    assert outcomes(store).count(PullOutcome.PUBLISHED) == 1
    assert None not in outcomes(store)
