"""Pulling from a server that answers as STIL documents it."""

import json

from kvalitet.adapters.sources.source import (
    ExtractRequest,
    RawExtract,
)
from kvalitet.adapters.sources.stil import Stil
from kvalitet.adapters.sources.stil_api import Patience, StilApi
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, find_measurement
from tests.adapters.sources.stil_figures import HOENG, ROERBY, RYNKEVANGSKOLEN
from tests.adapters.sources.stil_server import KEY, StilServer

YEAR_2024_25 = SchoolYear(2024)
BRIEF = Patience(seconds_per_answer=5)
HTML = (200, "text/html", "<!DOCTYPE html><html><body>Vedligeholdelse</body></html>")


def pull(
    server: StilServer,
    *indicators: str,
    school_year: SchoolYear = YEAR_2024_25,
    municipality: str = "Kalundborg",
    schools: frozenset[str] = frozenset({RYNKEVANGSKOLEN, ROERBY, HOENG}),
    key: str = KEY,
    page_size: int = 100_000,
    patience: Patience = BRIEF,
) -> RawExtract:
    api = StilApi(key=key, address=server.address, page_size=page_size, patience=patience)
    request = ExtractRequest(
        municipality="kalundborg",
        municipality_name=municipality,
        school_year=school_year,
        indicators=indicators,
        schools=schools,
    )
    return Stil(api=api).fetch(request)


def rows(*found: dict[str, str]) -> tuple[int, str, str]:
    return 200, "application/json", json.dumps(found, ensure_ascii=False)


def of(extract: RawExtract, indicator: str, unit: str = RYNKEVANGSKOLEN) -> Measurement:
    found = find_measurement(extract.measurements, indicator, extract.measurements[0].school_year, unit)
    assert found is not None
    return found
