"""The STIL source when the server or its answer is not as it should be: which error, in which words, and no figures."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kvalitet.adapters.sources.source import RawExtract, SourceBrokenError
from tests.adapters.sources.loopback import Reply, as_json, as_text
from tests.adapters.sources.stil.figures import (
    HOENG,
    ROERBY,
    RYNKEVANGSKOLEN,
    SCHOOL_YEAR,
    WELL_BEING,
    denmark,
    record_of,
)
from tests.adapters.sources.stil.pulls import HTML, of, pull, rows
from tests.adapters.sources.stil.server import StilServer, running
from tests.adapters.sources.waits import Waits

SITE = "Uddannelsesstatistik.dk"
AGAIN = "Dataudtrækket prøves igen senere."
KARAGNS, TRIVIND = "GS/KARA/KARAGNS", "GS/TRIV/TRIVIND"
CUT = Reply(200, b'[{"[Institution].[Institutionsnummer].[Institutionsnummer]": "3230', cut=True)
HALF = Reply(200, b'[{"[Institution].[Institutionsnummer].[Institutionsnummer]": "3230')
LAST_YEAR = {
    "[Institution].[Institutionsnummer].[Institutionsnummer]": "323003",
    "[Skoleår].[Skoleår].[Skoleår]": "2023/2024",
    "Gennemsnit i bundne 9.-klasseprøver": "6,1",
    "Antal elever med alle bundne prøver": "38",
}


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def broken_by(server: StilServer, *indicators: str, waits: Waits | None = None) -> str:
    """Give the sentence with which the extract fails; there is nothing else to have."""
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, *indicators or ("grade_average",), patience=(waits or Waits()).patience())
    return broken.value.message


def pages_of(extract: RawExtract) -> list[Reply]:
    return [as_json(page) for record in json.loads(extract.content) for page in record["pages"]]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (as_text("slow down", 429), f"{SITE} har for travlt (429). {AGAIN}"),
        (as_text("oops", 500), f"{SITE} har en fejl (500). {AGAIN}"),
        (as_text("oops", 503), f"{SITE} har en fejl (503). {AGAIN}"),
        (CUT, f"Der er ikke forbindelse til {SITE} (RemoteProtocolError). {AGAIN}"),
        (HALF, f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (as_json('[{"[Skoleår]'), f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (
            Reply(200, b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"}),
            f"{SITE} sendte et svar, der er skåret over. {AGAIN}",
        ),
        (
            Reply(200, b"[]", headers={"Content-Encoding": "gzip"}),
            f"{SITE} sendte et svar, der ikke kan pakkes ud. {AGAIN}",
        ),
        (HTML, f"{SITE} svarede med en hjemmeside i stedet for tal; er KVALITET_STIL_URL rigtig?"),
        (
            Reply(302, headers={"Location": "http://127.0.0.1:9/"}),
            f"{SITE} henviser til en anden adresse (302), som vi ikke følger; er KVALITET_STIL_URL rigtig?",
        ),
        (as_text("", 404), f"{SITE} svarede uventet (404); er KVALITET_STIL_URL rigtig?"),
        (as_json({"besked": "hej"}), f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret."),
        (as_json([{"tal": ["7,3"]}]), f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret."),
        (as_json(["hej"]), f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret."),
        (as_json(None), f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret."),
        (Reply(200, b"[" * 5000), f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (Reply(200, b"[", endless=b" " * 65536), f"{SITE} sendte mere end 1 MB; udtrækket er stoppet."),
        (
            as_text("der opstod en fejl", 400),
            f"{SITE} afviste spørgsmålet til kuben GS/KARA/KARAGNS; ret cubes.yaml. Svaret var: der opstod en fejl",
        ),
    ],
)
def test_a_lasting_fault_gives_nothing_but_a_danish_sentence(server: StilServer, fault: Reply, told: str) -> None:
    server.always = fault
    assert broken_by(server) == told


@pytest.mark.parametrize("fault", [as_text("slow down", 429), as_text("oops", 500), CUT, HALF])
@pytest.mark.parametrize("place", ["faults", "catalogue_faults"])
def test_a_passing_fault_is_tried_again(server: StilServer, fault: Reply, place: str) -> None:
    setattr(server, place, [fault, fault])
    waits = Waits()
    assert str(of(pull(server, "grade_average", patience=waits.patience()), "grade_average").value) == "6.4"
    assert waits.slept == [1.0, 2.0]


def test_a_server_that_drips_is_given_up_after_the_time_for_an_answer(server: StilServer) -> None:
    server.always = Reply(200, endless=b" ")
    waits = Waits(seconds_per_reading=2)
    assert broken_by(server, waits=waits) == f"{SITE} sender sit svar for langsomt. {AGAIN}"


def test_a_server_that_is_not_there_is_told() -> None:
    with running(denmark()) as gone:
        pass
    assert broken_by(gone) == f"Der er ikke forbindelse til {SITE} (ConnectError). {AGAIN}"


def test_one_cube_that_fails_takes_the_whole_extract_with_it(server: StilServer) -> None:
    del server.cubes[TRIVIND]
    told = broken_by(server, "absence", "well_being_social")
    assert told.startswith(f"{SITE} har ikke længere kuben GS/TRIV/TRIVIND.")


def test_rows_with_other_columns_are_refused_and_the_new_columns_named(server: StilServer) -> None:
    server.faults = [rows({"[Institution].[Nummer].[Nummer]": "323003", "Elever": "377"})]
    assert broken_by(server) == (
        f"{SITE} sendte ikke [Institution].[Institutionsnummer].[Institutionsnummer], [Skoleår].[Skoleår].[Skoleår], "
        "Gennemsnit i bundne 9.-klasseprøver, Antal elever med alle bundne prøver fra kuben GS/KARA/KARAGNS, "
        "men [Institution].[Nummer].[Nummer], Elever. Ret navnene i cubes.yaml."
    )


def test_a_later_row_that_lacks_a_column_is_refused_too(server: StilServer) -> None:
    half = {key: value for key, value in LAST_YEAR.items() if not key.startswith("Antal")}
    server.faults = [rows(LAST_YEAR, half)]
    assert broken_by(server).startswith(f"{SITE} sendte ikke Antal elever med alle bundne prøver fra kuben")


def test_last_years_figures_are_refused(server: StilServer) -> None:
    server.faults = [rows(LAST_YEAR), rows()]
    assert broken_by(server) == f"{SITE} sendte tal for 2023/2024 i stedet for 2024/2025."


def test_another_municipalitys_figures_are_refused(server: StilServer) -> None:
    schools, end, municipality, *_ = pages_of(pull(server, "grade_average"))
    server.faults = [schools, end, Reply(200, municipality.content.replace(b"Kalundborg", b"Kolding")), end]
    assert broken_by(server) == f"{SITE} sendte tal for Kolding i stedet for Kalundborg."


@pytest.mark.parametrize("text", ["6.4", "seks", "6,4,1", "NaN"])
def test_a_figure_that_is_no_danish_number_is_refused_rather_than_guessed(server: StilServer, text: str) -> None:
    record_of(server, KARAGNS, school=RYNKEVANGSKOLEN).values["Gennemsnit i bundne 9.-klasseprøver"] = text
    assert broken_by(server) == (
        f"{SITE} sendte et tal, der ikke kan læses: »{text}« er ikke et tal på dansk (som 2.351 eller 7,3)."
    )


@pytest.mark.parametrize("text", ["38,5", "-4"])
def test_half_a_pupil_is_refused(server: StilServer, text: str) -> None:
    record_of(server, KARAGNS, school=RYNKEVANGSKOLEN).values["Antal elever med alle bundne prøver"] = text
    assert broken_by(server) == f"{SITE} sendte et tal, der ikke kan læses: »{text}« er ikke et antal elever."


def test_an_indicator_under_two_names_is_refused_since_nobody_knows_which_is_right(server: StilServer) -> None:
    old = record_of(server, TRIVIND, school=RYNKEVANGSKOLEN, of="Generel trivsel")
    new = replace(old, dimensions=old.dimensions | {WELL_BEING: "Generel skoletrivsel"})
    server.cubes[TRIVIND].records.append(new)
    assert broken_by(server, "well_being_general") == (
        f"{SITE} har Generel trivsel under flere navne; lad ét stå i cubes.yaml."
    )


def test_years_of_every_kind_are_refused(server: StilServer) -> None:
    years: tuple[object, ...] = (None, "2023/2024", 7)
    server.faults = [as_json([{**LAST_YEAR, "[Skoleår].[Skoleår].[Skoleår]": year} for year in years]), rows()]
    assert broken_by(server) == f"{SITE} sendte tal for 2023/2024 i stedet for 2024/2025."


def test_two_rows_for_one_school_are_refused(server: StilServer) -> None:
    server.cubes[KARAGNS].records.append(replace(record_of(server, KARAGNS, school=HOENG)))
    assert broken_by(server) == (f"{SITE} sendte to rækker for 319002, 2024/2025 fra kuben GS/KARA/KARAGNS.")


def test_country_figures_that_disagree_are_refused(server: StilServer) -> None:
    record_of(server, TRIVIND, school=HOENG, of="Social trivsel").values["Indikatorsvar - Landstal"] = "3,9"
    assert broken_by(server, "well_being_social") == (
        f"{SITE} sendte flere forskellige tal for Social trivsel - Landstal."
    )


def test_schools_without_the_countrys_figure_are_not_a_whole_answer(server: StilServer) -> None:
    server.cubes[KARAGNS].records = [r for r in server.cubes[KARAGNS].records if set(r.dimensions) != {SCHOOL_YEAR}]
    assert broken_by(server) == (
        f"{SITE} sendte Karaktergennemsnit, 9. klasses prøver uden landets tal; svaret er ikke helt."
    )


def test_a_municipality_with_a_figure_of_which_no_school_has_one_is_not_a_whole_answer(server: StilServer) -> None:
    schools = {RYNKEVANGSKOLEN, ROERBY, HOENG}
    server.cubes["GS/ELEVFRAV/FRAVAAR"].records = [
        r for r in server.cubes["GS/ELEVFRAV/FRAVAAR"].records if not schools - {HOENG} & set(r.dimensions.values())
    ]
    assert broken_by(server, "absence") == (
        f"{SITE} sendte Samlet elevfravær for kun 1 af 3 skoler; svaret er ikke helt."
    )


def test_a_fault_in_the_last_question_takes_the_answers_of_the_first_with_it(server: StilServer) -> None:
    schools, end, municipality, *_ = pages_of(pull(server, "grade_average"))
    asked = len(server.questions)
    server.faults = [schools, end, municipality, end, HTML]
    assert broken_by(server) == f"{SITE} svarede med en hjemmeside i stedet for tal; er KVALITET_STIL_URL rigtig?"
    assert len(server.questions) == asked + 5
