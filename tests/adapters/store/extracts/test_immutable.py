from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.extracts import baselines, pulls, reviews
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.extracts.reviews import Ruling, SnapshotDecision
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement
from kvalitet.pulls import Finding, PullOutcome
from tests.adapters.store.planned import write
from tests.builders import extract, instant, occurrence

PULL = occurrence(extract(), where=None)
NOW = instant("2026-11-15")
FIGURE = Measurement(
    indicator="absence", school_year=SchoolYear(2025), unit="323001", source="STIL", value=Decimal("7.3")
)


@pytest.fixture(autouse=True)
def _kept(store: Store) -> None:
    write(store, [PULL])
    with store.write() as connection:
        new = NewSnapshot("proeveby", PULL.key, "files", {}, b"raw", (FIGURE,))
        kept, _ = snapshots.add(connection, new, now=NOW)
        snapshots.publish(connection, kept.id, now=NOW)
        reviews.add_findings(connection, kept.id, [Finding(why="for højt")])
        reviews.decide(connection, SnapshotDecision(kept.id, Ruling.RELEASED, "set", "direktør", NOW))
        baselines.fix(connection, "proeveby", [FIGURE], now=NOW)
        key = PullKey("proeveby", PULL.key, "files", SchoolYear(2025))
        pulls.keep(connection, key, {}, Ending(PullOutcome.PUBLISHED, "1 tal", kept.id), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE snapshot SET raw = 'other'",
        "UPDATE snapshot SET sha256 = ''",
        "UPDATE snapshot SET published_at = NULL",
        "DELETE FROM snapshot",
        "UPDATE measurement SET value = '3'",
        "DELETE FROM measurement",
        "UPDATE finding SET why = ''",
        "DELETE FROM finding",
        "UPDATE snapshot_decision SET reason = ''",
        "DELETE FROM snapshot_decision",
        "UPDATE baseline SET value = '3'",
        "DELETE FROM baseline",
        "UPDATE pull SET outcome = 'unchanged'",
        "DELETE FROM pull",
    ],
)
def test_the_database_itself_refuses_to_change_what_an_extract_brought(store: Store, change: str) -> None:
    with pytest.raises(DBAPIError, match="never changed"), store.write() as connection:
        connection.execute(text(change))
    with store.read() as connection:
        assert snapshots.measurements(connection, "proeveby") == (FIGURE,)
