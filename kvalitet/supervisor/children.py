"""The three children: what is started, in which order, with which environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.engine.environment import address, environment
from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

    from kvalitet.adapters.settings import Settings

# Given to the children whatever way it was set; the rest they read as the supervisor did.
HANDED_ON = ("home", "municipalities", "host", "port", "prefect_port")


@dataclass(frozen=True, slots=True)
class Child:
    """Delproces: `health` is the address that answers when it is ready; `after` must have answered before it starts."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    health: str = ""
    after: str = ""


def demonstration(settings: Settings) -> Child:
    """Give what fills an empty installation; it runs once, while the board shows how far it is."""
    shared = {**os.environ, **environment(settings), **_handed_on(settings)}
    log = (settings.home / "logs").resolve() / "demonstration.log"
    return Child("Demonstrationen", _python("kvalitet.simulation"), shared, log)


def children(settings: Settings) -> tuple[Child, ...]:
    """List the children. The board comes first: people need it, and Prefect takes its time."""
    shared = {**os.environ, **environment(settings), **_handed_on(settings)}
    logs = (settings.home / "logs").resolve()
    prefect = f"{address(settings)}/api/health"
    return (
        Child(
            "Statusoverblikket", _python("kvalitet.web"), shared, logs / "web.log", f"{board_address(settings)}/healthz"
        ),
        Child("Prefects server", _python("prefect", "server", "start"), shared, logs / "prefect.log", prefect),
        Child("Kørslerne", _python("flows"), shared, logs / "flows.log", after=prefect),
    )


def board_address(settings: Settings) -> str:
    """Give where the board is found on this machine."""
    return f"http://{settings.host}:{settings.port}"


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    # Unbuffered, so that what a child said last is in its log when it dies.
    return (sys.executable, "-u", "-m", module, *arguments)


def _handed_on(settings: Settings) -> dict[str, str]:
    values = {name: getattr(settings, name) for name in HANDED_ON}
    values |= {name: path.resolve() for name in ("home", "municipalities") if (path := values[name])}
    # `flows` and the templates are found from any working directory.
    path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    return {**{f"KVALITET_{name.upper()}": str(value) for name, value in values.items() if value}, "PYTHONPATH": path}
