"""`kvalitet feed`: what it refuses, and what it lists."""

import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import FILES, CommandLine

LEADER = "leder.rynkevangskolen@kalundborg.example"
HERE = ("-m", "kalundborg")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("nobody@kalundborg.example",),
            "»nobody@kalundborg.example« står ikke i filerne for Kalundborg Kommune; se efter i contacts.yaml.",
        ),
        (
            (LEADER, "--role", "king"),
            (
                "Rollen »king« findes ikke; vælg en af: administration, director, consultant, school_leader, "
                "deputy, school_board, med_committee, unions, committee."
            ),
        ),
        (
            (LEADER, "--role", "director"),
            (
                f"»{LEADER}« har ikke rollen direktør i filerne for Kalundborg Kommune; "
                "se efter i contacts.yaml og schools.yaml."
            ),
        ),
    ],
)
def test_a_feed_is_made_for_nobody_but_those_in_the_files(
    kvalitet: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    ran = kvalitet("feed", "create", *words, *HERE)
    assert (ran.code, ran.out, ran.err) == (2, "", f"{sentence}\n")
    assert kvalitet("feed", "list", *HERE).out == "Der er ingen kalenderadresser.\n"


def test_an_address_with_two_roles_is_asked_which(
    kvalitet: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "files"
    shutil.copytree(FILES, files)
    contacts = files / "kalundborg" / "contacts.yaml"
    text = contacts.read_text(encoding="utf-8").replace("direktoer@kalundborg", "fagcenter@kalundborg")
    contacts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KVALITET_MUNICIPALITIES", str(files))
    ran = kvalitet("feed", "create", "Fagcenter@kalundborg.example", *HERE)
    assert (ran.code, ran.err) == (
        2,
        "»Fagcenter@kalundborg.example« har flere roller (administration, director); vælg en med --role.\n",
    )
    chosen = kvalitet("feed", "create", "Fagcenter@kalundborg.example", "--role", "director", *HERE, "--json").json
    assert (chosen["role"], chosen["address"]) == ("director", "fagcenter@kalundborg.example")


def test_the_address_is_shown_when_it_is_made_and_never_again(kvalitet: CommandLine) -> None:
    ran = kvalitet("feed", "create", LEADER, *HERE)
    assert [line.partition(": ")[0] for line in ran.out.splitlines()[:3]] == ["Møder", "Frister", "Møder og frister"]
    token = ran.out.splitlines()[0].split("/")[-2]
    listed = kvalitet("feed", "list", *HERE)
    assert token not in listed.out
    assert listed.out.splitlines()[1].split() == [
        "1", LEADER, "skoleleder", "31.", "juli", "2027", "aldrig", "i", "brug",
    ]  # fmt: skip


def test_revoking_twice_says_so(kvalitet: CommandLine) -> None:
    kvalitet("feed", "create", LEADER, *HERE)
    assert kvalitet("feed", "revoke", "1", *HERE).out == "Kalender nr. 1 virker ikke mere.\n"
    assert kvalitet("feed", "revoke", "1", *HERE).out == "Kalender nr. 1 var tilbagekaldt i forvejen.\n"
    wrong = kvalitet("feed", "revoke", "2", *HERE)
    assert (wrong.code, wrong.err) == (
        2,
        "Kalender nr. 2 findes ikke hos Kalundborg Kommune; se »kvalitet feed list«.\n",
    )
