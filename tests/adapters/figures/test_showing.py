"""The gate: what of the kept figures anybody is shown."""

from __future__ import annotations

import ast
import operator
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import MUNICIPALITY, Measurement, MissingReason
from tests import databases
from tests.builders import instant, municipality

NOW = instant("2026-12-01")
PLACE = municipality()
ROOT = Path(__file__).parents[3]
# The gate; and the origin of one figure, which withholds in each snapshot what the gate would have.
MAY_READ = {"kvalitet/adapters/figures/showing.py", "kvalitet/adapters/figures/origins.py"}
# Extracting compares what comes with what is there, for those who look after the extracts.
EXTRACTING = "kvalitet/adapters/extracting/"
READING = {"measurements", "measurements_of", "told_of", "told_in_order"}


def figure(unit: str, value: str, *, indicator: str = "absence", year: int = 2025) -> Measurement:
    return Measurement(
        indicator=indicator, school_year=SchoolYear(year), unit=unit, source="STIL", value=Decimal(value)
    )


def keep(connection: Connection, *figures: Measurement, publish: bool = True) -> None:
    new = NewSnapshot(PLACE.key, None, "files", {}, repr(figures).encode(), figures)
    kept, _ = snapshots.add(connection, new, now=NOW)
    if publish:
        snapshots.publish(connection, kept.id, now=NOW)


def shown(store: Store, *, inside: bool = False, **asked: object) -> list[tuple[str, str, str | None]]:
    with store.read() as connection:
        found = shown_figures(connection, PLACE, viewer_may_see_confidential=inside, **asked)  # type: ignore[arg-type]
    return sorted((m.indicator, m.unit, None if m.value is None else str(m.value)) for m in found)


def test_only_what_is_published_is_shown(store: Store) -> None:
    with store.write() as connection:
        keep(connection, figure("323001", "9.3"))
        keep(connection, figure("323001", "1.1"), figure("323002", "2.2"), publish=False)
    assert shown(store) == [("absence", "323001", "9.3")]


def test_test_results_are_shown_to_those_who_may_see_them(store: Store) -> None:
    with store.write() as connection:
        keep(connection, figure("323001", "77.1", indicator="good_results_danish"), figure("323001", "9.3"))
    assert shown(store) == [("absence", "323001", "9.3")]
    assert shown(store, inside=True) == [("absence", "323001", "9.3"), ("good_results_danish", "323001", "77.1")]


def test_one_may_ask_for_some_indicators_and_one_unit(store: Store) -> None:
    with store.write() as connection:
        keep(connection, *(figure(unit, "9.3", indicator=key) for key in ("absence", "pupils") for unit in "ab"))
    assert shown(store, indicators=["pupils"], unit="a") == [("pupils", "a", "9.3")]
    assert shown(store, indicators=[]) == []


def test_an_indicator_that_is_no_longer_known_is_shown_to_nobody(store: Store) -> None:
    with store.write() as connection:
        keep(connection, figure("323001", "7", indicator="forgotten"), figure("323001", "9.3"))
    assert shown(store, inside=True) == [("absence", "323001", "9.3")]


def test_few_pupils_are_withheld_and_so_is_what_would_give_them_away(store: Store) -> None:
    counted = [figure("a", "3", indicator="pupils"), figure("b", "90", indicator="pupils")]
    counted += [figure("c", "80", indicator="pupils"), figure(MUNICIPALITY, "173", indicator="pupils")]
    with store.write() as connection:
        keep(connection, *counted)
        found = shown_figures(connection, PLACE, viewer_may_see_confidential=True, indicators=["pupils"])
    assert {m.unit: m.missing for m in found} == {
        "a": MissingReason.SUPPRESSED,
        "b": None,
        "c": MissingReason.SUPPRESSED,
        MUNICIPALITY: None,
    }


