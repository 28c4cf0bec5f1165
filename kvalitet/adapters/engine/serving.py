"""Serving: one process that takes the runs when they are due and gives each a process of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

from kvalitet.adapters.engine.deployments import deployments
from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from kvalitet.adapters.engine.deployments import Deployment

RUNS_AT_ONCE = 2


def serve_all() -> None:
    """Serve every deployment until told to stop."""
    # Entrypoints are read from the working directory, here and in each run's process.
    os.chdir(CHECKOUT)
    # Pausing at the end would delete all runs to come, and does not even do so every time.
    served = [as_served(deployment) for deployment in deployments()]
    serve(*served, pause_on_shutdown=False, print_starting_message=False, limit=RUNS_AT_ONCE)


def as_served(deployment: Deployment) -> RunnerDeployment:
    """Make Prefect's own value of a deployment, without the work pool that serving has no use for."""
    strategy = ConcurrencyLimitStrategy(deployment.collision_strategy)
    return RunnerDeployment.from_entrypoint(
        deployment.entrypoint,
        name=deployment.name,
        description=deployment.description,
        tags=list(deployment.tags),
        schedules=[Cron(each.cron, timezone=each.timezone, slug=each.slug) for each in deployment.schedules],
        concurrency_limit=ConcurrencyLimitConfig(limit=deployment.limit, collision_strategy=strategy),
    )
