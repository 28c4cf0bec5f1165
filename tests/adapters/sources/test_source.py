"""What every source is asked, and in whose name."""

import pytest

from kvalitet.adapters.sources.source import place_name


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Kalundborg Kommune", "Kalundborg"),
        ("Høje-Taastrup Kommune", "Høje-Taastrup"),
        ("Assens Kommune", "Assens"),
        ("Københavns Kommune", "København"),
        ("Bornholms Regionskommune", "Bornholm"),
        ("Prøveby", "Prøveby"),
    ],
)
def test_a_municipality_goes_by_the_name_of_its_place(name: str, place: str) -> None:
    assert place_name(name) == place
