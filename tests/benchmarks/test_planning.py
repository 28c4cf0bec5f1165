from collections.abc import Callable
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.store.tables import schema
from tests import builders
from tests.benchmarks import bare, big
from tests.benchmarks.databases import Fresh
from tests.benchmarks.measuring import Measured, race

NOW = builders.instant("2026-07-01")
PLANNED = big.SCHOOLS * (big.DELIVERABLES + 1) + 2 * big.GROUPS
MEETINGS = big.SCHOOLS + 2 * big.GROUPS


def test_a_year_of_1100_schools_is_planned_and_written(
    fresh: Fresh, tmp_path: Path, keep: Callable[[Measured], None]
) -> None:
    whole = big.municipality()

    def plan() -> Callable[[], object]:
        installation = big.installation(fresh.store(), tmp_path, whole)
        return lambda: plan_year.run(installation, whole, now=NOW, school_year=builders.YEAR)

    example = big.installation(fresh.store(), tmp_path, whole)
    plan_year.run(example, whole, now=NOW, school_year=builders.YEAR)
    statements = bare.rows_of(example.store, [schema.occurrence, schema.booking])
    assert [len(rows) for _, rows in statements] == [PLANNED, MEETINGS]

    measured = race(
        f"Et år for 1.100 skoler, {fresh.kind}",
        plan,
        limit="de samme rækker sat ind",
        bare=lambda: bare.insert(fresh.store(), statements),
        rows=bare.count(statements),
        rounds=5,
    )
    keep(measured)
    if measured.ratio > 10:
        pytest.fail(f"Planlægningen tager {measured.ratio:.1f} gange sin grænse")
