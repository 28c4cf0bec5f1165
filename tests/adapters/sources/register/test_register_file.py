"""The register's own export: 30 columns of text, of which the rows of two municipalities are real."""

from datetime import date
from pathlib import Path

import pytest

from kvalitet.adapters.sources.register.institutions import Institution, UnitKind
from kvalitet.adapters.sources.register.register_file import Register, read_register, register_of
from kvalitet.adapters.sources.source import WrongFileError

EXPORT = Path(__file__).parent / "institutionsregister.csv"
HEADINGS = EXPORT.read_text(encoding="utf-8-sig").splitlines()[0]


def real() -> Register:
    return read_register(EXPORT)


def one_row(**texts: str) -> bytes:
    """Write an export of one school, in which some columns say something else."""
    columns = HEADINGS.split(";")
    row = {
        "Institutionsnummer": "323003",
        "Institutionsnavn": "Rynkevangskolen",
        "Enhedsart": "Institution uden enheder",
        "Institutionstype, nr": "1012",
        "Aktivkode, nr": "1",
        **{column: texts[key] for key, column in NAMED.items() if key in texts},
    }
    return "\n".join([HEADINGS, ";".join(row.get(column, "") for column in columns)]).encode()


NAMED = {"number": "Institutionsnummer", "kind": "Enhedsart", "updated": "Ajourdato", "closed": "Nedlæggelsesdato"}


def test_the_36_real_rows_are_read() -> None:
    register = real()
    assert len(HEADINGS.split(";")) == 30
    assert (len(register.institutions), register.problems) == (36, ())
    assert register.institutions["323003"] == Institution(
        number="323003",
        name="Rynkevangskolen",
        kind=UnitKind.SINGLE,
        type_number="1012",
        type_name="Folkeskoler",
        municipality="Kalundborg Kommune",
        active_code="1",
        updated_on=date(2024, 4, 16),
    )


def test_folkeskoler_are_those_of_the_kind_and_not_of_the_name() -> None:
    ours = [found for found in real().institutions.values() if found.municipality == "Kalundborg Kommune"]
    assert sum(found.is_primary_school for found in ours) == 15
    assert not real().institutions["323013"].is_primary_school


def test_departments_know_their_main_institution_also_when_it_is_of_another_municipality() -> None:
    register = real()
    assert [found.number for found in register.departments_of("323211")] == ["281769", "301009"]
    tenth = register.institutions["281286"]
    assert (tenth.kind, tenth.main, tenth.municipality) == (UnitKind.DEPARTMENT, "315412", "")


def test_a_school_that_is_only_a_legal_person_has_closed_and_a_main_school_has_not() -> None:
    register = real()
    assert register.institutions["319003"].closes_on == date(2025, 7, 31)
    assert register.institutions["323211"].closes_on is None
    assert register.institutions["323003"].closes_on is None


def test_a_day_of_closing_counts_before_the_day_of_the_last_change() -> None:
    [school] = register_of(one_row(closed="31/07/2027", updated="01/02/2027"), name="r.csv").institutions.values()
    assert school.closes_on == date(2027, 7, 31)


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"number": "32300"}, "række 2, kolonne B: »32300« er ikke et institutionsnummer med seks cifre"),
        ({"kind": "Filial"}, "række 2, kolonne D: »Filial« er ikke en enhedsart, vi kender"),
        ({"closed": "31.07.2027"}, "række 2, kolonne AD: »31.07.2027« er ikke en dato som 31/07/2025"),
        ({"updated": "31/02/2027"}, "række 2, kolonne AB: »31/02/2027« er ikke en dato som 31/07/2025"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_place(texts: dict[str, str], why: str) -> None:
    register = register_of(one_row(**texts), name="register.csv")
    assert ([str(problem) for problem in register.problems], register.institutions) == ([why], {})


def test_a_number_that_is_there_twice_is_told() -> None:
    row = one_row().split(b"\n")[1]
    register = register_of(b"\n".join([one_row(), b"", row]), name="register.csv")
    assert [str(problem) for problem in register.problems] == [
        "række 4, kolonne B: institutionen 323003 er der allerede"
    ]


@pytest.mark.parametrize("content", [b"", b"Skole;By\nA;B\n"])
def test_another_file_is_refused_with_the_columns_that_it_lacks(content: bytes) -> None:
    with pytest.raises(WrongFileError, match="er ikke et udtræk af Institutionsregisteret; den mangler Hovedinst"):
        register_of(content, name="register.csv")


def test_the_fixture_names_nobody() -> None:
    columns = HEADINGS.split(";")
    private = [columns.index(name) for name in ("Institutionsleder", "Telefonnummer", "E-mail adresse")]
    rows = [line.split(";") for line in EXPORT.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert {row[place] for row in rows for place in private} == {""}
