from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("goals.yaml", "focus_area: well_being\n    per: school", "focus_area: wellbeing\n    per: school")],
            [
                (
                    "goals.yaml, linje 16, goals[1].focus_area: Indsatsområdet »wellbeing« findes ikke; "
                    "mener du »well_being«?"
                )
            ],
            id="an unknown focus area",
        ),
        pytest.param(
            [("goals.yaml", "key: goals_set", "key: absence")],
            [
                (
                    "goals.yaml, linje 14, goals[1].key: Målet »absence« står to gange, første gang i "
                    "linje 5; ret den ene."
                )
            ],
            id="two goals with one key",
        ),
        pytest.param(
            [("goals.yaml", "goals:\n", "  - key: well_being\n    title: Igen\ngoals:\n")],
            [
                (
                    "goals.yaml, linje 4, focus_areas[1].key: Indsatsområdet »well_being« står to gange, "
                    "første gang i linje 2; ret den ene."
                )
            ],
            id="two focus areas with one key",
        ),
        pytest.param(
            [
                (
                    "goals.yaml",
                    "    schools: [000123]\n",
                    "    schools: [000123]\n  - {key: together, title: Igen, first_school_year: 2018/19}\n",
                )
            ],
            [
                (
                    "goals.yaml, linje 31, efforts[1].key: Indsatsen »together« står to gange, første gang "
                    "i linje 25; ret den ene."
                )
            ],
            id="two efforts with one key",
        ),
        pytest.param(
            [("goals.yaml", "indicator: absence", "indicator: absences")],
            [("goals.yaml, linje 9, goals[0].indicator: Nøgletallet »absences« kendes ikke; mener du »absence«?")],
            id="an unknown indicator in a goal",
        ),
        pytest.param(
            [("goals.yaml", "      value: 6,5", "      points: 6,5")],
            [("goals.yaml, linje 10, goals[0].target: Målet af typen at_most skal have value, og ikke andet.")],
            id="a target with the wrong number",
        ),
        pytest.param(
            [
                ("goals.yaml", "    indicator: absence", "    indicator: at_least_02_share"),
                ("goals.yaml", "      type: at_most\n      value: 6,5", "      type: rise_points\n      points: 10"),
            ],
            [("goals.yaml, linje 10, goals[0].target: Skriv »baseline_year«: det skoleår, som målet skal stige fra.")],
            id="a rise from nowhere",
        ),
        pytest.param(
            [("goals.yaml", "      type: at_most", "      type: at_least")],
            [
                (
                    "goals.yaml, linje 10, goals[0].target: Målet absence: måltypen går den forkerte vej: for "
                    "nøgletallet absence er lavere bedre; brug at_most."
                )
            ],
            id="a target that goes the wrong way",
        ),
        pytest.param(
            [("goals.yaml", "    indicator: absence", "    indicator: absence\n    mean_of_years: 8")],
            [("goals.yaml, linje 10, goals[0].mean_of_years: »8« er for meget; højst 5.")],
            id="a mean of too many years",
        ),
        pytest.param(
            [("goals.yaml", "    per: school\n", "    per: municipality\n")],
            [
                (
                    "goals.yaml, linje 20, goals[1].target: Målet goals_set: det, som skolerne afleverer, "
                    "måles pr. skole (»per: school«)."
                )
            ],
            id="a goal that contradicts itself",
        ),
        pytest.param(
            [("goals.yaml", "deliverable: local_goals", "deliverable: locale_goals")],
            [
                (
                    "goals.yaml, linje 18, goals[1].deliverable: Aktiviteten »locale_goals« findes ikke; "
                    "mener du »local_goals«?"
                )
            ],
            id="an unknown deliverable in a goal",
        ),
        pytest.param(
            [("goals.yaml", "deliverable: local_goals", "deliverable: dialogue")],
            [
                (
                    "goals.yaml, linje 18, goals[1].deliverable: »dialogue« er ikke noget, som skolerne "
                    "afleverer (deliverable)."
                )
            ],
            id="a goal on something that is not handed in",
        ),
        pytest.param(
            [("goals.yaml", "field: goal", "field: goals")],
            [
                (
                    "goals.yaml, linje 19, goals[1].field: Feltet »goals« findes ikke i leverancen "
                    "»local_goals«; mener du »goal«?"
                )
            ],
            id="an unknown field in a goal",
        ),
        pytest.param(
            [
                (
                    "goals.yaml",
                    "    field: goal\n    target:\n      type: count_per_school\n      count: 1",
                    (
                        "    target:\n      type: documents_per_school\n      kinds:\n        plan: "
                        "planen\n        photo: et billede"
                    ),
                )
            ],
            [
                (
                    "goals.yaml, linje 23, goals[1].target.kinds.photo: Feltet »photo« findes ikke i "
                    "leverancen »local_goals«."
                )
            ],
            id="an unknown kind of document in a goal",
        ),
        pytest.param(
            [("goals.yaml", "goals: [absence]", "goals: [absent]")],
            [("goals.yaml, linje 27, efforts[0].goals[0]: Målet »absent« findes ikke; mener du »absence«?")],
            id="an unknown goal in an effort",
        ),
        pytest.param(
            [("goals.yaml", "schools: [000123]", "schools: [123]")],
            ["goals.yaml, linje 30, efforts[0].schools[0]: Skolen »123« findes ikke i schools.yaml."],
            id="an unknown school in an effort",
        ),
        pytest.param(
            [("goals.yaml", "last_school_year: 2020/21", "last_school_year: 2017/18")],
            [("goals.yaml, linje 29, efforts[0].last_school_year: 2017/18 ligger før det første skoleår, 2018/19.")],
            id="an effort that ends before it begins",
        ),
        pytest.param(
            [("school_holidays.yaml", "last: 2026-10-18", "last: 2026-10-08")],
            [
                (
                    "school_holidays.yaml, linje 4, years[0].holidays[0].last: Efterårsferie slutter, før "
                    "den begynder; byt datoerne om."
                )
            ],
            id="a holiday that ends before it begins",
        ),
        pytest.param(
            [("school_holidays.yaml", "first: 2026-12-22", "first: 2026-10-15")],
            [
                (
                    "school_holidays.yaml, linje 5, years[0].holidays[1].first: Juleferie begynder, før "
                    "ferien over den er slut; ret en af dem."
                )
            ],
            id="holidays that overlap",
        ),
        pytest.param(
            [("school_holidays.yaml", "first: 2026-10-10, last: 2026-10-18", "first: 2025-10-10, last: 2025-10-18")],
            [
                (
                    "school_holidays.yaml, linje 4, years[0].holidays[0].first: Efterårsferie ligger ikke "
                    "i skoleåret 2026/27."
                )
            ],
            id="a holiday under the wrong year",
        ),
        pytest.param(
            [("school_holidays.yaml", "last: 2027-01-03", "last: 2207-01-03")],
            [
                (
                    "school_holidays.yaml, linje 5, years[0].holidays[1].last: Juleferie slutter længe "
                    "efter skoleåret 2026/27; ret datoen."
                )
            ],
            id="a holiday that never ends",
        ),
        pytest.param(
            [("school_holidays.yaml", "otherwise:\n", "  - school_year: 2026/27\n    holidays: []\notherwise:\n")],
            [("school_holidays.yaml, linje 6, years[1].school_year: Skoleåret 2026/27 står to gange; slet det ene.")],
            id="a school year with holidays twice",
        ),
        pytest.param(
            [("municipality.yaml", "number: 326", "number: 326\nname: Igen")],
            [("municipality.yaml, linje 4, name: Nøglen »name« står to gange samme sted; slet den ene.")],
            id="a key twice",
        ),
        pytest.param(
            [("schools.yaml", "name: Nord", "name: &n Nord"), ("schools.yaml", "name: Rørby Skole", "name: *n")],
            [("schools.yaml, linje 12, schools[1].name: Genveje med & og * kan ikke bruges; skriv værdien helt ud.")],
            id="a shortcut",
        ),
        pytest.param(
            [("schools.yaml", "    name: Nord", "\tname: Nord")],
            ["schools.yaml, linje 3: Linjen er rykket ind med tabulator; brug mellemrum."],
            id="a tab",
        ),
        pytest.param(
            [("schools.yaml", "name: Nord", "name: Nord: syd")],
            [("schools.yaml, linje 3: Filen kan ikke forstås herfra; se efter indrykning, kolon og anførselstegn.")],
            id="broken YAML",
        ),
        pytest.param(
            [("schools.yaml", "name: Nord", "name: No\x01rd")],
            [("schools.yaml, linje 1: Filen indeholder tegn, som YAML ikke kender; skriv den igen som ren tekst.")],
            id="a control character",
        ),
        pytest.param(
            [("municipality.yaml", "number: 326", "number: 326\n? [a]\n: b")],
            [
                (
                    "municipality.yaml, linje 4, ?: Nøglen »?« kendes ikke; her kan stå: key, name, "
                    "number, sender, office_hours, digest_to, due_soon_days, organizers, login, report."
                )
            ],
            id="a key that is a list",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, changes: list[tuple[str, str, str]], told: list[str]
) -> None:
    municipality, problems = check(folder(tmp_path, *changes))
    assert [str(problem) for problem in problems] == told
    assert municipality is None
