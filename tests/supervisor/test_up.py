"""`kvalitet up` as it is: the board first, a scheduled run that really appears and is carried out, and a clean end."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_CSRF_SUPPORT_ENABLED, temporary_settings

from kvalitet.adapters.engine.deployments import deployments
from tests.supervisor.processes import answers, running, settings_in, variables, wait_until

# Prefect's client leaves sockets to the collector.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]
OFTEN = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=timedelta(seconds=5)), active=True)


async def served(client: PrefectClient) -> bool:
    """Tell whether every flow has its deployment."""
    try:
        found = {(await client.read_deployment_by_name(each.full_name)).status for each in deployments()}
    except ObjectNotFound:
        return False
    return {str(getattr(status, "value", status)) for status in found} == {"READY"}


async def scheduled_and_done(client: PrefectClient) -> list[FlowRun]:
    """List the runs that the scheduler made and the served flows carried out."""
    runs = await client.read_flow_runs(limit=200)
    return [run for run in runs if run.auto_scheduled and run.state and run.state.is_completed()]


async def carried_out() -> list[FlowRun]:
    """Let `send_mail` run often, and wait for the first run."""
    async with get_client() as client, asyncio.timeout(90):
        while not await served(client):  # noqa: ASYNC110 -- another process cannot set our events
            await asyncio.sleep(0.2)
        deployment = await client.read_deployment_by_name("send_mail/kvalitet")
        await client.create_deployment_schedules(deployment.id, [OFTEN])
        while not (done := await scheduled_and_done(client)):  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.5)
        return done


def test_all_parts_run_a_scheduled_run_is_carried_out_and_ctrl_c_ends_everything(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    api, board = f"http://127.0.0.1:{settings.prefect_port}/api", f"http://127.0.0.1:{settings.port}"
    log = tmp_path / "terminal.log"

    with running("tests.supervisor.up", env=variables(settings), log=log) as up:
        wait_until(lambda: answers(f"{board}/"), seconds=30, what="statusoverblikket svarer ikke")
        assert not answers(f"{api}/health"), "statusoverblikket skal svare før Prefect"
        wait_until(lambda: answers(f"{api}/health"), seconds=60, what="Prefects server svarer ikke")
        with temporary_settings({PREFECT_API_URL: api, PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: True}):
            done = asyncio.run(carried_out())
        assert {run.name for run in done} == {"Send mails"}
        assert {run.state.message for run in done if run.state} == {"Udbakken: Ingen mails at sende."}
        os.kill(up.pid, signal.SIGINT)
        assert up.wait(15) == 0
    assert not answers(f"{board}/")
    assert not answers(f"{api}/health")
    told = log.read_text(encoding="utf-8")
    assert f"Statusoverblik: {board}" in told
    assert "stoppede (kode" not in told
    assert told.endswith("Stoppet.\n")
