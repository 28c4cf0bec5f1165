from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("wheel.yaml", "key: percent", "key: goal")],
            [
                (
                    "wheel.yaml, linje 29, activities[1].fields[1].key: Feltet »goal« står to gange, "
                    "første gang i linje 27; ret den ene."
                )
            ],
            id="two fields with one key",
        ),
        pytest.param(
            [("wheel.yaml", "        choices: [godt, skidt]\n", "")],
            [
                (
                    "wheel.yaml, linje 36, activities[1].fields[2].type: Et felt af typen choice skal have "
                    "»choices« at vælge mellem."
                )
            ],
            id="a choice without choices",
        ),
        pytest.param(
            [("wheel.yaml", "        type: choice\n", "")],
            [
                (
                    "wheel.yaml, linje 36, activities[1].fields[2].choices: »choices« hører kun til felter "
                    "af typen choice."
                )
            ],
            id="choices without a choice",
        ),
        pytest.param(
            [("wheel.yaml", "minimum: 0", "minimum: 8")],
            [
                (
                    "wheel.yaml, linje 33, activities[1].fields[1].maximum: Det største tilladte tal er "
                    "mindre end det mindste; byt dem om."
                )
            ],
            id="a minimum above the maximum",
        ),
        pytest.param(
            [("wheel.yaml", "        type: number\n        minimum: 0\n", "")],
            [
                (
                    "wheel.yaml, linje 31, activities[1].fields[1].maximum: »maximum« hører kun til felter "
                    "af typen number."
                )
            ],
            id="a limit on a text",
        ),
        pytest.param(
            [("wheel.yaml", "type: choice\n        choices: [godt, skidt]", "type: file")],
            [
                (
                    "wheel.yaml, linje 39, activities[1].fields[3].type: En leverance kan kun have én fil; "
                    "saml dem i det første felt, eller lav to leverancer."
                )
            ],
            id="two files in one deliverable",
        ),
        pytest.param(
            [("wheel.yaml", "[09:00, 13:00]", "[07:30, 13:00]")],
            [
                (
                    "wheel.yaml, linje 53, activities[2].meeting.start_times[0]: Et møde kl. 07.30 på 90 "
                    "minutter ligger ikke inden for kontortiden; ret tiden her eller i municipality.yaml."
                )
            ],
            id="a meeting before office hours",
        ),
        pytest.param(
            [("wheel.yaml", "[09:00, 13:00]", "[09:00, 15:00]")],
            [
                (
                    "wheel.yaml, linje 53, activities[2].meeting.start_times[1]: Et møde kl. 15.00 på 90 "
                    "minutter ligger ikke inden for kontortiden; ret tiden her eller i municipality.yaml."
                )
            ],
            id="a meeting that ends after office hours",
        ),
        pytest.param(
            [
                ("municipality.yaml", "first: 08:00", "first: 14:00"),
                ("wheel.yaml", "      start_times: [09:00, 13:00]\n", ""),
            ],
            [
                (
                    "wheel.yaml, linje 51, activities[2].meeting: De sædvanlige mødetider kl. 9 og 13 "
                    "passer ikke i kontortiden; skriv »start_times«."
                )
            ],
            id="usual times that do not fit",
        ),
        pytest.param(
            [("wheel.yaml", "samtale.md", "samtalen.md")],
            [
                (
                    "wheel.yaml, linje 54, activities[2].meeting.question_guide: Spørgeguiden "
                    "»question_guides/samtalen.md« findes ikke i mappen; ret navnet, eller læg filen der."
                )
            ],
            id="a question guide that is not there",
        ),
        pytest.param(
            [("wheel.yaml", "question_guides/samtale.md", "../samtale.md")],
            [
                (
                    "wheel.yaml, linje 54, activities[2].meeting.question_guide: Spørgeguiden "
                    "»../samtale.md« ligger uden for kommunens mappe; flyt den ind i question_guides."
                )
            ],
            id="a question guide outside the folder",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, changes: list[tuple[str, str, str]], told: list[str]
) -> None:
    municipality, problems = check(folder(tmp_path, *changes))
    assert [str(problem) for problem in problems] == told
    assert municipality is None
