"""The catalogue is asked before the figures: what is no longer there is named, together with what came instead."""

from collections.abc import Iterator

import pytest

from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.stil.cubes import CatalogueEntry
from tests.adapters.sources.loopback import as_json, as_text
from tests.adapters.sources.stil.figures import (
    DEPARTMENT,
    INSTITUTION,
    KIND,
    RYNKEVANGSKOLEN,
    WELL_BEING,
    denmark,
)
from tests.adapters.sources.stil.pulls import api, pull
from tests.adapters.sources.stil.server import StilServer, running

KARAGNS = "GS/KARA/KARAGNS"
SITE = "Uddannelsesstatistik.dk"


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def told(server: StilServer, *indicators: str, municipality: str = "Kalundborg") -> str:
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, *indicators, municipality=municipality)
    assert server.questions == []
    return broken.value.message


def test_every_measure_dimension_and_member_that_a_pull_needs_is_looked_up_first(server: StilServer) -> None:
    pull(server, "grade_average", schools=frozenset({RYNKEVANGSKOLEN}))
    place = {"område": "GS", "emne": "KARA", "underemne": "KARAGNS"}
    assert server.looked_up == [
        place,
        {**place, "detalje": "[Skoleår].[Skoleår]"},
        {**place, "detalje": "[Institution].[Institutionstype]"},
        {**place, "detalje": "[Institution].[Beliggenhedskommune]"},
    ]


@pytest.mark.parametrize("only_long", [False, True])
def test_a_renamed_measure_is_named_together_with_the_new_names(server: StilServer, *, only_long: bool) -> None:
    server.only_long_names = only_long
    server.cubes[KARAGNS].measures = [
        "Antal elever med alle bundne prøver",
        "Andel i alt",
        "Gennemsnit i bundne prøver i 9. klasse",
    ]
    assert told(server, "grade_average") == (
        f"{SITE} har ikke længere nøgletal Gennemsnit i bundne 9.-klasseprøver i kuben GS/KARA/KARAGNS, "
        "men har nu også: Gennemsnit i bundne prøver i 9. klasse, Andel i alt. Ret navnene i cubes.yaml."
    )


def test_many_new_names_are_counted_after_the_nearest_ones(server: StilServer) -> None:
    server.cubes[KARAGNS].measures = [f"Nøgletal {number}" for number in range(15)]
    assert told(server, "grade_average").endswith("og 3 til. Ret navnene i cubes.yaml.")


def test_a_renamed_dimension_is_named_together_with_the_new_names(server: StilServer) -> None:
    for record in server.cubes[KARAGNS].records:
        if INSTITUTION in record.dimensions:
            record.dimensions["[Institution].[Nummer]"] = record.dimensions.pop(INSTITUTION)
    assert told(server, "grade_average") == (
        f"{SITE} har ikke længere dimensionen [Institution].[Institutionsnummer] i kuben GS/KARA/KARAGNS, "
        "men har nu også: [Institution].[Nummer]. Ret navnene i cubes.yaml."
    )


def test_a_renamed_kind_of_school_is_named_together_with_the_new_names(server: StilServer) -> None:
    for record in server.cubes[KARAGNS].records:
        record.filterable[KIND] = "Folkeskole"
    assert told(server, "grade_average") == (
        f"{SITE} har ikke længere [Institution].[Institutionstype] = Folkeskoler i kuben GS/KARA/KARAGNS, "
        "men har nu også: Folkeskole. Ret navnene i cubes.yaml."
    )


def test_a_municipality_that_the_source_does_not_know_is_not_taken_for_a_year_to_come(server: StilServer) -> None:
    assert told(server, "absence", municipality="Kalundborgs") == (
        f"{SITE} kender ikke kommunen Kalundborgs i kuben GS/ELEVFRAV/FRAVAAR; det nærmeste er Kalundborg, Hvidovre. "
        "Er kommunens navn i municipality.yaml rigtigt?"
    )


def test_a_renamed_well_being_indicator_is_refused_and_the_present_ones_named(server: StilServer) -> None:
    for record in server.cubes["GS/TRIV/TRIVIND"].records:
        record.dimensions[WELL_BEING] = record.dimensions[WELL_BEING].replace("Social trivsel", "Socialt")
    assert told(server, "well_being_social") == (
        f"{SITE} har ikke længere Social trivsel i kuben GS/TRIV/TRIVIND, "
        "men Faglig trivsel, Generel trivsel, Ro og orden, Socialt, Støtte og inspiration. Ret navnene i cubes.yaml."
    )


def test_a_cube_that_is_gone_is_named_with_what_the_subject_has_now(server: StilServer) -> None:
    server.cubes["GS/KARA/KARAGS9"] = server.cubes.pop(KARAGNS)
    assert told(server, "grade_average") == (
        f"{SITE} har ikke længere kuben GS/KARA/KARAGNS. Emnet har nu: KARADM, GS/KARA/KARADM, KARAGS9, "
        "GS/KARA/KARAGS9. Ret stedet i cubes.yaml."
    )


def test_a_subject_that_is_gone_is_told(server: StilServer) -> None:
    server.cubes = {}
    assert told(server, "grade_average") == (
        f"{SITE} har ikke længere kuben GS/KARA/KARAGNS. Emnet findes heller ikke. Ret stedet i cubes.yaml."
    )


def test_a_subject_that_cannot_even_be_asked_for_is_told(server: StilServer) -> None:
    server.catalogue_faults = [as_text("ukendt underemne", 400), as_text("ukendt emne", 400)]
    assert told(server, "grade_average").endswith("Emnet findes heller ikke. Ret stedet i cubes.yaml.")


def test_a_catalogue_that_counts_its_members_is_read_too(server: StilServer) -> None:
    members = as_json({"medlemmer": [{"ID": 1, "Name": "2024/2025", "count": 3}]})
    entry = as_json({"nøgletal": ["A"], "detaljer": ["[Skoleår].[Skoleår]"]})
    server.catalogue_faults = [entry, members]
    talk = api(server).begin()
    assert talk.entry({}) == CatalogueEntry(("A",), ("[Skoleår].[Skoleår]",))
    assert talk.members({}, "[Skoleår].[Skoleår]") == ("2024/2025",)


@pytest.mark.parametrize("found", [[], None, {"nøgletal": None}, "GS"])
def test_a_catalogue_of_another_shape_is_taken_for_one_without_the_cube(server: StilServer, found: object) -> None:
    server.catalogue_faults = [as_json(found)]
    assert told(server, "grade_average").startswith(f"{SITE} har ikke længere kuben GS/KARA/KARAGNS.")


def test_departments_are_looked_up_where_a_cube_knows_nothing_else(server: StilServer) -> None:
    for record in server.cubes["GS/ELEV/ELEVEX"].records:
        record.dimensions.pop(DEPARTMENT, None)
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, "class_size")
    assert broken.value.message == (
        f"{SITE} har ikke længere dimensionen [Institution].[Afdelingsnummer] i kuben GS/ELEV/ELEVEX, "
        "men har nu også: [Bopælskommune].[Bopælskommune]. Ret navnene i cubes.yaml."
    )
