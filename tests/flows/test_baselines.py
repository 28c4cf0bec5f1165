"""A goal that is set after its baseline year came out is counted from what was on show when it was first judged."""

from decimal import Decimal
from pathlib import Path

from flows import evaluate_goals, plan_year
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, snapshots, verdicts
from kvalitet.adapters.store.extracts import baselines
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import Goal, Per
from kvalitet.measurements import MUNICIPALITY, Measurement
from kvalitet.targets import RisePercent
from tests.adapters.installed import installation as made
from tests.builders import YEAR, extract, instant, municipality

FIRST, LATER = instant("2026-09-01"), instant("2026-10-01")
BEFORE, AFTER = SchoolYear(2024), SchoolYear(2025)
GOAL = Goal(
    key="grades",
    title="Karaktererne stiger 10 procent",
    focus_area="learning",
    target=RisePercent(percent=Decimal(10)),
    per=Per.MUNICIPALITY,
    deadline=SchoolYear(2028),
    indicator=load_catalogue()["grade_average"],
    baseline_year=BEFORE,
)


def figure(value: str, year: SchoolYear) -> Measurement:
    return Measurement(
        indicator="grade_average", school_year=year, unit=MUNICIPALITY, source="STIL", value=Decimal(value)
    )


def publish(store: Store, raw: bytes, *figures: Measurement) -> None:
    with store.write() as connection:
        kept, _ = snapshots.add(connection, NewSnapshot("proeveby", None, "import", {}, raw, figures), now=FIRST)
        snapshots.publish(connection, kept.id, now=FIRST)


def sentence(store: Store) -> str:
    with store.read() as connection:
        (kept,) = [one for one in verdicts.verdicts(connection, "proeveby") if one.school_year == AFTER]
    return kept.sentence


def test_a_revision_of_the_baseline_year_moves_no_goal(store: Store, tmp_path: Path) -> None:
    place = municipality(extract(indicators=("grade_average",)), goals=(GOAL,))
    installation = made(store, tmp_path, place)
    plan_year.run(installation, place, now=FIRST, school_year=YEAR)
    publish(store, b"one", figure("6.4", BEFORE), figure("6.6", AFTER))
    evaluate_goals.run(installation, place, now=FIRST)
    was = sentence(store)
    publish(store, b"two", figure("5.0", BEFORE))
    evaluate_goals.run(installation, place, now=LATER)
    with store.read() as connection:
        (one,) = baselines.baselines(connection, place.key)
        shown = snapshots.measurements(connection, place.key)
    assert one == figure("6.4", BEFORE)
    assert [str(found.value) for found in shown] == ["5.0", "6.6"]
    assert "6,4" in was
    assert sentence(store) == was
