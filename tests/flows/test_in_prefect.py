"""What a person sees of the flows in Prefect: names, tags, tables, and a failure in Danish."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness

from flows import plan_year, turn_wheel
from flows.outcome import Outcome
from flows.shell import Ended, perform
from kvalitet.adapters import clock
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.adapters.store import Store, log
from kvalitet.municipality import Municipality

# Prefect's client leaves sockets to the collector.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    """Give Prefect a server of its own for the tests of this file."""
    with prefect_test_harness(server_startup_timeout=60):
        yield


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name an installation in the environment, as the supervisor does."""
    monkeypatch.setenv("KVALITET_HOME", str(tmp_path))
    monkeypatch.setenv("KVALITET_MUNICIPALITIES", str(CHECKOUT / "deployments"))
    monkeypatch.setenv("KVALITET_DATABASE_URL", sqlite_url)
    # A day on which there is time for every meeting; on others, such as in the last week of November, there is none.
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 8, 17, 5, 0, tzinfo=UTC))
    return sqlite_url


@flow(name="half_failing", flow_run_name="Prøve – {municipality}")
async def half_failing(municipality: str = "alle kommuner") -> Ended:
    """Mislykkes for den ene kommune og lykkes for den anden."""
    return await perform("Prøve", _fails_in_hvidovre, municipality=municipality)


def _fails_in_hvidovre(_installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    if municipality.key == "hvidovre":
        raise OperationError("Kilden svarer ikke; prøv igen i morgen.")
    rows = ({"til": municipality.contacts[0].address, "dag": f"{now:%Y}"},)
    return Outcome("Alt er gjort.", rows, links=(("Rapport nr. 1", "http://127.0.0.1:8321/rapport"),))


def state_of(run: Any, **parameters: object) -> Ended:
    ended: Ended = asyncio.run(run(return_state=True, **parameters))
    return ended


async def seen() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Read what Prefect's pages show: the runs with their tags, and the tables by key."""
    async with get_client() as client:
        runs = {run.name: set(run.tags) for run in await client.read_flow_runs()}
        return runs, {str(table.key): f"{table.description} {table.data}" for table in await client.read_artifacts()}


def test_turning_the_wheel_shows_a_run_for_each_phase_that_had_something_to_do(environment: str) -> None:
    ended = state_of(turn_wheel.turn_wheel)
    assert ended.is_completed(), ended.message
    runs, tables = asyncio.run(seen())
    assert runs["Planlæg skoleåret – Kalundborg Kommune"] == {"Kalundborg Kommune", "Planlæg skoleåret"}
    assert {"Drej årshjulet – alle kommuner", "Planlæg skoleåret – Hvidovre Kommune", "Send mails"} <= set(runs)
    assert "Planlæg skoleåret – Kalundborg Kommune: Planlagt:" in tables["plan-year-kalundborg"]
    assert all(re.search(r"\S@\S", table) is None for table in tables.values())
    store = Store.open(environment)
    with store.read() as connection:
        assert {"turn_wheel:kalundborg", "turn_wheel:hvidovre", "send_mail"} <= set(log.heartbeats(connection))
    store.close()


def test_a_municipality_that_fails_ends_the_run_as_failed_in_danish_and_stops_no_other(environment: str) -> None:
    ended = state_of(half_failing)
    assert ended.is_failed()
    assert ended.message == "Hvidovre Kommune: Kilden svarer ikke; prøv igen i morgen."
    _, tables = asyncio.run(seen())
    assert "Kilden svarer ikke" in tables["half-failing-hvidovre"]
    assert "Alt er gjort." in tables["half-failing-kalundborg"]
    assert "@" not in tables["half-failing-kalundborg"]
    assert "[Rapport nr. 1](http://127.0.0.1:8321/rapport)" in tables["half-failing-rapport-nr-1-kalundborg"]


def test_a_chosen_school_year_is_planned_for_the_chosen_municipality_alone(environment: str) -> None:
    ended = state_of(plan_year.plan_year, municipality="kalundborg", school_year="2018/19")
    assert ended.message == "Kalundborg Kommune: Planlagt: 2018/19."


def test_an_unknown_municipality_is_named_in_danish(environment: str) -> None:
    ended = state_of(plan_year.plan_year, municipality="aarhus")
    assert ended.is_failed()
    assert "Kommunen »aarhus« findes ikke her; vælg en af: hvidovre, kalundborg." in (ended.message or "")
