from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("wheel.yaml", "key: dialogue\n", "key: local_goals\n")],
            [
                (
                    "wheel.yaml, linje 41, activities[2].key: Aktiviteten »local_goals« står to gange, "
                    "første gang i linje 16; ret den ene."
                ),
                (
                    "wheel.yaml, linje 49, activities[2].ends_in: »local_goals« skal være en leverance "
                    "(deliverable) for den samme enhed: per: school."
                ),
                (
                    "goals.yaml, linje 18, goals[1].deliverable: »local_goals« er ikke noget, som skolerne "
                    "afleverer (deliverable)."
                ),
            ],
            id="two activities with one key",
        ),
        pytest.param(
            [("wheel.yaml", "due: start-09-30", "due: start-07-31")],
            [
                (
                    "wheel.yaml, linje 21, activities[1].due: Fristen start-07-31 ligger før åbningen "
                    "start-08-01; byt dem om, eller ret start/end."
                )
            ],
            id="a window that ends before it opens",
        ),
        pytest.param(
            [("wheel.yaml", "ladder: standard", "ladder: standart")],
            [("wheel.yaml, linje 23, activities[1].ladder: Rykkertrappen »standart« findes ikke under ladders.")],
            id="an unknown ladder",
        ),
        pytest.param(
            [("wheel.yaml", "ends_in: local_goals", "ends_in: local_goal")],
            [
                (
                    "wheel.yaml, linje 49, activities[2].ends_in: Aktiviteten »local_goal« findes ikke; "
                    "mener du »local_goals«?"
                )
            ],
            id="an unknown deliverable at the end of a dialogue",
        ),
        pytest.param(
            [("wheel.yaml", "ends_in: local_goals", "ends_in: spring_extract")],
            [
                (
                    "wheel.yaml, linje 49, activities[2].ends_in: »spring_extract« skal være en leverance "
                    "(deliverable) for den samme enhed: per: school."
                )
            ],
            id="a dialogue that ends in something else than a deliverable",
        ),
        pytest.param(
            [("wheel.yaml", "after: [spring_extract]", "after: [summer]")],
            [("wheel.yaml, linje 50, activities[2].after[0]: Aktiviteten »summer« findes ikke; ret nøglen.")],
            id="an unknown activity to wait for",
        ),
        pytest.param(
            [("wheel.yaml", "    extract:\n", "    after: [dialogue]\n    extract:\n")],
            [
                (
                    "wheel.yaml, linje 13, activities[0].after: »spring_extract« kommer til at vente på "
                    "sig selv; fjern en af ventetiderne."
                ),
                (
                    "wheel.yaml, linje 51, activities[2].after: »dialogue« kommer til at vente på sig "
                    "selv; fjern en af ventetiderne."
                ),
            ],
            id="activities that wait for each other",
        ),
        pytest.param(
            [
                (
                    "wheel.yaml",
                    "    ends_in: local_goals\n    after: [spring_extract]",
                    "    after: [local_goals]\n    every_years: 2\n    first_school_year: 2019/20",
                )
            ],
            [
                (
                    "wheel.yaml, linje 49, activities[2].after: »local_goals« finder aldrig sted i det "
                    "samme skoleår som »dialogue«."
                )
            ],
            id="an activity that waits for one in other years",
        ),
        pytest.param(
            [("wheel.yaml", "    first_school_year: 2018/19\n", "")],
            [
                (
                    "wheel.yaml, linje 24, activities[1].every_years: Skriv også »first_school_year«, så "
                    "det er klart, hvilke skoleår det er."
                )
            ],
            id="a rhythm without a beginning",
        ),
        pytest.param(
            [
                (
                    "wheel.yaml",
                    "first_school_year: 2018/19\n",
                    "first_school_year: 2018/19\n    last_school_year: 2017/18\n",
                )
            ],
            [
                (
                    "wheel.yaml, linje 26, activities[1].last_school_year: 2017/18 ligger før det første "
                    "skoleår, 2018/19."
                ),
                (
                    "wheel.yaml, linje 50, activities[2].ends_in: »local_goals« finder aldrig sted i det "
                    "samme skoleår som »dialogue«."
                ),
            ],
            id="a last school year before the first",
        ),
        pytest.param(
            [("wheel.yaml", "    extract:\n      source: files\n      indicators: [absence]\n", "")],
            [
                (
                    "wheel.yaml, linje 8, activities[0].kind: Et dataudtræk skal have »extract« med de "
                    "nøgletal, der hentes."
                )
            ],
            id="an extract that pulls nothing",
        ),
        pytest.param(
            [("wheel.yaml", "      source: files\n      indicators: [absence]\n", "      year_offset: -2\n")],
            [
                (
                    "wheel.yaml, linje 13, activities[0].extract: Skriv de nøgletal, der hentes, under "
                    "»indicators« eller »sources«."
                )
            ],
            id="an extract without indicators",
        ),
        pytest.param(
            [
                (
                    "wheel.yaml",
                    "      indicators: [absence]\n",
                    (
                        "      indicators: [absence]\n      sources:\n"
                        "        - {source: stil, indicators: [absence]}\n"
                        "        - {source: files, indicators: [absence]}\n"
                        "        - {source: files, indicators: [pupils]}\n"
                        "        - {source: files, indicators: [pupils], year_offset: -2}\n"
                    ),
                )
            ],
            [
                (
                    "wheel.yaml, linje 16, activities[0].extract.sources: Skriv enten »indicators« (én kilde) eller "
                    "»sources« (flere kilder), ikke begge dele."
                ),
                (
                    "wheel.yaml, linje 18, activities[0].extract.sources[1].indicators[0]: »absence« hentes allerede "
                    "fra »stil«; lad kun én kilde give det."
                ),
                (
                    "wheel.yaml, linje 19, activities[0].extract.sources[2].source: Kilden »files« står to gange for "
                    "det samme skoleår; skriv nøgletallene samlet."
                ),
            ],
            id="sources that quarrel",
        ),
        pytest.param(
            [
                (
                    "wheel.yaml",
                    "      indicators: [absence]\n",
                    (
                        "      sources:\n"
                        "        - {source: statbank, indicators: [class_size, pupils]}\n"
                        "        - {source: stil, indicators: [absence, good_results_maths]}\n"
                    ),
                )
            ],
            [
                (
                    "wheel.yaml, linje 16, activities[0].extract.sources[0].indicators[1]: Kilden »statbank« har ikke "
                    "»pupils«; hent det fra en anden kilde under »sources«."
                ),
                (
                    "wheel.yaml, linje 17, activities[0].extract.sources[1].indicators[1]: Kilden »stil« har ikke "
                    "»good_results_maths«; hent det fra en anden kilde under »sources«."
                ),
            ],
            id="an indicator that its source does not have",
        ),
        pytest.param(
            [("wheel.yaml", "indicators: [absence]", "indicators: [absense, vejret]")],
            [
                (
                    "wheel.yaml, linje 15, activities[0].extract.indicators[0]: Nøgletallet »absense« "
                    "kendes ikke; mener du »absence«?"
                ),
                (
                    "wheel.yaml, linje 15, activities[0].extract.indicators[1]: Nøgletallet »vejret« "
                    "kendes ikke; vælg et fra kataloget i docs/kommunens-filer.md."
                ),
            ],
            id="an unknown indicator in an extract",
        ),
        pytest.param(
            [("wheel.yaml", "kind: dialogue", "kind: deliverable")],
            [
                (
                    "wheel.yaml, linje 43, activities[2].kind: En leverance skal have »fields« med mindst "
                    "ét felt at udfylde."
                ),
                (
                    "wheel.yaml, linje 49, activities[2].ends_in: »ends_in« hører kun til møder og "
                    "samtaler (meeting, dialogue)."
                ),
                (
                    "wheel.yaml, linje 51, activities[2].meeting: »meeting« hører kun til møder og "
                    "samtaler (meeting, dialogue)."
                ),
            ],
            id="a deliverable without fields",
        ),
        pytest.param(
            [("wheel.yaml", "    extract:\n", "    ladder: standard\n    extract:\n")],
            [
                (
                    "wheel.yaml, linje 13, activities[0].ladder: Ingen har rollen »consultant« i hele "
                    "kommunen; tilføj den i contacts.yaml."
                ),
                (
                    "wheel.yaml, linje 13, activities[0].ladder: »ladder« hører kun til det, som skolerne "
                    "afleverer (deliverable)."
                ),
            ],
            id="a ladder on an extract",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, changes: list[tuple[str, str, str]], told: list[str]
) -> None:
    municipality, problems = check(folder(tmp_path, *changes))
    assert [str(problem) for problem in problems] == told
    assert municipality is None
