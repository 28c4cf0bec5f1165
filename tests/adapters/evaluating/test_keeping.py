"""What is kept of verdicts tells no figure that must not be shown, however long ago it was judged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kvalitet.adapters.evaluating import keep_verdicts
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, snapshots, verdicts
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import AtMost, Goal, Per
from kvalitet.measurements import Measurement, MissingReason
from tests.builders import AARBY, RORBY, activity, instant, municipality

GOAL = Goal(
    key="low_absence",
    title="Højst 6 procent fravær",
    focus_area="well_being",
    target=AtMost(value=Decimal(6)),
    per=Per.SCHOOL,
    deadline=SchoolYear(2028),
    indicator=load_catalogue()["absence"],
)
PLACE = municipality(activity("own_goals"), goals=(GOAL,))
FIRST, LATER = instant("2026-09-01"), instant("2027-09-01")
OLD, NEW = SchoolYear(2024), SchoolYear(2025)


def figure(value: str, unit: str, year: SchoolYear) -> Measurement:
    return Measurement(
        indicator="absence", school_year=year, unit=unit, source="STIL", value=Decimal(value), pupils=400
    )


def publish(store: Store, raw: bytes, *found: Measurement) -> None:
    with store.write() as connection:
        kept, _ = snapshots.add(connection, NewSnapshot(PLACE.key, None, "import", {}, raw, found), now=FIRST)
        snapshots.publish(connection, kept.id, now=FIRST)


def told(store: Store) -> dict[tuple[str, SchoolYear], str]:
    with store.read() as connection:
        return {(one.unit, one.school_year): one.sentence for one in verdicts.verdicts(connection, PLACE.key)}


def test_an_old_verdict_no_longer_tells_a_figure_that_is_withheld_today(store: Store) -> None:
    few = figure("31.7", AARBY.number, OLD)
    publish(store, b"one", few, figure("7.9", RORBY.number, OLD))
    with store.write() as connection:
        keep_verdicts(connection, PLACE, [NEW], now=FIRST)
    before = told(store)
    assert "31,7 %" in before[AARBY.number, OLD]
    publish(store, b"two", figure("7.1", AARBY.number, NEW), figure("7.2", RORBY.number, NEW))
    publish(store, b"three", replace(few, value=None, pupils=None, missing=MissingReason.SUPPRESSED))
    with store.write() as connection:
        keep_verdicts(connection, PLACE, [SchoolYear(2026)], now=LATER)
    after = told(store)
    assert after[AARBY.number, OLD] == (
        "Højst 6 procent fravær: kan ikke vurderes endnu: Samlet elevfravær for skolen i skoleåret 2024/25 – tallet "
        "vises ikke, fordi der er for få elever."
    )
    assert "7,1 %" in after[AARBY.number, NEW]
    assert after[RORBY.number, OLD] == before[RORBY.number, OLD]
