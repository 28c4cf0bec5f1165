"""100,000 rows of STIL's, from the wire to checked measurements, beside the bare reading of the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest

from kvalitet.adapters.sources.asking import Patience
from kvalitet.adapters.sources.source import ExtractRequest
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement
from tests.adapters.sources.loopback import serving
from tests.adapters.sources.stil.figures import INSTITUTION, WELL_BEING
from tests.benchmarks.measuring import Measured, race
from tests.benchmarks.sources.served_rows import INDICATORS, ServedRows

YEAR = SchoolYear(2024)


@pytest.fixture(scope="module")
def served() -> ServedRows:
    return ServedRows()


def as_table(page: bytes) -> Callable[[], object]:
    """Give the bare reading of the page as a table."""
    return lambda: pd.DataFrame(json.loads(page))


def as_measurements(page: bytes) -> Callable[[], object]:
    """Give the bare making of a measurement for each row of the page, of a value that is known beforehand."""
    keys = {title: key for key, title in INDICATORS.items()}
    school, member = f"{INSTITUTION}.[Institutionsnummer]", f"{WELL_BEING}.[Trivselsindikator]"
    value = Decimal("3.6")

    def work() -> list[Measurement]:
        return [
            Measurement(indicator=keys[row[member]], school_year=YEAR, unit=row[school], source="STIL", value=value)
            for row in json.loads(page)
        ]

    return work


@pytest.mark.parametrize(
    ("limit", "bare", "largest_ratio"),
    [
        ("json.loads og pandas af de samme bytes i hukommelsen", as_table, 10),
        ("json.loads og en måling af hver række", as_measurements, 5),
    ],
    ids=["pandas", "measurements"],
)
def test_a_hundred_thousand_rows_are_pulled(
    served: ServedRows,
    keep: Callable[[Measured], None],
    limit: str,
    bare: Callable[[bytes], Callable[[], object]],
    largest_ratio: float,
) -> None:
    request = ExtractRequest(
        municipality="storby",
        municipality_name="Storby",
        school_year=YEAR,
        indicators=tuple(INDICATORS),
        schools=frozenset(served.schools),
    )
    work = bare(served.page)
    with serving(served) as address:
        stil = Stil(api=StilApi(key="en-gyldig-noegle", address=address, patience=Patience(pause=0)))

        def pull() -> None:
            assert len(stil.fetch(request).measurements) == len(served) + 2 * len(INDICATORS)

        measured = race(
            f"100.000 rækker ({len(served.page) / 1e6:.0f} MB) hentet fra STIL's API over HTTP på samme maskine",
            lambda: pull,
            limit=limit,
            bare=lambda: work,
            rows=len(served),
            rounds=5,
        )
    keep(measured)
    if measured.ratio > largest_ratio:
        pytest.fail(f"At hente 100.000 rækker tager {measured.ratio:.1f} gange sin grænse")
