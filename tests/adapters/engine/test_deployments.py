"""deployments/prefect.yaml agrees with the flows, and its schedules with the clock of Denmark."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint
from prefect.server.schemas.schedules import CronSchedule

from kvalitet.adapters.engine.deployments import PREFECT_FILE, Schedule, deployments
from kvalitet.adapters.engine.serving import as_served
from kvalitet.adapters.settings import CHECKOUT

DENMARK = ZoneInfo("Europe/Copenhagen")
NOT_FLOWS = {"__init__", "__main__", "inviting", "outcome", "reporting", "shell"}
DEPLOYED = {deployment.flow: deployment for deployment in deployments()}
LOCAL = [
    (name, schedule) for name, found in DEPLOYED.items() for schedule in found.schedules if schedule.timezone != "UTC"
]
IN_UTC = [
    (name, schedule) for name, found in DEPLOYED.items() for schedule in found.schedules if schedule.timezone == "UTC"
]


def fires(schedule: Schedule, first: datetime, last: datetime) -> list[datetime]:
    """List when Prefect's own server would start a schedule's runs, in UTC."""
    cron = CronSchedule(cron=schedule.cron, timezone=schedule.timezone)
    moments = asyncio.run(cron.get_dates(n=1000, start=first, end=last))
    return [datetime.fromtimestamp(moment.timestamp(), tz=UTC) for moment in moments]


def test_every_flow_has_a_deployment_and_every_deployment_a_flow() -> None:
    assert set(DEPLOYED) == {path.stem for path in (CHECKOUT / "flows").glob("*.py")} - NOT_FLOWS


@pytest.mark.parametrize("name", DEPLOYED)
def test_an_entrypoint_is_the_flow_of_the_files_name_with_a_danish_description(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    found: Flow[..., object] = load_flow_from_entrypoint(DEPLOYED[name].entrypoint)
    assert found.name == name
    assert found.description
    assert DEPLOYED[name].description.endswith(".")
    assert found.isasync


@pytest.mark.parametrize("name", DEPLOYED)
def test_what_is_served_is_what_the_file_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    served, wanted = as_served(DEPLOYED[name]), DEPLOYED[name]
    assert (served.name, served.flow_name, served.tags) == (wanted.name, name, list(wanted.tags))
    assert served.concurrency_limit == wanted.limit == 1
    assert served.concurrency_options is not None
    assert served.concurrency_options.collision_strategy == wanted.collision_strategy
    crons = [getattr(schedule.schedule, "cron", None) for schedule in served.schedules or []]
    assert crons == [schedule.cron for schedule in wanted.schedules]


@pytest.mark.parametrize(("name", "schedule"), LOCAL)
def test_no_local_schedule_fires_between_midnight_and_four(name: str, schedule: Schedule) -> None:
    year = fires(schedule, datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    hours = {fired.astimezone(DENMARK).hour for fired in year}
    assert hours
    assert hours & {0, 1, 2, 3} == set()


def test_the_wheel_turns_at_seven_also_on_the_days_when_the_clock_changes() -> None:
    (schedule,) = DEPLOYED["turn_wheel"].schedules
    assert (schedule.cron, schedule.timezone) == ("0 7 * * *", "Europe/Copenhagen")
    for night in (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC)):
        (fired,) = fires(schedule, night, night + timedelta(days=1))
        assert fired.astimezone(DENMARK).hour == 7


@pytest.mark.parametrize(("name", "schedule"), IN_UTC)
def test_a_quarter_hourly_schedule_has_no_gap_when_summer_time_ends(name: str, schedule: Schedule) -> None:
    times = fires(schedule, datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 4, tzinfo=UTC))
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(minutes=15)}


def test_the_same_schedule_in_danish_time_would_lose_an_hour() -> None:
    local = Schedule("*/15 * * * *", "Europe/Copenhagen", "")
    times = fires(local, datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 4, tzinfo=UTC))
    assert max(later - earlier for earlier, later in pairwise(times)) > timedelta(minutes=15)


def test_the_file_names_no_folder_of_anybodys_machine() -> None:
    assert 'directory: "{{ $KVALITET_CHECKOUT }}"' in PREFECT_FILE.read_text(encoding="utf-8")
