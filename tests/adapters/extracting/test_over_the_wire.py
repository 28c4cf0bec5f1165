"""Answers of STIL and Statistikbanken, from the wire to the figures on show."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.extracting import pulling
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.statbank.api import StatBankApi
from kvalitet.adapters.sources.statbank.pulling import StatBank
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import Store
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement
from kvalitet.pulls import PullOutcome
from kvalitet.wheel import ExtractSource
from tests.adapters.installed import installation as made
from tests.adapters.sources.statbank import server as statbank
from tests.adapters.sources.stil import server as stil
from tests.adapters.sources.stil.figures import RYNKEVANGSKOLEN, denmark, school_rows
from tests.adapters.sources.stil.pulls import api
from tests.adapters.sources.waits import Waits
from tests.adapters.store.planned import write
from tests.builders import extract, instant, municipality, occurrence, school

INDICATORS = ("absence", "grade_average", "well_being_social", "well_being_order")
ACTIVITY = extract(
    extract_sources=(ExtractSource("stil", INDICATORS, -2), ExtractSource("statbank", ("class_size",), -2))
)
SCHOOLS = [school(row["Afdelingsnummer"], row["Afdeling"]) for row in school_rows("kalundborg")]
PLACE = municipality(ACTIVITY, schools=SCHOOLS, name="Kalundborg Kommune")
PULL = occurrence(ACTIVITY, where=None)


@pytest.fixture
def served() -> Iterator[tuple[stil.StilServer, statbank.StatBankServer]]:
    with stil.running(denmark()) as schools, statbank.running(statbank.StatBankServer()) as country:
        yield schools, country


@pytest.fixture
def installation(
    store: Store,
    tmp_path: Path,
    served: tuple[stil.StilServer, statbank.StatBankServer],
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    """Give an installation whose sources wait by a clock of their own."""
    schools, country = served
    sources = {
        "stil": Stil(api=api(schools)),
        "statbank": StatBank(api=StatBankApi(address=country.address, patience=Waits().patience())),
    }
    monkeypatch.setattr(pulling, "source_of", lambda _installation, _municipality, name: sources[name])
    write(store, [PULL])
    return made(store, tmp_path, PLACE)


def on_show(installation: Installation) -> dict[tuple[str, str], Measurement]:
    with installation.store.read() as connection:
        figures = shown_figures(connection, PLACE, viewer_may_see_confidential=False)
    return {(found.unit, found.indicator): found for found in figures}


@pytest.fixture
def shown(installation: Installation) -> dict[tuple[str, str], Measurement]:
    found = pull(Errand(installation, PLACE, PULL, instant("2026-11-20")))
    assert [one.ending.outcome for one in found] == [PullOutcome.PUBLISHED, PullOutcome.PUBLISHED]
    return on_show(installation)


def test_the_real_figures_of_rynkevangskolen_are_on_show_with_the_pupils_behind_them(
    shown: dict[tuple[str, str], Measurement],
) -> None:
    figures = [shown[RYNKEVANGSKOLEN, indicator] for indicator in INDICATORS]
    assert [(found.value, found.pupils) for found in figures] == [
        (Decimal("9.3"), None),
        (Decimal("6.4"), 41),
        (Decimal("3.8"), 211),
        (Decimal("3.7"), 211),
    ]


def test_every_school_has_its_own_figures_and_municipality_and_country_theirs(
    shown: dict[tuple[str, str], Measurement],
) -> None:
    columns = ("Samlet elevfravær", "Karaktergennemsnit", "Social trivsel", "Ro og orden")
    for row in school_rows("kalundborg"):
        figures = [shown[row["Afdelingsnummer"], indicator].value for indicator in INDICATORS]
        assert figures == [Decimal(row[column].replace(",", ".")) if row[column] else None for column in columns]
    assert shown[MUNICIPALITY, "class_size"].value == Decimal("17.0")
    assert shown[COUNTRY, "absence"].value == Decimal("7.4")
