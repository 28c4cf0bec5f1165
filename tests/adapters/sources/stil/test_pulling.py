"""The STIL source against a real HTTP server that answers as documented."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from kvalitet.adapters.sources.source import NotPublishedYetError, SourceBrokenError
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason
from tests.adapters.sources.stil.figures import (
    HOENG,
    INSTITUTION,
    KIND,
    ROERBY,
    RYNKEVANGSKOLEN,
    SCHOOL_YEAR,
    YEAR,
    denmark,
    record_of,
)
from tests.adapters.sources.stil.figures import MUNICIPALITY as PLACE
from tests.adapters.sources.stil.pulls import of, pull
from tests.adapters.sources.stil.server import Record, StilServer, running

GRADES = "Gennemsnit i bundne 9.-klasseprøver"


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def test_municipality_and_country_come_from_the_source_and_not_from_averaging_schools(server: StilServer) -> None:
    extract = pull(server, "absence")
    assert of(extract, "absence", MUNICIPALITY).value == Decimal("8.5")
    assert of(extract, "absence", COUNTRY).value == Decimal("7.4")


def test_a_question_has_the_shape_that_the_online_tool_writes(server: StilServer) -> None:
    pull(server, "grade_average")
    assert server.questions[0] == {
        "område": "GS",
        "emne": "KARA",
        "underemne": "KARAGNS",
        "nøgletal": [GRADES, "Antal elever med alle bundne prøver"],
        "detaljering": ["[Institution].[Institutionsnummer]", "[Skoleår].[Skoleår]"],
        "filtre": {
            "[Institution].[Institutionstype]": ["Folkeskoler"],
            "[Skoleår].[Skoleår]": ["2024/2025"],
            "[Institution].[Beliggenhedskommune]": ["Kalundborg"],
        },
        "indlejret": False,
        "tomme_rækker": False,
        "formattering": "json",
        "side": 1,
        "side_størrelse": 100000,
    }


def test_the_municipality_and_the_country_are_asked_in_questions_of_their_own(server: StilServer) -> None:
    pull(server, "absence")
    firsts = [question for question in server.questions if question["side"] == 1]
    assert [(question["detaljering"], question["filtre"]) for question in firsts[1:]] == [
        (
            ["[Institution].[Beliggenhedskommune]", "[Tid].[Skoleår]"],
            {"[Tid].[Skoleår]": ["2024/2025"], "[Institution].[Beliggenhedskommune]": ["Kalundborg"]},
        ),
        (["[Tid].[Skoleår]"], {"[Tid].[Skoleår]": ["2024/2025"]}),
    ]


def test_the_inclusion_of_a_municipality_is_that_of_those_who_live_there(server: StilServer) -> None:
    extract = pull(server, "inclusion_share")
    assert of(extract, "inclusion_share", MUNICIPALITY).value == Decimal("94.7")
    assert of(extract, "inclusion_share", MUNICIPALITY).pupils == 2351
    assert {"[Bopælskommune].[Bopælskommune]": ["Kalundborg"]}.items() <= server.questions[2]["filtre"].items()


def test_a_suppressed_school_has_no_row_and_is_missing_never_zero(server: StilServer) -> None:
    missing = of(pull(server, "grade_average"), "grade_average", ROERBY)
    assert (missing.value, missing.missing) == (None, MissingReason.UNKNOWN)


def test_a_blank_figure_is_missing_and_never_zero(server: StilServer) -> None:
    missing = of(pull(server, "socioeconomic_difference"), "socioeconomic_difference", ROERBY)
    assert (missing.value, missing.missing) == (None, MissingReason.UNKNOWN)


def test_a_school_without_a_row_is_missing_and_other_schools_are_left_out(server: StilServer) -> None:
    extract = pull(server, "pupils", schools=frozenset({RYNKEVANGSKOLEN, "999999"}))
    assert {m.unit: m.value for m in extract.measurements} == {RYNKEVANGSKOLEN: Decimal(377), "999999": None}


def test_thousands_and_levels_are_read(server: StilServer) -> None:
    record_of(server, "GS/OVER/OVERSKO", school=HOENG).values["Elevtal"] = "1.396"
    extract = pull(server, "pupils", "socioeconomic_level")
    assert of(extract, "pupils", HOENG).value == Decimal(1396)
    assert of(extract, "socioeconomic_level", HOENG).level == "Over niveau"


def test_danish_and_maths_are_averaged_and_the_source_says_so(server: StilServer) -> None:
    extract = pull(server, "grade_average_danish_maths")
    assert of(extract, "grade_average_danish_maths").value == Decimal("6.45")
    assert of(extract, "grade_average_danish_maths").source == "Uddannelsesstatistik.dk (beregnet middel af 2 tal)"
    assert of(extract, "grade_average_danish_maths", COUNTRY).value == Decimal("7.15")
    assert of(extract, "grade_average_danish_maths", HOENG).missing is MissingReason.UNKNOWN


def test_all_five_indicators_of_well_being_are_told_apart(server: StilServer) -> None:
    keys = [f"well_being_{name}" for name in ("general", "academic", "social", "support", "order")]
    extract = pull(server, *keys)
    assert [str(of(extract, key).value) for key in keys] == ["3.5", "3.5", "3.8", "3.1", "3.7"]


def test_the_number_of_pupils_behind_a_figure_is_kept_where_the_cube_tells_it(server: StilServer) -> None:
    extract = pull(server, "grade_average", "well_being_social", "class_size", "absence")
    keys = ("grade_average", "well_being_social", "class_size", "absence")
    assert {key: of(extract, key).pupils for key in keys} == {
        "grade_average": 41,
        "well_being_social": 211,
        "class_size": 377,
        "absence": None,
    }
    assert of(extract, "grade_average", COUNTRY).pupils == 38512
    assert of(extract, "well_being_social", COUNTRY).pupils is None


def test_an_indicator_without_any_figure_is_not_published_yet_while_the_others_are(server: StilServer) -> None:
    for record in server.cubes["GS/OVER/OVERSKO"].records:
        record.values |= {"SocRef Forskel": "", "Klassekvotient": "", "Klassekvotient Land": ""}
        record.values["Klassekvotient Kommune"] = ""
    extract = pull(server, "absence", "class_size", "socioeconomic_difference")
    assert of(extract, "absence").value == Decimal("9.3")
    assert of(extract, "class_size").missing is MissingReason.NOT_PUBLISHED
    assert extract.unpublished == ("class_size", "socioeconomic_difference")


def test_a_cube_that_lacks_the_school_year_is_not_published_yet_and_is_not_asked(server: StilServer) -> None:
    for record in server.cubes["GS/ELEVFRAV/FRAVAAR"].records:
        record.dimensions["[Tid].[Skoleår]"] = "2023/2024"
    extract = pull(server, "absence", "grade_average")
    assert extract.unpublished == ("absence",)
    assert [m.unit for m in extract.measurements if m.indicator == "absence"] == [
        ROERBY,
        HOENG,
        RYNKEVANGSKOLEN,
        MUNICIPALITY,
        COUNTRY,
    ]
    assert {question["underemne"] for question in server.questions} == {"KARAGNS"}


def test_a_year_that_is_not_there_yet_is_an_outcome_of_its_own(server: StilServer) -> None:
    with pytest.raises(NotPublishedYetError) as waiting:
        pull(server, "absence", "well_being_social", "pupils", school_year=SchoolYear(2025))
    assert waiting.value.message == "Uddannelsesstatistik.dk har ikke offentliggjort tal for skoleåret 2025/26 endnu."
    assert server.questions == []


@pytest.mark.parametrize("form", ["only_long_names", "answers_in_long_names", "members_are_plain"])
def test_both_forms_that_names_have_been_met_in_are_understood(server: StilServer, form: str) -> None:
    setattr(server, form, True)
    extract = pull(server, "grade_average", "well_being_social")
    assert of(extract, "grade_average").value == Decimal("6.4")
    assert of(extract, "well_being_social").value == Decimal("3.8")


def test_rows_of_nobody_are_left_out(server: StilServer) -> None:
    nobody = {INSTITUTION: "<uoplyst>", SCHOOL_YEAR: YEAR}
    for _ in range(2):
        record = Record(nobody, {GRADES: "2,0"}, {PLACE: "Kalundborg", KIND: "Folkeskoler"})
        server.cubes["GS/KARA/KARAGNS"].records.append(record)
    assert of(pull(server, "grade_average"), "grade_average").value == Decimal("6.4")


def test_indicators_that_the_source_does_not_have_are_left_to_other_sources(server: StilServer) -> None:
    extract = pull(server, "pupils", "parent_satisfaction")
    assert {m.indicator for m in extract.measurements} == {"pupils"}
    with pytest.raises(SourceBrokenError) as none:
        pull(server, "parent_satisfaction")
    assert none.value.message == "Uddannelsesstatistik.dk har ingen af nøgletallene parent_satisfaction."


def test_the_raw_answers_and_questions_are_kept_and_equal_answers_have_equal_fingerprints(server: StilServer) -> None:
    first, second = pull(server, "grade_average"), pull(server, "grade_average")
    schools, municipality, _country = json.loads(first.content)
    assert [len(page) for page in schools["pages"]] == [9, 0]
    assert municipality["pages"][0][0][GRADES] == "6,6"
    assert municipality["question"] == json.loads(first.request)[1]
    assert first.sha256 == second.sha256
    record_of(server, "GS/KARA/KARAGNS", school=HOENG).values[GRADES] = "7,7"
    assert pull(server, "grade_average").sha256 != first.sha256
