import io
import random
from collections.abc import Callable

import pandas as pd

from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.source import RawExtract
from kvalitet.measurements import Measurement
from tests.adapters.sources.files.saved import Cells, csv, excel
from tests.benchmarks.measuring import Measured, race

SCHOOLS = 10_000
# The columns and the spread are those of the real file of 24 schools.
LABELS = ["Skoleår", "Kommune", "Afdelingsnummer", "Afdeling"]
FIGURES = {
    "Elevtal": (5, 1402),
    "Klassekvotient": (10, 27),
    "Samlet elevfravær": (0, 24),
    "Karaktergennemsnit": (5, 10),
    "Kompetencedækning": (52, 100),
    "SocRef Forskel": (-1, 1),
    "Generel trivsel": (3, 5),
    "Faglig trivsel": (3, 5),
    "Social trivsel": (3, 5),
    "Ro og orden": (3, 5),
}
NUMBERS = frozenset(str(100_000 + place) for place in range(SCHOOLS))
NUMBER = "Afdelingsnummer"


def table() -> Cells:
    chance = random.Random(2024)  # noqa: S311 -- the same figures each time
    return [[*LABELS, *FIGURES], *(_row(chance, number) for number in sorted(NUMBERS))]


def _row(chance: random.Random, number: str) -> list[object]:
    figures = [_figure(chance, column, *bounds) for column, bounds in FIGURES.items()]
    return ["2024/2025", "Kalundborg Kommune", number, f"Skole {number}", *figures]


def _figure(chance: random.Random, column: str, lowest: int, highest: int) -> object:
    if chance.random() < 0.1:
        return None
    return chance.randint(lowest, highest) if column == "Elevtal" else chance.randint(lowest * 10, highest * 10) / 10


def read(content: bytes) -> RawExtract:
    return FiguresFile(content=content, name="skoletal").read(schools=NUMBERS)


def test_figures_of_10_000_schools_are_read_from_excel(keep: Callable[[Measured], None]) -> None:
    content = excel(table())
    assert (len(read(content).measurements), read(content).problems) == (SCHOOLS * len(FIGURES), ())
    measured = race(
        "Tallene for 10.000 skoler læst fra Excel",
        lambda: lambda: read(content),
        limit="pandas.read_excel med calamine",
        bare=lambda: lambda: pd.read_excel(io.BytesIO(content), engine="calamine", dtype={NUMBER: str}),
        rows=SCHOOLS,
        rounds=5,
    )
    keep(measured)
    assert measured.ratio < 15


def test_figures_of_10_000_schools_are_read_from_csv(keep: Callable[[Measured], None]) -> None:
    content = csv(table())
    found = read(content)
    assert (len(found.measurements), found.problems) == (SCHOOLS * len(FIGURES), ())
    measured = race(
        "Tallene for 10.000 skoler læst fra CSV",
        lambda: lambda: read(content),
        limit="pandas.read_csv",
        bare=lambda: lambda: pd.read_csv(io.BytesIO(content), sep=";", decimal=",", dtype={NUMBER: str}),
        rows=SCHOOLS,
        rounds=5,
    )
    keep(measured)
    assert measured.ratio < 120
    made = race(
        "Tallene for 10.000 skoler læst fra CSV",
        lambda: lambda: read(content),
        limit="de 100.000 målinger alene",
        bare=lambda: lambda: [_again(one) for one in found.measurements],
        rows=SCHOOLS,
        rounds=5,
    )
    keep(made)
    assert made.ratio < 10


def _again(one: Measurement) -> Measurement:
    return Measurement(
        indicator=one.indicator,
        school_year=one.school_year,
        unit=one.unit,
        source=one.source,
        value=one.value,
        missing=one.missing,
    )
