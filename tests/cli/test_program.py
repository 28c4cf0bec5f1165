"""The program itself: its help, its start, and its exit codes as a shell sees them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kvalitet.cli.app import COMMANDS
from tests.cli.command_line import CommandLine

PROGRAM = Path(sys.executable).with_name("kvalitet")


def started(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KVALITET_HOME": str(home)}
    return subprocess.run([str(PROGRAM), *words], env=environment, capture_output=True, text=True, check=False)


def test_the_help_is_danish(without_database: CommandLine) -> None:
    ran = without_database("--help")
    lines = ran.out.splitlines()
    assert (ran.code, lines[0]) == (0, "Brug: kvalitet [TILVALG] KOMMANDO …")
    assert [line for line in lines if not line.startswith(" ") and line][1:] == ["Tilvalg:", "Kommandoer:"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_first_sentence_of_each_command_is_the_one_in_the_overview(
    without_database: CommandLine, name: str
) -> None:
    ran = without_database(name, "--help")
    assert ran.code == 0
    assert COMMANDS[name][1] in " ".join(ran.out.split())
    assert not {"Usage", "Options", "required", "default", "Show"} & set(ran.out.replace(":", " ").split())


def test_a_command_is_found_by_the_program_that_is_installed(tmp_path: Path) -> None:
    ran = started("check", home=tmp_path / "home")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[1].startswith("Kalundborg Kommune: 15 skoler, ")


def test_the_shell_sees_two_for_wrong_input_and_one_for_what_failed(tmp_path: Path) -> None:
    wrong = started("status", "--date", "x", home=tmp_path / "home")
    (tmp_path / "kvalitet.db").write_text("ikke en database" * 100, encoding="utf-8")
    failed = started("db", "upgrade", "--home", str(tmp_path), home=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "»x« er ikke en dato; skriv den som 2026-11-02.\n"
    assert (failed.returncode, failed.stdout) == (1, "")


def test_help_and_check_import_neither_prefect_nor_pandas() -> None:
    lines = (
        "import sys; from kvalitet.cli import app; from typer.testing import CliRunner; "
        "assert CliRunner().invoke(app, ['check']).exit_code == 0; "
        "print(sorted({'prefect', 'pandas', 'rich.table'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert ran.stdout == "[]\n"
