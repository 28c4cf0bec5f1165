from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


def test_a_file_that_is_a_list_is_told_what_it_must_be(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "contacts.yaml").write_text("- role: director\n", encoding="utf-8")
    assert [str(problem) for problem in check(made)[1]] == ["contacts.yaml, linje 1: Her skal stå nøgler med værdier."]


@pytest.mark.parametrize("text", ["", "# kun en bemærkning\n"])
def test_an_empty_file_is_told(tmp_path: Path, text: str) -> None:
    made = folder(tmp_path)
    (made / "contacts.yaml").write_text(text, encoding="utf-8")
    assert [str(problem) for problem in check(made)[1]] == [
        "contacts.yaml, linje 1: Filen er tom; udfyld den, som docs/kommunens-filer.md viser."
    ]


def test_a_file_in_another_encoding_is_told_with_the_first_line_that_cannot_be_read(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "schools.yaml").write_bytes("groups:\n  - key: north\n    name: Ø\n".encode("latin-1"))
    assert [str(problem) for problem in check(made)[1]] == [
        "schools.yaml, linje 3: Filen er ikke gemt som UTF-8; gem den igen med tegnsættet UTF-8."
    ]


def test_a_file_saved_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    made = folder(tmp_path)
    text = (made / "schools.yaml").read_text(encoding="utf-8")
    (made / "schools.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert check(made)[1] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\n", "Spørgeguiden »question_guides/samtale.md« er tom; skriv den, eller slet linjen her."),
        (
            "Hvad går godt?".encode("utf-16"),
            "Spørgeguiden »question_guides/samtale.md« er ikke gemt som UTF-8; gem den igen med tegnsættet UTF-8.",
        ),
    ],
)
def test_a_question_guide_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    made = folder(tmp_path)
    (made / "question_guides" / "samtale.md").write_bytes(content)
    assert [str(problem) for problem in check(made)[1]] == [
        f"wheel.yaml, linje 54, activities[2].meeting.question_guide: {told}"
    ]


def test_a_file_with_an_unknown_name_is_told(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "school.yaml").write_text("schools: []\n", encoding="utf-8")
    (made / "personer.yml").write_text("x: 1\n", encoding="utf-8")
    assert [str(problem) for problem in check(made)[1]] == [
        (
            "personer.yml, linje 1: Filen kendes ikke; her kan ligge municipality.yaml, schools.yaml, contacts.yaml, "
            "school_holidays.yaml, wheel.yaml, goals.yaml, mail_texts.yaml."
        ),
        "school.yaml, linje 1: Filen kendes ikke; mener du schools.yaml?",
    ]


def test_references_into_a_file_that_cannot_be_read_are_not_called_wrong(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "schools.yaml").unlink()
    (made / "wheel.yaml").unlink()
    assert [problem.file for problem in check(made)[1]] == ["schools.yaml", "wheel.yaml"]


def test_an_entry_with_a_mistake_is_still_known_to_those_that_point_to_it(tmp_path: Path) -> None:
    made = folder(
        tmp_path, ("wheel.yaml", "    title: Skolens mål\n    kind: deliverable\n", "    kind: deliverable\n")
    )
    assert [str(problem) for problem in check(made)[1]] == [
        "wheel.yaml, linje 16, activities[1].title: Nøglen mangler; tilføj den."
    ]


def test_a_file_nested_deeper_than_anyone_writes_is_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "contacts.yaml").write_text("contacts: " + "[" * 3000 + "]" * 3000 + "\n", encoding="utf-8")
    assert [str(problem) for problem in check(made)[1]] == [
        "contacts.yaml, linje 1: Filen indeholder tegn, som YAML ikke kender; skriv den igen som ren tekst."
    ]