def test_the_whole_table_decides_though_one_asks_for_one_school(store: Store) -> None:
    with store.write() as connection:
        counts = (("a", "3"), ("b", "90"), ("c", "80"), (MUNICIPALITY, "173"))
        keep(connection, *(figure(unit, value, indicator="pupils") for unit, value in counts))
    assert shown(store, unit="c") == [("pupils", "c", None)]


def table(*figures: tuple[str, str, int]) -> list[Measurement]:
    return [replace(figure(unit, value), pupils=pupils) for unit, value, pupils in figures]


def test_what_an_earlier_snapshot_withheld_stays_withheld(store: Store) -> None:
    whole = (MUNICIPALITY, "6.5", 100)
    with store.write() as connection:
        keep(connection, *table(("a", "9", 3), ("b", "6", 40), ("c", "7", 57), whole))
        keep(connection, *table(("a", "9", 3), ("b", "6", 40), ("c", "7", 37), whole))
    assert shown(store) == [
        ("absence", "a", None),
        ("absence", "b", None),
        ("absence", "c", "7"),
        ("absence", MUNICIPALITY, "6.5"),
    ]


def test_what_was_shown_before_anything_was_withheld_hides_nothing(store: Store) -> None:
    with store.write() as connection:
        keep(connection, *table(("b", "6", 40), ("c", "7", 57)))
        keep(connection, *table(("a", "9", 3), (MUNICIPALITY, "6.5", 100)))
    assert [unit for _, unit, value in shown(store) if value is None] == ["a", MUNICIPALITY]


figures_of_anything = st.builds(
    Measurement,
    indicator=st.sampled_from(["absence", "well_being_social", "well_being_order"]),
    school_year=st.builds(SchoolYear, st.integers(2022, 2024)),
    unit=st.sampled_from(["323001", "323002", MUNICIPALITY]),
    source=st.just("STIL"),
    value=st.none(),
    missing=st.sampled_from([MissingReason.NOT_PUBLISHED, MissingReason.UNKNOWN]),
) | st.builds(
    figure,
    st.sampled_from(["323001", "323002", MUNICIPALITY]),
    st.sampled_from(["3.1", "4.2"]),
    indicator=st.sampled_from(["absence", "well_being_social", "well_being_order"]),
    year=st.integers(2022, 2024),
)
places = operator.attrgetter("indicator", "school_year", "unit")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(figures_of_anything, unique_by=places, max_size=8), max_size=5), st.data())
def test_the_gate_shows_what_the_store_holds_to_be_the_newest(
    migrated_sqlite: Path, snapshots_of: list[list[Measurement]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(databases.copy_of_sqlite(migrated_sqlite, Path(folder) / "kvalitet.sqlite"))
        with store.write() as connection:
            for figures in snapshots_of:
                keep(connection, *figures, publish=data.draw(st.booleans()))
            found = shown_figures(connection, PLACE, viewer_may_see_confidential=True)
            assert found == snapshots.measurements(connection, PLACE.key)
        store.close()


def readers_of_kept_figures() -> set[str]:
    """List the files of the product that ask the store for figures."""
    found = set()
    for path in [*(ROOT / "kvalitet").rglob("*.py"), *(ROOT / "flows").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in READING and ast.unparse(node.value) == "snapshots":
                found.add(path.relative_to(ROOT).as_posix())
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("store.snapshots"):
                found |= {path.relative_to(ROOT).as_posix() for one in node.names if one.name in READING}
    return found


def test_nobody_but_the_gate_and_the_extracts_reads_kept_figures() -> None:
    assert {path for path in readers_of_kept_figures() if not path.startswith(EXTRACTING)} == MAY_READ


@pytest.mark.parametrize("table", ["schema.measurement", "_m.c.value"])
def test_nobody_reads_the_table_of_figures_past_the_store(table: str) -> None:
    paths = [path for folder in ("kvalitet", "flows") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in paths if table in path.read_text("utf-8")}
    assert {path for path in found if not path.startswith("kvalitet/adapters/store/")} == set()
