"""Statistikbanken as a source, against a real HTTP server that answers as documented."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from kvalitet.adapters.sources.source import NotPublishedYetError, SourceBrokenError
from kvalitet.adapters.sources.statbank.tables import load_tables
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason
from kvalitet.municipality import DANISH_TIME
from tests.adapters.sources.statbank.pulls import YEAR_2024_25, pull
from tests.adapters.sources.statbank.server import StatBankServer, running

SITE = "Danmarks Statistik"


@pytest.fixture
def server() -> Iterator[StatBankServer]:
    with running(StatBankServer()) as started:
        yield started


def values(server: StatBankServer, municipality: str = "Kalundborg", most_cells: int = 1_000_000) -> dict[str, str]:
    return {m.unit: str(m.value) for m in pull(server, municipality=municipality, most_cells=most_cells).measurements}


def test_the_real_class_sizes_of_both_municipalities_come_through(server: StatBankServer) -> None:
    assert values(server) == {MUNICIPALITY: "17.0", COUNTRY: "20.5"}
    assert values(server, "Hvidovre") == {MUNICIPALITY: "21.8", COUNTRY: "20.5"}


def test_a_figure_knows_its_table_its_year_and_when_it_was_published(server: StatBankServer) -> None:
    extract = pull(server)
    assert extract.measurements[0] == Measurement(
        indicator="class_size",
        school_year=YEAR_2024_25,
        unit=MUNICIPALITY,
        source="Danmarks Statistik, Statistikbanken, tabel KVOTIEN (2024), CC BY 4.0",
        value=Decimal("17.0"),
        published_on=date(2025, 3, 18),
    )
    assert extract.updated_at == datetime(2025, 3, 18, 8, tzinfo=DANISH_TIME)
    assert extract.warnings == ()


def test_the_question_names_every_variable_of_the_table(server: StatBankServer) -> None:
    extract = pull(server)
    asked = {
        "table": "KVOTIEN",
        "lang": "da",
        "valuePresentation": "Code",
        "delimiter": "Semicolon",
        "variables": [
            {"code": "OMRÅDE", "values": ["326", "000"]},
            {"code": "KLASSE", "values": ["0000"]},
            {"code": "SKTPE", "values": ["ANTALSUM"]},
            {"code": "Tid", "values": ["2024"]},
        ],
    }
    assert server.questions == [{**asked, "format": "JSONSTAT"}]
    assert json.loads(extract.request) == [asked]


@pytest.mark.parametrize(("ours", "theirs", "formats"), [(1, 9, ["BULK"]), (9, 1, ["JSONSTAT", "BULK"])])
def test_too_many_cells_for_one_format_are_streamed_and_are_the_same(
    server: StatBankServer, ours: int, theirs: int, formats: list[str]
) -> None:
    server.most_cells = theirs
    streamed = pull(server, most_cells=ours)
    assert [question["format"] for question in server.questions] == formats
    assert {m.unit: str(m.value) for m in streamed.measurements} == {MUNICIPALITY: "17.0", COUNTRY: "20.5"}
    assert json.loads(streamed.content)[0].splitlines()[1:] == [
        "326;0000;ANTALSUM;2024;17,0",
        "000;0000;ANTALSUM;2024;20,5",
    ]


@pytest.mark.parametrize("most_cells", [1, 1_000_000])
def test_two_dots_are_a_missing_figure_and_never_zero(server: StatBankServer, most_cells: int) -> None:
    del server.values["326", "2024"]
    municipality, country = pull(server, most_cells=most_cells).measurements
    assert (municipality.value, municipality.missing) == (None, MissingReason.UNKNOWN)
    assert country.value == Decimal("20.5")


def test_a_year_that_is_not_there_yet_is_an_outcome_of_its_own_and_is_not_asked(server: StatBankServer) -> None:
    with pytest.raises(NotPublishedYetError) as waiting:
        pull(server, school_year=SchoolYear(2025))
    assert waiting.value.message == "Danmarks Statistik har ikke offentliggjort tal for skoleåret 2025/26 endnu."
    assert server.questions == []


def test_a_table_that_is_no_longer_kept_is_warned_of(server: StatBankServer) -> None:
    server.active, server.updated = False, None
    extract = pull(server)
    assert extract.warnings == (
        "Danmarks Statistik fører ikke længere tabellen KVOTIEN (Klassekvotient) ajour; find en anden kilde.",
    )
    assert (extract.updated_at, extract.measurements[0].published_on) == (None, None)


def test_indicators_that_the_source_does_not_have_are_left_to_other_sources(server: StatBankServer) -> None:
    extract = pull(server, "absence", "class_size")
    assert {m.indicator for m in extract.measurements} == {"class_size"}
    with pytest.raises(SourceBrokenError) as none:
        pull(server, "absence")
    assert none.value.message == "Danmarks Statistik har ingen af nøgletallene absence."


def test_every_table_is_of_one_indicator() -> None:
    indicators = [table.indicator for table in load_tables()]
    assert len(indicators) == len(set(indicators))
