"""The STIL source against a real HTTP server that answers as documented."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import stamina

from kvalitet.adapters.sources.source import (
    NotPublishedYetError,
    SourceBrokenError,
)
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason
from tests.adapters.sources.stil_figures import HOENG, ROERBY, RYNKEVANGSKOLEN, kalundborg
from tests.adapters.sources.stil_pulls import of, pull
from tests.adapters.sources.stil_server import StilServer, running


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(kalundborg()) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def test_the_real_figures_of_rynkevangskolen_come_through(server: StilServer) -> None:
    extract = pull(server, "absence", "grade_average", "well_being_social", "well_being_order")
    values = {
        key: of(extract, key).value for key in ("absence", "grade_average", "well_being_social", "well_being_order")
    }
    assert values == {
        "absence": Decimal("9.3"),
        "grade_average": Decimal("6.4"),
        "well_being_social": Decimal("3.8"),
        "well_being_order": Decimal("3.7"),
    }


def test_municipality_and_country_come_from_the_source_and_not_from_averaging_schools(server: StilServer) -> None:
    extract = pull(server, "absence")
    assert of(extract, "absence", MUNICIPALITY).value == Decimal("8.5")
    assert of(extract, "absence", COUNTRY).value == Decimal("7.4")


def test_a_question_has_the_shape_that_the_online_tool_writes(server: StilServer) -> None:
    pull(server, "pupils")
    assert server.questions == [
        {
            "område": "GS",
            "emne": "OVER",
            "underemne": "OVERSKO",
            "nøgletal": ["Elevtal"],
            "detaljering": ["[Institution].[Afdelingsnummer]", "[Skoleår].[Skoleår]"],
            "filtre": {"[Skoleår].[Skoleår]": ["2024/2025"], "[Institution].[Beliggenhedskommune]": ["Kalundborg"]},
            "indlejret": False,
            "tomme_rækker": False,
            "formattering": "json",
            "side": 1,
            "side_størrelse": 100000,
        }
    ]


def test_a_blank_figure_is_missing_and_never_zero(server: StilServer) -> None:
    missing = of(pull(server, "grade_average"), "grade_average", ROERBY)
    assert (missing.value, missing.missing) == (None, MissingReason.UNKNOWN)


def test_a_school_without_a_row_is_missing_and_other_schools_are_left_out(server: StilServer) -> None:
    extract = pull(server, "pupils", schools=frozenset({RYNKEVANGSKOLEN, "309001"}))
    assert {m.unit: m.value for m in extract.measurements} == {RYNKEVANGSKOLEN: Decimal(377), "309001": None}


def test_thousands_and_levels_are_read(server: StilServer) -> None:
    extract = pull(server, "pupils", "socioeconomic_level")
    assert of(extract, "pupils", HOENG).value == Decimal(1396)
    assert of(extract, "socioeconomic_level", HOENG).level == "Over niveau"


def test_danish_and_maths_are_averaged_and_the_source_says_so(server: StilServer) -> None:
    extract = pull(server, "grade_average_danish_maths")
    assert of(extract, "grade_average_danish_maths").value == Decimal("6.45")
    assert of(extract, "grade_average_danish_maths").source == "Uddannelsesstatistik.dk (beregnet middel af 2 tal)"
    assert of(extract, "grade_average_danish_maths", COUNTRY).value == Decimal("7.15")
    assert of(extract, "grade_average_danish_maths", HOENG).missing is MissingReason.UNKNOWN


def test_an_indicator_without_its_country_figure_is_not_published_yet_while_the_others_are(server: StilServer) -> None:
    extract = pull(server, "absence", "class_size", "inclusion_share")
    assert of(extract, "absence").value == Decimal("9.3")
    assert of(extract, "inclusion_share").missing is MissingReason.NOT_PUBLISHED
    assert of(extract, "class_size").missing is MissingReason.NOT_PUBLISHED
    assert extract.unpublished == ("class_size", "inclusion_share")


@pytest.mark.parametrize("refuses", [False, True])
def test_a_year_that_is_not_there_yet_is_an_outcome_of_its_own(server: StilServer, *, refuses: bool) -> None:
    server.refuses_unknown_members = refuses
    with pytest.raises(NotPublishedYetError, match="ikke offentliggjort tal for skoleåret 2025/26 endnu"):
        pull(server, "absence", school_year=SchoolYear(2025))


def test_a_municipality_that_the_source_does_not_know_is_not_taken_for_a_year_to_come(server: StilServer) -> None:
    server.refuses_unknown_members = True
    with pytest.raises(SourceBrokenError, match="ukendt medlem Kalundborg Kommune"):
        pull(server, "absence", municipality="Kalundborg Kommune")
