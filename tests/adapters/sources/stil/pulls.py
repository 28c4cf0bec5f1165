"""Pulling from a server that answers as STIL documents it."""

import json
from datetime import date

from kvalitet.adapters.sources.asking import Patience
from kvalitet.adapters.sources.source import ExtractRequest, RawExtract
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, find_measurement
from tests.adapters.sources.loopback import Reply
from tests.adapters.sources.stil.figures import HOENG, ROERBY, RYNKEVANGSKOLEN
from tests.adapters.sources.stil.server import KEY, StilServer
from tests.adapters.sources.waits import Waits

YEAR_2024_25 = SchoolYear(2024)
HTML = Reply(200, b"<!DOCTYPE html><html><body>Vedligeholdelse</body></html>", "text/html")


def api(server: StilServer, *, key: str = KEY, page_size: int = 100_000, patience: Patience | None = None) -> StilApi:
    return StilApi(key=key, address=server.address, page_size=page_size, patience=patience or Waits().patience())


def pull(
    server: StilServer,
    *indicators: str,
    school_year: SchoolYear = YEAR_2024_25,
    municipality: str = "Kalundborg",
    schools: frozenset[str] = frozenset({RYNKEVANGSKOLEN, ROERBY, HOENG}),
    key: str = KEY,
    page_size: int = 100_000,
    patience: Patience | None = None,
    asked_on: date | None = None,
) -> RawExtract:
    request = ExtractRequest(
        municipality=municipality.lower(),
        municipality_name=municipality,
        school_year=school_year,
        indicators=indicators,
        schools=schools,
        asked_on=asked_on,
    )
    return Stil(api=api(server, key=key, page_size=page_size, patience=patience)).fetch(request)


def rows(*found: dict[str, str]) -> Reply:
    return Reply(200, json.dumps(found, ensure_ascii=False).encode())


def of(extract: RawExtract, indicator: str, unit: str = RYNKEVANGSKOLEN) -> Measurement:
    found = find_measurement(extract.measurements, indicator, extract.measurements[0].school_year, unit)
    assert found is not None
    return found
