"""`kvalitet report`: one version after the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine

REPORT = ("report", "2026", "-m", "kalundborg")


def test_the_first_report_is_a_draft_in_both_editions_and_every_format(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()(*REPORT)
    folder = kvalitet.home / "reports" / "kalundborg" / "2026-27" / "1"
    names = [f"{edition}.{form}" for edition in ("offentlig", "intern") for form in ("html", "pdf", "xlsx")]
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Kvalitetsrapport for 2026/27, kladde, nr. 1, er skrevet:",
        *(f"  {folder / name}" for name in names),
    ]
    assert {name: (folder / name).stat().st_size > 0 for name in names} == dict.fromkeys(names, True)


def test_only_what_is_asked_for_is_named(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()(*REPORT, "--edition", "public", "--format", "pdf,xlsx", "--json")
    assert (ran.json["version"], ran.json["number"]) == ("draft", 1)
    assert [Path(path).name for path in ran.json["files"]] == ["offentlig.pdf", "offentlig.xlsx"]


def test_a_step_cannot_be_passed_over(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()(*REPORT, "--version", "council", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Kvalitetsrapport 2026/27 kan ikke skrives som »udkast til kommunalbestyrelsen« endnu. "
        "»Kladde« er ikke skrevet endnu.\n"
    )


def test_what_goes_to_the_council_is_asked_about_first(kvalitet: CommandLine) -> None:
    kvalitet.planned()(*REPORT)
    no = kvalitet(*REPORT, "--version", "council", answer="n\n")
    assert (no.code, no.err) == (
        1,
        (
            "Skriv Kvalitetsrapport 2026/27 som »udkast til kommunalbestyrelsen«? [j/n] "
            "Intet er ændret; svar j, eller brug --yes.\n"
        ),
    )
    assert kvalitet(*REPORT, "--version", "council", "--json", answer="j\n").json["number"] == 2


def test_what_is_not_known_is_told_with_what_is(kvalitet: CommandLine) -> None:
    planned = kvalitet.planned()
    assert planned(*REPORT, "--version", "ny").err == (
        "Versionen »ny« kendes ikke; skriv draft, council eller final.\n"
    )
    assert planned(*REPORT, "--edition", "alle").err == "Udgaven »alle« kendes ikke; skriv public eller internal.\n"
    assert planned(*REPORT, "--format", "doc").err == (
        "Formatet »doc« kendes ikke; skriv et eller flere af html,pdf,xlsx.\n"
    )
    assert not (kvalitet.home / "reports").exists()


@pytest.mark.usefixtures("on_path")
def test_a_written_report_is_in_the_backup_and_comes_back_whole(kvalitet: CommandLine, tmp_path: Path) -> None:
    first = kvalitet.planned()(*REPORT, "--json").json
    contents = {path: Path(path).read_bytes() for path in first["files"]}
    kvalitet("db", "backup", str(tmp_path / "kopi.zip"))
    shutil.rmtree(kvalitet.home / "reports")
    kvalitet("db", "restore", str(tmp_path / "kopi.zip"), "--yes")
    assert {path: Path(path).read_bytes() for path in first["files"]} == contents
    assert kvalitet(*REPORT, "--json").json["number"] == 2


def test_a_folder_that_cannot_be_written_to_is_told(kvalitet: CommandLine) -> None:
    (kvalitet.planned().home / "reports").write_text("i vejen", encoding="utf-8")
    ran = kvalitet(*REPORT)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Rapporten kunne ikke skrives til ")
