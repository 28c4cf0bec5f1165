"""Pulling from a server that answers as Statistikbanken documents it."""

from kvalitet.adapters.sources.asking import Patience
from kvalitet.adapters.sources.source import ExtractRequest, RawExtract
from kvalitet.adapters.sources.statbank.api import MOST_CELLS, StatBankApi
from kvalitet.adapters.sources.statbank.pulling import StatBank
from kvalitet.days import SchoolYear
from tests.adapters.sources.statbank.server import StatBankServer
from tests.adapters.sources.waits import Waits

YEAR_2024_25 = SchoolYear(2024)


def pull(
    server: StatBankServer,
    *indicators: str,
    municipality: str = "Kalundborg",
    school_year: SchoolYear = YEAR_2024_25,
    patience: Patience | None = None,
    most_cells: int = MOST_CELLS,
) -> RawExtract:
    api = StatBankApi(address=server.address, patience=patience or Waits().patience(), most_cells=most_cells)
    request = ExtractRequest(
        municipality=municipality.lower(),
        municipality_name=municipality,
        school_year=school_year,
        indicators=indicators or ("class_size",),
        schools=frozenset({"323003"}),
    )
    return StatBank(api=api).fetch(request)
