"""100,000 rows of STIL's, from the wire to checked measurements, beside the bare reading of the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from kvalitet.adapters.sources.source import ExtractRequest
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.days import SchoolYear
from tests.adapters.sources.loopback import serving
from tests.benchmarks.measuring import Measured, race
from tests.benchmarks.sources.served_rows import INDICATORS, ServedRows

LARGEST_RATIO = 8


def test_a_hundred_thousand_rows_are_pulled(keep: Callable[[Measured], None]) -> None:
    served = ServedRows()
    page = served.page
    request = ExtractRequest(
        municipality="storby",
        municipality_name="Storby",
        school_year=SchoolYear(2024),
        indicators=tuple(INDICATORS),
        schools=frozenset(served.schools),
    )

    def bare() -> pd.DataFrame:
        return pd.DataFrame(json.loads(page))

    with serving(served) as address:
        stil = Stil(api=StilApi(key="en-gyldig-noegle", address=address))

        def pull() -> None:
            assert len(stil.fetch(request).measurements) == len(served) + 2 * len(INDICATORS)

        measured = race(
            f"100.000 rækker ({len(page) / 1e6:.0f} MB) hentet fra STIL's API over HTTP på samme maskine",
            lambda: pull,
            limit="json.loads og pandas af de samme bytes i hukommelsen",
            bare=lambda: bare,
            rows=len(served),
            rounds=5,
        )
    keep(measured)
    if measured.ratio > LARGEST_RATIO:
        pytest.fail(f"At hente 100.000 rækker tager {measured.ratio:.1f} gange at læse dem")
