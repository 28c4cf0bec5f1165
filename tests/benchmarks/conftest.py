from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.benchmarks import reporting
from tests.benchmarks.databases import Fresh
from tests.benchmarks.measuring import Counted, Measured

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
FOUND = pytest.StashKey[list[Measured]]()
COUNTED = pytest.StashKey[list[Counted]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--measured-on", default="", help="Datoen; med den skrives docs/benchmarks.md.")
    parser.addoption("--machine", default="en maskine uden beskrivelse", help="Maskinen, der måles på.")


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Measured], None]:
    """Take a measurement into the table."""
    return request.config.stash.setdefault(FOUND, []).append


@pytest.fixture
def keep_count(request: pytest.FixtureRequest) -> Callable[[Counted], None]:
    """Take a count of mails into the other table."""
    return request.config.stash.setdefault(COUNTED, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found, counted = config.stash.get(FOUND, []), config.stash.get(COUNTED, [])
    terminalreporter.section("målinger")
    for line in reporting.as_text(found, counted):
        terminalreporter.write_line(line)
    if day := config.getoption("--measured-on"):
        page = reporting.as_markdown(found, counted, machine=config.getoption("--machine"), measured_on=day)
        PAGE.write_text(page, encoding="utf-8")


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgresql)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Give fresh databases of both kinds; a test that asks for it runs on both."""
    with ExitStack() as stack:
        if request.param == "SQLite":
            yield Fresh(request.param, tmp_path, request.getfixturevalue("migrated_sqlite"), None, stack)
        else:
            server = request.getfixturevalue("postgres_server")
            yield Fresh(request.param, tmp_path, request.getfixturevalue("migrated_postgres"), server, stack)
