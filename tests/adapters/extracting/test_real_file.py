"""The real figures of the 24 schools, from the file that a municipality gets to what is shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.extracting.importing import import_file
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.store import Store
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement
from kvalitet.municipality import Municipality
from kvalitet.pulls import PullOutcome
from tests.adapters.installed import installation as made
from tests.adapters.sources.files.saved import Cells, excel
from tests.builders import instant

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "adapters" / "sources" / "files" / "skoletal_2024_2025.csv"
HEADINGS, *ROWS = [line.split(";") for line in FILE.read_text(encoding="utf-8-sig").splitlines()]
NOW = instant("2026-09-15")
NUMBERS = {
    "pupils": "Elevtal",
    "class_size": "Klassekvotient",
    "absence": "Samlet elevfravær",
    "grade_average": "Karaktergennemsnit",
    "teacher_competence": "Kompetencedækning",
    "socioeconomic_difference": "SocRef Forskel",
    "well_being_general": "Generel trivsel",
    "well_being_academic": "Faglig trivsel",
    "well_being_social": "Social trivsel",
    "well_being_order": "Ro og orden",
}


def of_the_file(school: str, column: str) -> Decimal | None:
    """Read a cell of the file in the simplest way there is."""
    [row] = [row for row in ROWS if row[2] == school]
    text = row[HEADINGS.index(column)]
    return Decimal(text.replace(",", ".")) if text else None


def shown(installation: Installation, municipality: Municipality) -> dict[tuple[str, str], Measurement]:
    with installation.store.read() as connection:
        found = shown_figures(connection, municipality, viewer_may_see_confidential=False)
    assert {one.school_year for one in found} == {SchoolYear(2024)}
    return {(one.unit, one.indicator): one for one in found}


@pytest.mark.parametrize(("key", "schools"), [("kalundborg", 15), ("hvidovre", 9)])
def test_every_figure_of_the_file_is_shown_and_a_blank_is_never_zero(
    store: Store, tmp_path: Path, key: str, schools: int
) -> None:
    place = load(ROOT / "deployments" / key)
    installation = made(store, tmp_path, place)
    kept = import_file(installation, place, FILE, now=NOW)
    assert (kept.outcome, kept.snapshot.rows) == (PullOutcome.PUBLISHED, schools * 11)
    found = shown(installation, place)
    assert len({unit for unit, _ in found}) == schools
    wanted = {
        (school.number, indicator): of_the_file(school.number, column)
        for school in place.schools
        for indicator, column in NUMBERS.items()
    }
    assert {place: found[place].value for place in wanted} == wanted
    missing = {place for place, one in found.items() if one.missing}
    assert {place for place in missing if place[1] in NUMBERS} == {
        place for place, value in wanted.items() if value is None
    }
    assert not any(one.value == 0 for place, one in found.items() if place[1] != "socioeconomic_difference")


def test_rynkevangskolens_figures_of_2024_25_are_those_that_are_known(store: Store, tmp_path: Path) -> None:
    place = load(ROOT / "deployments" / "kalundborg")
    installation = made(store, tmp_path, place)
    import_file(installation, place, FILE, now=NOW)
    found = shown(installation, place)
    known = ("absence", "grade_average", "well_being_social", "well_being_order")
    assert [found["323003", indicator].value for indicator in known] == [
        Decimal("9.3"),
        Decimal("6.4"),
        Decimal("3.8"),
        Decimal("3.7"),
    ]


def test_a_pivot_in_excel_with_the_same_absence_shows_the_same(store: Store, tmp_path: Path) -> None:
    place = load(ROOT / "deployments" / "kalundborg")
    installation = made(store, tmp_path, place)
    column = HEADINGS.index("Samlet elevfravær")
    rows: Cells = [
        [row[1] if row[2] in {"167001", "281286"} else None, row[2], row[3], of_the_file(row[2], HEADINGS[column])]
        for row in ROWS
    ]
    caption = ["Samlet elevfravær", None, None, "Skoleår"]
    headings = ["Kommune", "Institutionsnummer", "Institution", "2024/2025"]
    file = tmp_path / "fravær.xlsx"
    file.write_bytes(excel([[], [], [], [], caption, headings, *rows, ["Hovedtotal", None, None, 8.1]], merged="C1:N3"))
    kept = import_file(installation, place, file, now=NOW)
    assert kept.outcome is PullOutcome.PUBLISHED
    assert {unit: one.value for (unit, _), one in shown(installation, place).items()} == {
        school.number: of_the_file(school.number, "Samlet elevfravær") for school in place.schools
    }
