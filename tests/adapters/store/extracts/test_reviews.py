from decimal import Decimal

from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.extracts import baselines, reviews
from kvalitet.adapters.store.extracts.reviews import Ruling, SnapshotDecision
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason
from kvalitet.pulls import Finding
from tests.builders import instant

NOW, LATER = instant("2026-11-15"), instant("2026-11-16")


def held(store: Store) -> int:
    with store.write() as connection:
        kept, _ = snapshots.add(connection, NewSnapshot("proeveby", None, "import", {}, b"raw", ()), now=NOW)
        return kept.id


def test_what_holds_a_pull_back_is_told_before_what_does_not(store: Store) -> None:
    small = Finding(why="rækken er udeladt", row=7)
    grave = Finding(why="for højt", holds=True, row=3, column="Fravær", value="93", indicator="absence", unit="323001")
    snapshot = held(store)
    with store.write() as connection:
        reviews.add_findings(connection, snapshot, [small, grave])
        reviews.add_findings(connection, snapshot, [])
        assert reviews.findings(connection, snapshot) == (grave, small)


def test_a_snapshot_is_decided_once(store: Store) -> None:
    snapshot = held(store)
    rejected = SnapshotDecision(snapshot, Ruling.REJECTED, "Tallene er fra sidste år.", "direktør", NOW)
    released = SnapshotDecision(snapshot, Ruling.RELEASED, "De er gode nok.", "fagcenter", LATER)
    with store.write() as connection:
        assert reviews.decide(connection, rejected) is True
        assert reviews.decide(connection, released) is False
        assert reviews.decisions(connection, "proeveby") == {snapshot: rejected}
        assert reviews.decisions(connection, "naboby") == {}


def figure(value: str | None, *, unit: str = "323001") -> Measurement:
    return Measurement(
        indicator="absence",
        school_year=SchoolYear(2017),
        unit=unit,
        source="STIL",
        value=Decimal(value) if value else None,
        missing=None if value else MissingReason.SUPPRESSED,
        pupils=212,
    )


def test_a_baseline_is_fixed_the_first_time_and_a_missing_figure_is_none(store: Store) -> None:
    with store.write() as connection:
        baselines.fix(connection, "proeveby", [figure("5.80"), figure(None, unit="323002")], now=NOW)
        baselines.fix(connection, "proeveby", [figure("6.1"), figure("4.4", unit="323002")], now=LATER)
        assert baselines.baselines(connection, "proeveby") == (figure("5.80"), figure("4.4", unit="323002"))
        assert baselines.baselines(connection, "naboby") == ()
