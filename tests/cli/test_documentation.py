"""docs/kommandolinje.md: every command in it runs, and its keys are those that are written."""

import json
import re
import shlex
import shutil
import socket
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
import typer
from sqlalchemy import Insert, Update, insert, update

from kvalitet.adapters.store import Store
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.cli.app import COMMANDS, GROUPS
from tests.adapters.extracting.held import held
from tests.cli.command_line import FILES, ROOT, CommandLine

PAGE = (ROOT / "docs" / "kommandolinje.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}
RUN_ELSEWHERE = {"kvalitet up", "kvalitet deploy", "kvalitet simulate"}


def examples(section: str) -> list[list[str]]:
    """Give the commands of a section, each as its words without the first."""
    block = re.search(r"```(?:sh|text)\n(.*?)```", section, re.DOTALL)
    assert block
    return [shlex.split(line)[1:] for line in block[1].splitlines()]


def documented_keys(section: str) -> list[str]:
    found = re.search(r"^JSON-nøgler: (.*)$", section, re.MULTILINE)
    return re.findall(r"`(\w+)`", found[1]) if found else []


# What a person does to a mail is shown on one in this state.
DECIDED = (["extract", "release"], ["extract", "reject"])
STATE_BEFORE = {"retry": "failed", "hold": "queued", "release": "held", "cancel": "queued"}


def a_mail(line: CommandLine, state: str) -> str:
    """Let the newest mail be in a state, and give its number."""
    newest: int = line("mail", "list", "--json", "--limit", "1").json[0]["id"]
    change(line, update(mail_schema.mail).where(mail_schema.mail.c.id == newest).values(state=state, held_for="person"))
    return str(newest)


def mark(line: CommandLine, address: str) -> None:
    """Let mails to an address come back."""
    marked_at = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    values = {"municipality": "kalundborg", "address": address, "reason": "Findes ikke.", "marked_at": marked_at}
    change(line, insert(mail_schema.address_mark).values(**values))


def a_held_pull(line: CommandLine) -> str:
    """Let a pull wait for a person, and give its number."""
    store = Store.open(line.database_url)
    number = held(store, "kalundborg", None, now=datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    store.close()
    return str(number)


def change(line: CommandLine, statement: Update | Insert) -> None:
    store = Store.open(line.database_url)
    with store.write() as connection:
        connection.execute(statement)
    store.close()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder with the files that the page names."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"%PDF-1.7 en plan")
    shutil.copy(FILES / "kalundborg" / "figures" / "2024-25.csv", folder / "tal.csv")
    shutil.copy(ROOT / "tests" / "adapters" / "sources" / "register" / "institutionsregister.csv", folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def installation(
    empty_home: Path, migrated_sqlite: Path, desk: Path, monkeypatch: pytest.MonkeyPatch, at_noon: None
) -> CommandLine:
    """Give an installation in a home folder of its own."""
    empty_home.mkdir()
    shutil.copy(migrated_sqlite, empty_home / "kvalitet.db")
    return CommandLine(empty_home, f"sqlite:///{empty_home / 'kvalitet.db'}")


def test_every_documented_command_runs_and_writes_its_documented_keys(installation: CommandLine) -> None:
    found: dict[str, list[str]] = {}
    mark(installation, "skole@kalundborg.example")
    (installation.home / "inbox").mkdir()
    (installation.home / "inbox" / "1.eml").write_text("From: skole@kalundborg.example\n\nVi kan ikke.\n")
    for name, section in SECTIONS.items():
        if name in RUN_ELSEWHERE:
            continue
        for words in examples(section):
            if words[0] == "mail" and words[1] in STATE_BEFORE:
                words[2] = a_mail(installation, STATE_BEFORE[words[1]])
            if words[:2] in DECIDED:
                words[2] = a_held_pull(installation)
            ran = installation(*words)
            assert (words, ran.code, ran.err) == (words, 0, "")
            if "--json" in words:
                value = json.loads(ran.out)
                first = value[0] if isinstance(value, list) and value else value
                found[name] = list(first)
    documented = {name: documented_keys(SECTIONS[name]) for name in found}
    assert found == {**documented, "kvalitet check": []}


def commands_of(group: str) -> list[str]:
    """List the commands of a group, such as `create` of `feed`."""
    return list(typer.main.get_group(import_module(f"kvalitet.cli.commands.{COMMANDS[group][0]}").app).commands)


def test_every_command_is_documented() -> None:
    single = {f"kvalitet {name}" for name in COMMANDS if name not in GROUPS}
    grouped = {f"kvalitet {group} {name}" for group in GROUPS for name in commands_of(group)}
    assert set(SECTIONS) == single | grouped


def test_starting_on_a_taken_port_says_which(without_database: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("KVALITET_PORT", str(port))
        ran = without_database(*examples(SECTIONS["kvalitet up"])[0])
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"Port {port} på 127.0.0.1 kan ikke bruges: den er taget; stop det program")


@pytest.mark.slow
def test_the_documented_simulation_runs(without_database: CommandLine, desk: Path) -> None:
    section = SECTIONS["kvalitet simulate"]
    ran = without_database(*examples(section)[0], "--json")
    assert ran.code == 0
    assert list(ran.json) == documented_keys(section)
    assert ran.json["mails"] == len(list((desk / "afspilning" / "mail").glob("*.eml")))
