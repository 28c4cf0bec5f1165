"""Test results (folkeskoleloven § 55 b) on the pages of figures and goals: whose they are, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.goals import AtLeast
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from tests.goal_builders import goal
from tests.web import builders, people
from tests.web.conftest import browsing
from tests.web.figures.built import figure, publish
from tests.web.figures.reading import page_of, row_of

TESTS = "good_results_danish"
CATALOGUE = load_catalogue()
SECRETS = {"323001": "61,5", "323002": "62,5", MUNICIPALITY: "63,5"}
PAGES = (
    "/proeveby/noegletal",
    "/proeveby/noegletal?skole=323001",
    "/proeveby/noegletal?skole=323002",
    "/proeveby/noegletal.csv",
    f"/proeveby/noegletal.csv?noegletal={TESTS}",
    f"/proeveby/noegletal/{TESTS}",
    f"/proeveby/noegletal/{TESTS}?skole=323001&skole=323002",
    "/proeveby/maal",
    "/proeveby/maal.csv",
    *(f"/proeveby/tal/{TESTS}/2024-25/{unit}" for unit in SECRETS),
)


@pytest.fixture
def tested(everybody: Installation) -> Installation:
    found = [figure(TESTS, 2024, unit, value.replace(",", ".")) for unit, value in SECRETS.items()]
    publish(everybody.store, *found, figure(TESTS, 2024, COUNTRY, "70.5"))
    return everybody


def secrets_of(installation: Installation, reader: str) -> set[str]:
    """Open every page, and tell whose results are found on any of them."""
    with browsing(installation, reader) as browser:
        seen = "".join(browser.get(address).text for address in PAGES)
    return {unit for unit, value in SECRETS.items() if value in seen}


@pytest.mark.parametrize(
    ("reader", "units"),
    [
        (people.ADMINISTRATION, {"323001", "323002", MUNICIPALITY}),
        (people.LEADER, {"323001"}),
        (people.OTHER_LEADER, {"323002"}),
        (people.DEPUTY, {"323001"}),
        (people.CONSULTANT, {"323001"}),
        (people.SCHOOL_BOARD, set()),
        (people.UNIONS, set()),
    ],
)
def test_test_results_are_seen_by_those_whose_they_are(tested: Installation, reader: str, units: set[str]) -> None:
    assert secrets_of(tested, reader) == units


@pytest.mark.parametrize("reader", [people.SCHOOL_BOARD, people.UNIONS])
def test_for_others_the_indicator_is_not_there(tested: Installation, reader: str) -> None:
    with browsing(tested, reader) as browser:
        assert browser.get(f"/proeveby/noegletal/{TESTS}").status_code == 404
        assert browser.get(f"/proeveby/tal/{TESTS}/2024-25/country").status_code == 404
        assert "nationale test" not in browser.get("/proeveby/noegletal").text


def test_what_is_confidential_is_marked_as_such(tested: Installation) -> None:
    with browsing(tested, people.LEADER) as browser:
        assert "fortroligt: testresultater for skole og kommune" in browser.get(f"/proeveby/noegletal/{TESTS}").text


def test_a_leader_is_told_that_the_municipalitys_results_are_for_others_and_not_that_there_are_none(
    tested: Installation,
) -> None:
    page = page_of(tested, "/proeveby/noegletal", people.LEADER)
    line = row_of(page, "Andel elever med gode resultater i nationale test, dansk")
    assert line[2:5] == ["61,5 %", "– fortroligt: vises kun for dem, der må se alle skolers testresultater", "70,5 %"]
    assert f"tal/{TESTS}/2024-25/municipality" not in page
    with browsing(tested, people.LEADER) as browser:
        lines = browser.get(f"/proeveby/noegletal.csv?noegletal={TESTS}").text.splitlines()
    assert [line.split(";")[4] for line in lines[1:]] == ["Hele landet", "Buerup Skole"]


@pytest.mark.parametrize(
    ("reader", "lines"),
    [
        (people.ADMINISTRATION, {"Hele landet": "70,5 %", "Prøveby Kommune": "63,5 %", "Buerup Skole": "61,5 %"}),
        (people.LEADER, {"Hele landet": "70,5 %", "Prøveby Kommune": "–", "Buerup Skole": "61,5 %"}),
    ],
)
def test_a_goal_on_test_results_shows_each_their_own(tested: Installation, reader: str, lines: dict[str, str]) -> None:
    (municipality,) = tested.municipalities
    more_read_well = goal(CATALOGUE[TESTS], AtLeast(value=Decimal(80)), deadline=builders.YEAR)
    here = replace(tested, municipalities=(replace(municipality, goals=(more_read_well,)),))
    page = page_of(here, "/proeveby/maal", reader)
    assert {title: row_of(page, title)[1] for title in lines} == lines
