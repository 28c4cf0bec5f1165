"""What all tests share: databases, a browser, and a Prefect that keeps to itself."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Prefect reads its settings at import, so they are set before any test module is read.
PREFECT_HOME = tempfile.mkdtemp(prefix="kvalitet-prefect-")
atexit.register(shutil.rmtree, PREFECT_HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith(("PREFECT_", "KVALITET_")) and "TEST" not in name]:
    del os.environ[name]
os.environ["PREFECT_HOME"] = PREFECT_HOME
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"

import pytest  # noqa: E402 - after Prefect's settings
from sqlalchemy import URL  # noqa: E402 - as above

from tests import databases  # noqa: E402 - as above

if TYPE_CHECKING:
    from kvalitet.adapters.store import Store

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one migrated SQLite file for all tests to copy."""
    return databases.migrated_sqlite(tmp_path_factory.mktemp("sqlite") / "template.sqlite")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Give a PostgreSQL server, for all tests of this process."""
    with databases.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """Give the name of one migrated PostgreSQL database for all tests to copy."""
    with databases.migrated_postgres(postgres_server) as name:
        yield name


@pytest.fixture(scope="session")
def reused_postgres(postgres_server: URL, migrated_postgres: str) -> Iterator[databases.ReusedPostgres]:
    """Give what lends the tests of this process their PostgreSQL databases."""
    reused = databases.ReusedPostgres(postgres_server, migrated_postgres)
    yield reused
    reused.close()


@pytest.fixture
def postgres_url(reused_postgres: databases.ReusedPostgres) -> Iterator[str]:
    """Give the address of an empty, migrated PostgreSQL database."""
    with reused_postgres.lent() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Give the address of a fresh, migrated SQLite file."""
    return databases.copy_of_sqlite(migrated_sqlite, tmp_path / "kvalitet.sqlite")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a fresh, migrated database; a test that asks for it runs on both kinds."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database with nothing in it, for the migrations' own tests."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        with databases.empty_postgres(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def store(database_url: str) -> "Iterator[Store]":
    """Give an open, migrated store; a test that asks for it runs on both kinds of database."""
    from kvalitet.adapters.store import Store  # noqa: PLC0415 - tests of the core need not wait for SQLAlchemy

    opened = Store.open(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the machine's Chromium; where a missing one is no accident (CI), the test fails."""
    if found := next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None):
        return found
    if os.environ.get("CI"):
        pytest.fail("Chromium mangler; .ci/run skulle have installeret den")
    pytest.skip("Chromium mangler på denne maskine")
