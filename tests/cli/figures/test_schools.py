"""`kvalitet schools check`: the real register beside the files, and beside files that are behind it."""

from pathlib import Path

from tests.cli.command_line import FILES, ROOT, CommandLine

EXPORT = ROOT / "tests" / "adapters" / "sources" / "register" / "institutionsregister.csv"


def changed(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """Save the real export with other texts in it."""
    text = EXPORT.read_text(encoding="utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "register.csv"
    file.write_text(text, encoding="utf-8-sig")
    return str(file)


def test_files_that_agree_with_the_register_are_told_so(without_database: CommandLine) -> None:
    ran = without_database("schools", "check", str(EXPORT), "--files", str(FILES), "-m", "hvidovre")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Ni skoler i Hvidovre Kommune er holdt op mod 36 institutioner. Alt passer.\n"


def test_each_difference_is_one_sentence_and_a_faulty_row_too(without_database: CommandLine, tmp_path: Path) -> None:
    file = changed(tmp_path, ("Rynkevangskolen;", "Rynkevang Skole;"), ("323008;Årby", "32308;Årby"))
    ran = without_database("schools", "check", file, "--files", str(FILES), "-m", "kalundborg")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Udeladt fra registret: række 29, kolonne B: »32308« er ikke et institutionsnummer med seks cifre.",
        "Rynkevangskolen (323003) hedder »Rynkevang Skole« i registret. Ret navnet, hvis det er nyt.",
        "Årby Skole (323008) er ikke i udtrækket. Se efter, om nummeret er rigtigt.",
        "15 skoler i Kalundborg Kommune er holdt op mod 35 institutioner. To forskelle.",
    ]


def test_a_script_gets_the_same_as_json(without_database: CommandLine, tmp_path: Path) -> None:
    file = changed(tmp_path, ("13/12/2022;197108;", "13/12/2022;197108;31/07/2026"))
    ran = without_database("schools", "check", file, "--files", str(FILES), "-m", "kalundborg", "--json")
    assert ran.json == {
        "municipality": "kalundborg",
        "schools": 15,
        "institutions": 36,
        "problems": [],
        "findings": [
            {
                "kind": "closed",
                "number": "323001",
                "name": "Nyrupskolen",
                "text": "Nyrupskolen (323001) er lukket den 31.07.2026 efter registret, men står som åben. "
                "Skriv »closed: 2026-07-31« ved skolen.",
            }
        ],
    }


def test_another_file_is_refused(without_database: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "tal.csv").write_text("Skole;By\n", encoding="utf-8")
    ran = without_database("schools", "check", str(tmp_path / "tal.csv"), "--files", str(FILES), "-m", "kalundborg")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Filen tal.csv er ikke et udtræk af Institutionsregisteret; den mangler ")
