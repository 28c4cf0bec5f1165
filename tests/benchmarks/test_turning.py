from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from flows import plan_year, turn_wheel
from kvalitet.adapters.reports import keeping
from kvalitet.adapters.reports.keeping import NewReport
from kvalitet.adapters.store import Store, log, plans
from kvalitet.adapters.store.tables import schema
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.occurrences import Occurrence, plan
from kvalitet.quality_reports import Version
from tests import builders
from tests.benchmarks import big
from tests.benchmarks.databases import Fresh
from tests.benchmarks.measuring import Measured, Round, race

MONDAY, TUESDAY = builders.instant("2026-11-02"), builders.instant("2026-11-03")
DELIVERABLES = 1_000_000
TURNS = 20


def test_a_day_with_nothing_due_among_a_million_deliverables(
    fresh: Fresh, tmp_path: Path, keep: Callable[[Measured], None]
) -> None:
    whole = big.all_due_together()
    store = fresh.store()
    installation = big.installation(store, tmp_path, whole)
    plan_year.run(installation, whole, now=builders.instant("2026-07-01"), school_year=builders.YEAR)
    fill(store, plan(whole, builders.YEAR))
    rest_until_december(store)
    # The year before has its report, so that the first turn does not begin with writing it for 1,100 schools.
    report = NewReport(builders.YEAR.plus(-1), Version.DRAFT, MONDAY, "Fagcenter", {"offentlig.html": b"Rapport"})
    keeping.keep(installation.settings.home, whole.key, report, 1)
    turn_wheel.run(installation, whole, now=MONDAY)
    assert turn_wheel.run(installation, whole, now=TUESDAY) == []

    def turn() -> object:
        return turn_wheel.run(installation, whole, now=TUESDAY)

    def ask() -> None:
        with store.read() as connection:
            plans.waking_kinds(connection, whole.key, today=danish_date(TUESDAY))

    def beat() -> None:
        with store.write() as connection:
            log.beat(connection, "bench", now=TUESDAY)

    what = f"{TURNS} dage uden noget på tide, {fresh.kind}"
    asked, beaten = (
        race(what, often(turn), limit=limit, bare=often(bare), rows=DELIVERABLES, rounds=5)
        for limit, bare in (("den ene forespørgsel", ask), ("pulsens ene skrivning", beat))
    )
    keep(asked)
    keep(beaten)
    if asked.ratio > 50:
        pytest.fail(f"En dag uden arbejde tager {asked.ratio:.1f} gange sin grænse")


def often(work: Callable[[], object]) -> Round:
    """Do the work so many times that it can be measured."""

    def every() -> None:
        for _ in range(TURNS):
            work()

    return lambda: every


def fill(store: Store, planned: tuple[Occurrence, ...]) -> None:
    """Add earlier school years until there are a million deliverables."""
    with store.write() as connection:
        batch = []
        for row in copies(planned):
            batch.append(row)
            if len(batch) == 50_000:
                connection.execute(insert(schema.occurrence), batch)
                batch = []
        connection.execute(insert(schema.occurrence), batch)
    if not store.is_sqlite:
        with store.write() as connection:
            connection.exec_driver_sql("ANALYZE")


def copies(planned: tuple[Occurrence, ...]) -> Iterator[dict[str, object]]:
    for number in range(DELIVERABLES - len(planned)):
        of = planned[number % len(planned)]
        year = SchoolYear(builders.YEAR.start - 1 - number // len(planned))
        yield {
            "key": of.key.replace(builders.YEAR.key, year.key),
            "municipality": of.municipality,
            "school_year": year.start,
            "position": number % len(planned),
            "activity": of.activity,
            "title": of.title,
            "kind": of.kind.value,
            "opens": of.opens,
            "due": of.due,
            "school": of.school,
            "school_group": of.school_group,
            "planned_at": MONDAY,
            "wake_on": None,
        }


def rest_until_december(store: Store) -> None:
    """Let this year's deliverables wait for a later day, and the earlier years' reports be written."""
    with store.write() as connection:
        later = builders.instant("2026-12-01").date()
        connection.execute(
            schema.occurrence.update().where(schema.occurrence.c.wake_on.is_not(None)).values(wake_on=later)
        )
        years = plans.school_years(connection, "storby")
        keys = [f"report_written:storby:{year.key}" for year in years]
        log.tell_all(connection, [log.Event(key, MONDAY, "report_written", "storby") for key in keys])
