"""Running everything: `kvalitet up`."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from kvalitet.adapters.engine.environment import address
from kvalitet.adapters.store import upgrade
from kvalitet.supervisor.children import board_address, children, demonstration
from kvalitet.supervisor.guarding import check_ports, sole_owner
from kvalitet.supervisor.keeping import keep, run_once

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kvalitet.adapters.settings import Settings
    from kvalitet.supervisor.children import Child


def say(sentence: str) -> None:
    """Tell whoever started us."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def run_all(settings: Settings, say: Callable[[str], None] = say, *, demonstrate: bool = False) -> int:
    """Run the board, Prefect's server and the flows until Ctrl-C or SIGTERM; a taken port is an OperationError.

    With `demonstrate`, an empty installation is filled first; the board answers meanwhile, the flows wait.
    """
    with sole_owner(settings.home):
        check_ports(settings)
        upgrade(settings.store_url)
        say(f"Statusoverblik: {board_address(settings)}")
        say(f"Prefect:        {address(settings)} (klar om et øjeblik)")
        say("Stop med Ctrl-C.")
        asyncio.run(_keep_all(children(settings), say, first=demonstration(settings) if demonstrate else None))
        say("Stoppet.")
    return 0


async def _keep_all(kept: Sequence[Child], say: Callable[[str], None], *, first: Child | None) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    *parts, flows = kept
    tasks = [asyncio.create_task(keep(child, say)) for child in parts]
    tasks.append(asyncio.create_task(_keep_after(first, flows, say)))
    waiting = asyncio.create_task(stop.wait())
    # A keeper ends only by a fault of its own, such as a log that cannot be written; then all stop.
    await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        say("Stopper ...")
    for task in [waiting, *tasks]:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _keep_after(first: Child | None, flows: Child, say: Callable[[str], None]) -> None:
    """Keep the flows running when what must come first has ended well; without that there is nothing to run on."""
    if first is None or await run_once(first, say):
        await keep(flows, say)
    else:
        say(f"{first.title} kunne ikke laves færdig; se {first.log}, ret fejlen, og start igen.")
        await asyncio.Event().wait()
