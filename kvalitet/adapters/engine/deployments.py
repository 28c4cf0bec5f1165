"""The deployments of prefect.yaml: the one place that says what runs when, read for every way of running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

PREFECT_FILE = CHECKOUT / "deployments" / "prefect.yaml"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Køreplan: a cron line in a time zone."""

    cron: str
    timezone: str
    slug: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """Udrulning: one flow with its schedules; `entrypoint` is file:flow from the root of the checkout."""

    name: str
    entrypoint: str
    description: str
    tags: tuple[str, ...]
    schedules: tuple[Schedule, ...]
    limit: int
    collision_strategy: str
    work_pool: str

    @property
    def flow(self) -> str:
        """The name of the flow."""
        return self.entrypoint.rpartition(":")[2]

    @property
    def full_name(self) -> str:
        """The name by which Prefect starts it: flow/deployment."""
        return f"{self.flow}/{self.name}"


def deployments(path: Path = PREFECT_FILE) -> tuple[Deployment, ...]:
    """Read the file; it is part of the program, so a fault in it is a fault of the program."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_deployment(entry) for entry in content["deployments"])


def _deployment(entry: dict[str, Any]) -> Deployment:
    limit = entry["concurrency_limit"]
    return Deployment(
        name=entry["name"],
        entrypoint=entry["entrypoint"],
        description=entry["description"],
        tags=tuple(entry["tags"]),
        schedules=tuple(Schedule(**schedule) for schedule in entry.get("schedules", ())),
        limit=limit["limit"],
        collision_strategy=limit["collision_strategy"],
        work_pool=entry["work_pool"]["name"],
    )
