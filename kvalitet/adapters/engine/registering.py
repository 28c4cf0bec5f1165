"""Registering: the deployments for a work pool, so that any number of workers can take the runs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.workers.process import ProcessWorker

from kvalitet.adapters.engine.deployments import PREFECT_FILE, deployments
from kvalitet.adapters.engine.environment import environment
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from kvalitet.adapters.settings import Settings

SECONDS = 300


def deploy(settings: Settings) -> tuple[str, ...]:
    """Register all deployments with the server that PREFECT_API_URL names, or else this installation's own.

    Gives their names. Registering again changes what has changed and makes nothing twice.
    """
    variables = {**environment(settings), **os.environ}
    try:
        with temporary_settings({PREFECT_API_URL: variables["PREFECT_API_URL"]}):
            asyncio.run(_ensure_pools())
    except Exception as error:  # Prefect's client raises what its transport raises, of many kinds
        raise OperationError(
            f"Prefects server på {variables['PREFECT_API_URL']} svarer ikke; start den med »kvalitet up«, "
            "eller ret PREFECT_API_URL. Intet er registreret."
        ) from error
    _register(variables)
    return tuple(deployment.full_name for deployment in deployments())


async def _ensure_pools() -> None:
    async with get_client() as client:
        for name in sorted({deployment.work_pool for deployment in deployments()}):
            try:
                await client.read_work_pool(name)
            except ObjectNotFound:
                template = ProcessWorker.get_default_base_job_template()
                await client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template))


def _register(variables: dict[str, str]) -> None:
    """Let Prefect's own command read its own file."""
    file = str(PREFECT_FILE.relative_to(CHECKOUT))
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", file]
    done = subprocess.run(  # noqa: S603 -- a fixed command
        command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        told = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise OperationError(f"Prefect ville ikke registrere kørslerne: {' '.join(told)} Ret fejlen, og prøv igen.")
