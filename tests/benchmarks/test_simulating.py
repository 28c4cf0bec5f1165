from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.store import Store
from kvalitet.municipality import DANISH_TIME
from kvalitet.simulation.playing import Play
from kvalitet.simulation.year import play_year
from tests import builders, databases
from tests.benchmarks import bare, big
from tests.benchmarks.measuring import Measured, race
from tests.benchmarks.recording import Recording

FILES = Path(__file__).parents[2] / "deployments"
SEED = 1


def test_a_simulated_year_of_fifteen_schools(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path, keep: Callable[[Measured], None]
) -> None:
    (kalundborg,) = (found for found in load_all(FILES) if found.key == "kalundborg")
    fifteen = replace(kalundborg, schools=kalundborg.schools[:15])
    assert len(fifteen.schools) == 15
    number = count()

    def empty() -> Store:
        store = Store.open(databases.copy_of_sqlite(migrated_sqlite, tmp_path / f"{next(number)}.sqlite"))
        request.addfinalizer(store.close)
        return store

    example = big.installation(empty(), tmp_path, fifteen, files=FILES)
    recorded = Recording.of(example)
    play = Play(example, fifteen, builders.YEAR, SEED)
    play.run(datetime.combine(play.last_day(), time(23, 59), tzinfo=DANISH_TIME).astimezone(UTC))
    statements = bare.rows_of(example.store)

    def limit() -> Callable[[], object]:
        insert = bare.insert(empty(), statements)

        def both() -> None:
            recorded.render_again()
            insert()

        return both

    measured = race(
        f"Et afspillet år for 15 skoler ({len(recorded.asked)} mails), SQLite",
        lambda: lambda: play_year(fifteen, builders.YEAR, tmp_path / f"year-{next(number)}", seed=SEED, files=FILES),
        limit="de samme mails og rækker",
        bare=limit,
        rows=bare.count(statements),
        rounds=2,
    )
    keep(measured)
    if measured.ratio > 30:
        pytest.fail(f"Afspilningen tager {measured.ratio:.1f} gange sin grænse")
