"""Answers of STIL and Statistikbanken, from the wire to the figures on show, and what becomes of these at a fault."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.extracting import pulling
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.statbank.api import StatBankApi
from kvalitet.adapters.sources.statbank.pulling import StatBank
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.extracts.pulls import Ending
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.pulls import PullOutcome
from kvalitet.wheel import ExtractSource
from tests.adapters.installed import installation as made
from tests.adapters.sources.loopback import Reply, as_text
from tests.adapters.sources.statbank import server as statbank
from tests.adapters.sources.stil import server as stil
from tests.adapters.sources.stil.figures import RYNKEVANGSKOLEN, denmark, school_rows
from tests.adapters.sources.stil.pulls import HTML, api, rows
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
NOW, LATER = instant("2026-11-20"), instant("2026-11-21")


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


def pulled(installation: Installation, *, now: object = NOW) -> dict[str, Ending]:
    found = pull(Errand(installation, PLACE, PULL, now))  # type: ignore[arg-type]  # an instant
    return {one.asked.source: one.ending for one in found}


def on_show(installation: Installation, unit: str) -> dict[str, tuple[Decimal | None, int | None]]:
    with installation.store.read() as connection:
        figures = snapshots.measurements(connection, PLACE.key)
    return {found.indicator: (found.value, found.pupils) for found in figures if found.unit == unit}


def test_the_real_figures_of_rynkevangskolen_are_on_show_with_the_pupils_behind_them(
    installation: Installation,
) -> None:
    endings = pulled(installation)
    assert {name: ending.outcome for name, ending in endings.items()} == {
        "stil": PullOutcome.PUBLISHED,
        "statbank": PullOutcome.PUBLISHED,
    }
    assert on_show(installation, RYNKEVANGSKOLEN) == {
        "absence": (Decimal("9.3"), None),
        "grade_average": (Decimal("6.4"), 41),
        "well_being_social": (Decimal("3.8"), 211),
        "well_being_order": (Decimal("3.7"), 211),
    }
    assert on_show(installation, MUNICIPALITY)["class_size"] == (Decimal("17.0"), None)
    assert on_show(installation, COUNTRY)["absence"] == (Decimal("7.4"), None)


LAST_YEAR = {
    "[Institution].[Institutionsnummer].[Institutionsnummer]": RYNKEVANGSKOLEN,
    "[Tid].[Skoleår].[Skoleår]": "2023/2024",
    "Gennemsnitligt fravær per skoleår": "8,1 %",
}


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ([as_text("", 429)] * 3, PullOutcome.BROKEN),
        ([as_text("", 500)] * 3, PullOutcome.BROKEN),
        ([Reply(200, b'[{"tal": "7,', cut=True)] * 3, PullOutcome.BROKEN),
        ([Reply(200, b"[", endless=b" " * 65536)], PullOutcome.BROKEN),
        ([HTML], PullOutcome.BROKEN),
        ([rows({"Nummer": RYNKEVANGSKOLEN})], PullOutcome.BROKEN),
        ([rows(LAST_YEAR), rows()], PullOutcome.BROKEN),
        ([as_text("", 401)], PullOutcome.REFUSED),
    ],
    ids=["429", "500", "cut", "huge", "html", "columns", "last_year", "key"],
)
def test_a_fault_of_one_source_leaves_its_last_good_figures_on_show_and_the_other_source_alone(
    installation: Installation,
    served: tuple[stil.StilServer, statbank.StatBankServer],
    faults: list[Reply],
    outcome: PullOutcome,
) -> None:
    pulled(installation)
    before = on_show(installation, RYNKEVANGSKOLEN)
    schools, country = served
    schools.faults = list(faults)
    country.values["326", "2024"] = "17.1"
    endings = pulled(installation, now=LATER)
    assert (endings["stil"].outcome, endings["statbank"].outcome) == (outcome, PullOutcome.PUBLISHED)
    assert endings["stil"].detail.startswith("Uddannelsesstatistik.dk ") or "forbindelse" in endings["stil"].detail
    assert on_show(installation, RYNKEVANGSKOLEN) == before
    assert on_show(installation, MUNICIPALITY)["class_size"] == (Decimal("17.1"), None)
    with installation.store.read() as connection:
        assert len(snapshots.snapshots(connection, PLACE.key)) == 3
