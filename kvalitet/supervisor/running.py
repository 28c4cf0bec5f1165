"""Running everything: `kvalitet up`."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from kvalitet.adapters.engine.environment import address
from kvalitet.adapters.store import upgrade
from kvalitet.supervisor.children import board_address, children
from kvalitet.supervisor.guarding import check_ports, sole_owner
from kvalitet.supervisor.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kvalitet.adapters.settings import Settings
    from kvalitet.supervisor.children import Child


def say(sentence: str) -> None:
    """Tell whoever started us."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def run_all(settings: Settings, say: Callable[[str], None] = say) -> int:
    """Run the board, Prefect's server and the flows until Ctrl-C or SIGTERM; a taken port is an OperationError."""
    with sole_owner(settings.home):
        check_ports(settings)
        upgrade(settings.store_url)
        say(f"Statusoverblik: {board_address(settings)}")
        say(f"Prefect:        {address(settings)} (klar om et øjeblik)")
        say("Stop med Ctrl-C.")
        asyncio.run(_keep_all(children(settings), say))
        say("Stoppet.")
    return 0


async def _keep_all(kept: Sequence[Child], say: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    tasks = [asyncio.create_task(keep(child, say)) for child in kept]
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
