"""The gate: what of the kept figures anybody is shown."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import MUNICIPALITY, Measurement, MissingReason
from tests.builders import instant, municipality

NOW = instant("2026-12-01")
PLACE = municipality()
ROOT = Path(__file__).parents[3]
# Extracting compares what comes with what is there; it shows nobody anything.
MAY_READ = {"kvalitet/adapters/figures/showing.py", "kvalitet/adapters/extracts.py"}
# These are written anew and read through the gate there.
NOT_YET = {"kvalitet/web/pages/goal_pages.py", "kvalitet/adapters/reports/writing.py"}


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
        keep(connection, *(figure(unit, value, indicator="pupils") for unit, value in (("a", "3"), ("c", "80"))))
        keep(connection, figure("b", "90", indicator="pupils"), figure(MUNICIPALITY, "173", indicator="pupils"))
    assert shown(store, unit="c") == [("pupils", "c", None)]


def readers_of_kept_figures() -> set[str]:
    """List the files of the product that ask the store for measurements."""
    found = set()
    for path in [*(ROOT / "kvalitet").rglob("*.py"), *(ROOT / "flows").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "attr", None) if isinstance(node, ast.Attribute) else None
            if name == "measurements" and isinstance(node, ast.Attribute) and _is_store(node.value):
                found.add(path.relative_to(ROOT).as_posix())
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("store.snapshots"):
                found |= {path.relative_to(ROOT).as_posix() for one in node.names if one.name == "measurements"}
    return found


def _is_store(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "snapshots"


def test_nobody_but_the_gate_and_the_extracts_reads_kept_figures() -> None:
    found = {path for path in readers_of_kept_figures() if not path.startswith("kvalitet/adapters/extracting/")}
    assert "kvalitet/adapters/figures/showing.py" in found
    assert found - MAY_READ - NOT_YET == set()


@pytest.mark.parametrize("table", ["schema.measurement", "_m.c.value"])
def test_nobody_reads_the_table_of_figures_past_the_store(table: str) -> None:
    paths = [path for folder in ("kvalitet", "flows") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in paths if table in path.read_text("utf-8")}
    assert {path for path in found if not path.startswith("kvalitet/adapters/store/")} == set()
