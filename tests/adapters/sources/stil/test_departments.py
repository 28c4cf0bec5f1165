"""A school with departments: what a cube says of one of them is not taken for the school's figure."""

from collections.abc import Iterator

import pytest

from kvalitet.measurements import MissingReason
from tests.adapters.sources.stil.figures import (
    DEPARTMENT,
    HOENG,
    INSTITUTION,
    ROERBY,
    RYNKEVANGSKOLEN,
    denmark,
    record_of,
)
from tests.adapters.sources.stil.pulls import of, pull
from tests.adapters.sources.stil.server import Record, StilServer, running

ELEVEX, OVERSKO = "GS/ELEV/ELEVEX", "GS/OVER/OVERSKO"


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def departments_of(server: StilServer) -> list[Record]:
    return [r for r in server.cubes[ELEVEX].records if DEPARTMENT in r.dimensions]


def test_a_school_of_two_departments_gets_no_figure_of_one_of_them(server: StilServer) -> None:
    own = next(r for r in departments_of(server) if r.dimensions[INSTITUTION] == HOENG)
    part = Record({**own.dimensions, DEPARTMENT: "319777"}, {"Antal elever": "96"}, own.filterable)
    server.cubes[ELEVEX].records.append(part)
    extract = pull(server, "class_size", "absence", "pupils")
    assert of(extract, "class_size", HOENG).missing is MissingReason.UNKNOWN
    assert of(extract, "pupils", HOENG).missing is MissingReason.UNKNOWN
    assert (str(of(extract, "absence", HOENG).value), str(of(extract, "class_size").value)) == ("8.5", "20.5")
    assert extract.warnings == ("Skolen 319002 har 2 afdelinger, og GS/OVER/OVERSKO kender kun dem hver for sig.",)


def test_a_school_whose_one_department_has_a_number_of_its_own_gets_the_departments_figure(server: StilServer) -> None:
    own = next(r for r in departments_of(server) if r.dimensions[INSTITUTION] == RYNKEVANGSKOLEN)
    own.dimensions[DEPARTMENT] = "323777"
    record_of(server, OVERSKO, department=RYNKEVANGSKOLEN).dimensions[DEPARTMENT] = "323777"
    extract = pull(server, "class_size")
    assert (str(of(extract, "class_size").value), extract.warnings) == ("20.5", ())


def test_a_school_whose_departments_are_not_told_keeps_the_figure_under_its_own_number(server: StilServer) -> None:
    server.cubes[ELEVEX].records = [
        r for r in server.cubes[ELEVEX].records if DEPARTMENT not in r.dimensions or ROERBY not in r.dimensions.values()
    ]
    assert str(of(pull(server, "class_size"), "class_size", ROERBY).value) == "12.3"


def test_departments_of_a_year_that_is_not_counted_yet_are_taken_for_schools(server: StilServer) -> None:
    for record in server.cubes[ELEVEX].records:
        record.dimensions["[Skoleår].[Skoleår]"] = "2023/2024"
    assert str(of(pull(server, "class_size"), "class_size").value) == "20.5"
