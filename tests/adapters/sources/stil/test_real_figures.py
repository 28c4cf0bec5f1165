"""The real figures of 2024/25, from the answer on the wire to the measurement."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason
from tests.adapters.sources.stil.figures import TENTH_GRADE, denmark, school_rows
from tests.adapters.sources.stil.pulls import of, pull
from tests.adapters.sources.stil.server import StilServer, running

COLUMNS = {
    "pupils": "Elevtal",
    "class_size": "Klassekvotient",
    "absence": "Samlet elevfravær",
    "grade_average": "Karaktergennemsnit",
    "teacher_competence": "Kompetencedækning",
    "socioeconomic_difference": "SocRef Forskel",
    "socioeconomic_level": "SocRef Signifikant forskel",
    "well_being_general": "Generel trivsel",
    "well_being_academic": "Faglig trivsel",
    "well_being_social": "Social trivsel",
    "well_being_order": "Ro og orden",
}


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def test_the_real_figures_of_rynkevangskolen_come_through(server: StilServer) -> None:
    extract = pull(server, *COLUMNS)
    keys = ("absence", "grade_average", "well_being_social", "well_being_order")
    assert {key: of(extract, key, "323003").value for key in keys} == {
        "absence": Decimal("9.3"),
        "grade_average": Decimal("6.4"),
        "well_being_social": Decimal("3.8"),
        "well_being_order": Decimal("3.7"),
    }


@pytest.mark.parametrize(("municipality", "schools", "figures"), [("Kalundborg", 16, 146), ("Hvidovre", 9, 96)])
def test_every_figure_of_every_school_comes_through_under_its_own_name(
    server: StilServer, municipality: str, schools: int, figures: int
) -> None:
    rows = school_rows(municipality.lower())
    numbers = {row["Afdelingsnummer"] for row in rows} | ({TENTH_GRADE} if municipality == "Kalundborg" else set())
    extract = pull(server, *COLUMNS, municipality=municipality, schools=frozenset(numbers))
    got = {
        (m.unit, m.indicator): m.level or str(m.value).replace(".", ",")
        for m in extract.measurements
        if m.missing is None and m.unit not in {MUNICIPALITY, COUNTRY}
    }
    expected = {
        (row["Afdelingsnummer"], key): row[column] for row in rows for key, column in COLUMNS.items() if row[column]
    }
    assert got == expected
    assert (len(numbers), len(got)) == (schools, figures)
    missing = {m.missing for m in extract.measurements if m.missing}
    assert missing <= {MissingReason.UNKNOWN}
    assert len(extract.measurements) == schools * len(COLUMNS) + 2 * 8
