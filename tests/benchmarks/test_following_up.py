from collections.abc import Callable
from pathlib import Path

import pytest

from flows import follow_up, goal_setting, plan_year
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store.tables import mail_schema, schema
from tests import builders
from tests.benchmarks import bare, big
from tests.benchmarks.databases import Fresh
from tests.benchmarks.measuring import Measured, race
from tests.benchmarks.recording import Recording

THE_DAY = builders.instant("2026-09-01")
OPENING = big.SCHOOLS * big.DELIVERABLES


def test_a_day_on_which_15400_deliverables_open(fresh: Fresh, tmp_path: Path, keep: Callable[[Measured], None]) -> None:
    whole = big.all_due_together()

    def planned() -> Installation:
        installation = big.installation(fresh.store(), tmp_path, whole)
        plan_year.run(installation, whole, now=builders.instant("2026-07-01"), school_year=builders.YEAR)
        return installation

    def day(installation: Installation) -> None:
        goal_setting.run(installation, whole, now=THE_DAY)
        follow_up.run(installation, whole, now=THE_DAY)

    example = planned()
    recorded = Recording.of(example)
    day(example)
    tables = [mail_schema.mail, mail_schema.mail_about, schema.event]
    statements = bare.rows_of(example.store, tables)
    assert [len(rows) for _, rows in statements] == [big.SCHOOLS, OPENING, OPENING]

    def limit() -> Callable[[], object]:
        insert = bare.insert(planned().store, statements)

        def both() -> None:
            recorded.render_again()
            insert()

        return both

    def work() -> Callable[[], object]:
        installation = planned()
        return lambda: day(installation)

    measured = race(
        f"En dag med 15.400 leverancer på tide, {fresh.kind}",
        work,
        limit="de samme mails og rækker",
        bare=limit,
        rows=bare.count(statements),
        rounds=2,
    )
    keep(measured)
    if measured.ratio > 10:
        pytest.fail(f"Dagen tager {measured.ratio:.1f} gange sin grænse")
