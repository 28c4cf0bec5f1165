"""The municipality's schools beside the register: what is to be put right in the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.sources.register.comparing import Finding, FindingKind, compare
from kvalitet.adapters.sources.register.institutions import Institution, UnitKind
from kvalitet.adapters.sources.register.register_file import Register, read_register
from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.municipality import School
from tests import builders

ROOT = Path(__file__).parents[4]
TODAY = date(2026, 9, 15)
OURS = "Kalundborg Kommune"


def institution(number: str = "323001", name: str = "Årby Skole", **given: object) -> Institution:
    values: dict[str, object] = {"kind": UnitKind.SINGLE, "type_number": "1012", "type_name": "Folkeskoler"}
    return Institution(number=number, name=name, **{**values, "municipality": OURS, **given})  # type: ignore[arg-type]  # a builder takes what it builds


def findings(schools: Sequence[School], *institutions: Institution) -> list[Finding]:
    whole = replace(builders.municipality(), name=OURS, schools=tuple(schools))
    register = Register(
        {found.number: found for found in (institution("326000", OURS, type_number="2013"), *institutions)}
    )
    return compare(whole, register, today=TODAY)


def told(schools: Sequence[School], *institutions: Institution) -> list[tuple[FindingKind, str]]:
    return [(found.kind, found.text) for found in findings(schools, *institutions)]


SCHOOL = builders.school("323001", "Årby Skole")


@pytest.mark.parametrize("municipality", ["kalundborg", "hvidovre"])
def test_the_files_of_both_municipalities_agree_with_the_real_register(municipality: str) -> None:
    register = read_register(Path(__file__).parent / "institutionsregister.csv")
    assert compare(load(ROOT / "deployments" / municipality), register, today=TODAY) == []


def test_a_school_that_has_closed_is_still_open_in_the_files() -> None:
    closed = institution(closed_on=date(2026, 7, 31))
    assert told([SCHOOL], closed) == [
        (
            FindingKind.CLOSED,
            (
                "Årby Skole (323001) er lukket den 31.07.2026 efter registret, men står som åben. "
                "Skriv »closed: 2026-07-31« ved skolen."
            ),
        )
    ]
    assert told([replace(SCHOOL, closed=date(2026, 7, 31))], closed) == []


def test_a_school_that_is_closed_in_the_files_is_open_in_the_register() -> None:
    assert told([replace(SCHOOL, closed=date(2026, 7, 31))], institution()) == [
        (
            FindingKind.OPEN,
            (
                "Årby Skole (323001) er åben efter registret, men står som lukket den 31.07.2026. "
                "Ret »closed«, hvis den er gal."
            ),
        )
    ]


def test_a_new_school_is_missing_and_a_school_of_another_kind_or_owner_is_not() -> None:
    found = told(
        [SCHOOL],
        institution(),
        institution("281900", "Den Nye Skole"),
        institution("281901", "Friskolen", type_number="1013", municipality=""),
        institution("281902", "Nabokommunens Skole", municipality="Holbæk Kommune"),
        institution("281903", "Den Gamle Skole", closed_on=date(2026, 7, 31)),
    )
    assert found == [
        (
            FindingKind.NEW,
            "Den Nye Skole (281900) er en folkeskole i registret, men ikke i schools.yaml. Skriv den på.",
        )
    ]


def test_a_school_that_has_become_a_department_of_another_has_been_merged() -> None:
    found = told(
        [SCHOOL],
        institution(kind=UnitKind.DEPARTMENT, main="281900"),
        institution("281900", "Fællesskolen", kind=UnitKind.MAIN, main="281900", active_code="4"),
    )
    assert found == [
        (
            FindingKind.MERGED,
            (
                "Årby Skole (323001) er nu en afdeling under Fællesskolen (281900). "
                "Er de lagt sammen, så luk den, og skriv hovedskolen på."
            ),
        )
    ]


def test_a_department_beside_its_main_school_would_count_its_pupils_twice() -> None:
    main = institution("281900", "Fællesskolen", kind=UnitKind.MAIN, main="281900", active_code="4")
    schools = [SCHOOL, builders.school("281900", "Fællesskolen")]
    department = institution(kind=UnitKind.DEPARTMENT, main="281900")
    assert told(schools, department, main) == [
        (
            FindingKind.COUNTED_TWICE,
            (
                "Årby Skole (323001) er en afdeling under Fællesskolen (281900), som også er på listen. "
                "Behold den ene, ellers tælles eleverne to gange."
            ),
        )
    ]
    assert told([schools[1]], department, main) == []


def test_a_renamed_school_keeps_its_number() -> None:
    assert told([SCHOOL], institution(name="Skolen ved Fjorden")) == [
        (
            FindingKind.RENAMED,
            "Årby Skole (323001) hedder »Skolen ved Fjorden« i registret. Ret navnet, hvis det er nyt.",
        )
    ]


def test_whose_school_it_is_is_told_by_the_register_and_never_by_the_number() -> None:
    number_of_kalundborg = institution(municipality="Holbæk Kommune")
    assert [kind for kind, _ in told([SCHOOL], number_of_kalundborg)] == [FindingKind.ELSEWHERE]
    private = institution(municipality="", type_number="1013", type_name="Friskoler og private grundskoler")
    assert told([SCHOOL], private) == [
        (
            FindingKind.ELSEWHERE,
            (
                "Årby Skole (323001) drives efter registret af ingen kommune (Friskoler og private grundskoler) "
                "og ikke af Kalundborg Kommune. Er det rigtigt, så tag den af listen."
            ),
        )
    ]
    number_of_hvidovre = institution("167999", "Årby Skole")
    assert told([builders.school("167999", "Årby Skole")], number_of_hvidovre) == []


def test_a_number_that_the_register_does_not_have_is_told() -> None:
    assert told([SCHOOL]) == [
        (FindingKind.UNKNOWN, "Årby Skole (323001) er ikke i udtrækket. Se efter, om nummeret er rigtigt.")
    ]


def test_an_export_of_another_municipality_is_refused() -> None:
    whole = replace(builders.municipality(), name="Prøveby Kommune")
    with pytest.raises(WrongFileError, match="har ingen institutioner, som Prøveby Kommune driver"):
        compare(whole, Register({"323001": institution()}), today=TODAY)
