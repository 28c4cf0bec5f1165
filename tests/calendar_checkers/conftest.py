"""The checkers, made once for all tests of this package."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendar_checkers import checking
from tests.calendar_checkers.checking import Checker
from tests.calendar_checkers.radicale_server import Radicale
from tests.calendar_checkers.radicale_server import radicale as radicale_server


@pytest.fixture(scope="session")
def programs(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder where compiled programs are kept from one run to the next, where runs keep anything."""
    cache = getattr(pytestconfig, "cache", None)
    return cache.mkdir("calendar_checkers") if cache else tmp_path_factory.mktemp("programs")


@pytest.fixture(scope="session")
def libical(programs: Path) -> Checker:
    """Give libical's judgement: the property tables of iTIP."""
    return checking.libical(programs)


@pytest.fixture(scope="session")
def kcalendarcore(programs: Path) -> Checker:
    """Give KDE's judgement: a calendar program's own reading of a scheduling message."""
    return checking.kcalendarcore(programs)


@pytest.fixture(scope="session")
def icaljs() -> Checker:
    """Give the judgement of Thunderbird's engine, in strict mode."""
    return checking.icaljs()


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """Give a calendar server's judgement."""
    with radicale_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server
