"""The STIL source when the server, the key or the answer is not as it should be."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
import stamina

from kvalitet.adapters.sources.source import (
    SourceBrokenError,
    SourceRefusedError,
)
from kvalitet.adapters.sources.stil_api import Patience, StilApi
from tests.adapters.sources.stil_figures import kalundborg
from tests.adapters.sources.stil_pulls import HTML, of, pull, rows
from tests.adapters.sources.stil_server import KEY, StilServer, running


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(kalundborg()) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def test_all_pages_are_read(server: StilServer) -> None:
    extract = pull(server, "pupils", page_size=2)
    assert [question["side"] for question in server.questions] == [1, 2, 3]
    assert [m.value for m in extract.measurements] == [Decimal(70), Decimal(1396), Decimal(377)]


def test_a_server_that_repeats_its_page_is_found_out(server: StilServer) -> None:
    server.ignores_side = True
    with pytest.raises(SourceBrokenError, match="samme side to gange"):
        pull(server, "pupils", page_size=2)


def test_pages_without_end_are_stopped(server: StilServer) -> None:
    with pytest.raises(SourceBrokenError, match="stoppet efter 2 sider"):
        pull(server, "pupils", page_size=1, patience=Patience(most_pages=2))


def test_an_address_that_cannot_be_one_is_told(server: StilServer) -> None:
    server.address = "http://127.0.0.1\n"
    with pytest.raises(SourceBrokenError, match=r"er KVALITET_STIL_URL rigtig\?"):
        pull(server, "pupils")


def test_an_answer_wrapped_in_a_string_is_read(server: StilServer) -> None:
    server.wraps_in_string = True
    assert of(pull(server, "pupils"), "pupils").value == Decimal(377)


@pytest.mark.parametrize("key", [f"  {KEY}\n", f'"{KEY}"', f"“{KEY}”", f"Bearer {KEY}"])
def test_a_key_pasted_with_spaces_or_quotes_still_works(server: StilServer, key: str) -> None:
    assert of(pull(server, "pupils", key=key), "pupils").value == Decimal(377)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("gammel", r"afviser nøglen \(401\): den er forkert eller udløbet"),
        (" ", "ikke sat nogen nøgle"),
        ("nøgle", "tegn"),
    ],
)
def test_a_wrong_key_is_told_in_danish_with_what_to_do(server: StilServer, key: str, told: str) -> None:
    with pytest.raises(SourceRefusedError, match=told) as refused:
        pull(server, "pupils", key=key)
    assert "Hent en ny gratis nøgle" in refused.value.message


def test_a_renamed_measure_is_named_together_with_the_new_names(server: StilServer) -> None:
    cube = server.cubes["GS/OVER/OVERSKO"]
    cube.measures[cube.measures.index("Samlet elevfravær")] = "Fravær i alt"
    with pytest.raises(SourceBrokenError, match="har ikke længere Samlet elevfravær i kuben GS/OVER/OVERSKO") as broken:
        pull(server, "absence")
    assert "Fravær i alt" in broken.value.message


def test_a_cube_that_is_gone_is_named(server: StilServer) -> None:
    del server.cubes["GS/OVER/OVERSKO"]
    with pytest.raises(SourceBrokenError, match="GS/OVER/OVERSKO"):
        pull(server, "absence")


def test_rows_with_other_columns_are_refused_and_the_new_columns_named(server: StilServer) -> None:
    server.faults = [rows({"[Institution].[Nummer].[Nummer]": "323003", "Elever": "377"})]
    with pytest.raises(
        SourceBrokenError, match=r"sendte ikke .*Elevtal.* men \[Institution\]\.\[Nummer\]\.\[Nummer\], Elever"
    ):
        pull(server, "pupils")


def test_last_years_figures_are_refused(server: StilServer) -> None:
    old = {"[Institution].[Afdelingsnummer].[Afdelingsnummer]": "323003", "[Skoleår].[Skoleår].[Skoleår]": "2023/2024"}
    server.faults = [rows(old | {"Elevtal": "380"})]
    with pytest.raises(SourceBrokenError, match="tal for 2023/2024 i stedet for 2024/2025"):
        pull(server, "pupils")


def test_an_english_number_is_refused_rather_than_guessed(server: StilServer) -> None:
    server.cubes["GS/OVER/OVERSKO"].records[0].values["Elevtal"] = "37.7"
    with pytest.raises(SourceBrokenError, match=r"»37\.7« er ikke et tal på dansk"):
        pull(server, "pupils")


def test_two_rows_for_one_school_are_refused(server: StilServer) -> None:
    records = server.cubes["GS/OVER/OVERSKO"].records
    records.append(records[0])
    with pytest.raises(SourceBrokenError, match="to rækker med Elevtal for skolen 323003"):
        pull(server, "pupils")


def test_country_figures_that_disagree_are_refused(server: StilServer) -> None:
    server.cubes["GS/OVER/OVERSKO"].records[1].values["Samlet elevfravær Land"] = "7,5 %"
    with pytest.raises(SourceBrokenError, match="flere forskellige tal for Samlet elevfravær Land"):
        pull(server, "absence")


def test_a_renamed_well_being_indicator_is_refused_and_the_present_ones_named(server: StilServer) -> None:
    for record in server.cubes["GS/TRIV/TRIVIND"].records:
        name = "[Trivselsindikator].[Trivselsindikator]"
        record.dimensions[name] = record.dimensions[name].replace("Social trivsel", "Socialt")
    with pytest.raises(
        SourceBrokenError, match="har ikke Social trivsel, men Faglig trivsel, Generel trivsel, Ro og orden, Socialt"
    ):
        pull(server, "well_being_social")


@pytest.mark.parametrize(
    "fault", [(429, "text/plain", "slow down"), (500, "text/plain", "oops"), (200, "application/json", '[{"a": "')]
)
def test_a_passing_fault_is_tried_again(server: StilServer, fault: tuple[int, str, str]) -> None:
    server.faults = [fault, fault]
    assert of(pull(server, "pupils"), "pupils").value == Decimal(377)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ((429, "text/plain", "slow down"), r"har for travlt \(429\)"),
        ((503, "text/plain", "oops"), r"har en fejl \(503\)"),
        ((200, "application/json", '[{"a": "'), "skåret over"),
        (HTML, "en hjemmeside i stedet for tal"),
        ((302, "text/plain", ""), r"svarede uventet \(302\)"),
        ((200, "application/json", '{"besked": "hej"}'), "noget andet end rækker"),
        ((200, "application/json", '"hej"'), "noget andet end rækker"),
    ],
)
def test_a_lasting_fault_gives_nothing_but_a_danish_sentence(
    server: StilServer, fault: tuple[int, str, str], told: str
) -> None:
    server.always = fault
    with pytest.raises(SourceBrokenError, match=told):
        pull(server, "pupils")


def test_a_server_that_is_not_there_is_told(server: StilServer) -> None:
    with running(kalundborg()) as gone:
        pass
    with pytest.raises(SourceBrokenError, match="ikke forbindelse"):
        pull(gone, "pupils")


def test_indicators_that_the_source_does_not_have_are_left_to_other_sources(server: StilServer) -> None:
    extract = pull(server, "pupils", "parent_satisfaction")
    assert {m.indicator for m in extract.measurements} == {"pupils"}
    with pytest.raises(SourceBrokenError, match="ingen af nøgletallene parent_satisfaction"):
        pull(server, "parent_satisfaction")


def test_the_raw_answers_and_questions_are_kept_and_equal_answers_have_equal_fingerprints(server: StilServer) -> None:
    first, second = pull(server, "pupils"), pull(server, "pupils")
    [record] = json.loads(first.content)
    assert json.loads(record["pages"][0])[0]["Elevtal"] == "377"
    assert json.loads(first.request)[0]["underemne"] == "OVERSKO"
    assert first.sha256 == second.sha256
    server.cubes["GS/OVER/OVERSKO"].records[0].values["Elevtal"] = "378"
    assert pull(server, "pupils").sha256 != first.sha256


def test_the_key_is_not_in_what_is_printed_or_kept(server: StilServer) -> None:
    extract = pull(server, "pupils")
    assert KEY not in repr(StilApi(key=KEY)) + extract.content.decode() + extract.request
