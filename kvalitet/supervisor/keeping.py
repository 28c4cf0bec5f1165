"""Keeping one child alive: start it, wait for its end, start it again, a little later each time."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable

    from kvalitet.supervisor.children import Child

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A child that has lived so long is well again: its next fall is its first.
WELL_AFTER = 60.0
STOP_SECONDS = 8.0
LOOK_EVERY = 0.25
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


async def keep(child: Child, say: Callable[[str], None]) -> None:
    """Keep a child running until cancelled, and end it then."""
    pause = SHORTEST_PAUSE
    loop = asyncio.get_running_loop()
    while True:
        if child.after:
            await answers(child.after)
        began = loop.time()
        code = await _live(child, say)
        pause = SHORTEST_PAUSE if loop.time() - began > WELL_AFTER else pause
        say(
            f"{child.title} stoppede (kode {code}) og startes igen om {pause:.1f} s; se {child.log}.".replace(
                ".", ",", 1
            )
        )
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def run_once(child: Child, say: Callable[[str], None]) -> bool:
    """Run a child to its end, or end it when cancelled; tells whether it went well."""
    process = await _start(child)
    say(f"{child.title} afspilles; det tager et øjeblik.")
    try:
        went_well = await process.wait() == 0
    finally:
        await _end(process)
    if went_well:
        say(f"{child.title} er klar.")
    return went_well


async def answers(address: str) -> None:
    """Wait until an address answers well."""
    while not await asyncio.to_thread(_answers, address):  # noqa: ASYNC110 -- another process cannot set our events
        await asyncio.sleep(LOOK_EVERY)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 -- our own address, which begins with http
            return True
    except OSError:
        return False


async def _live(child: Child, say: Callable[[str], None]) -> int:
    """Start a child and wait for its end; when this is cancelled, end it."""
    process = await _start(child)
    ready = asyncio.create_task(_tell_when_ready(child, say))
    try:
        return await process.wait()
    finally:
        ready.cancel()
        await _end(process)


async def _start(child: Child) -> Process:
    child.log.parent.mkdir(parents=True, exist_ok=True)
    with child.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *child.command,
            env=child.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then ends the children in order
            preexec_fn=_die_with_parent,
        )


async def _tell_when_ready(child: Child, say: Callable[[str], None]) -> None:
    if child.health:
        await answers(child.health)
    say(f"{child.title} kører.")


async def _end(process: Process) -> None:
    """Ask a child to stop; after a while, or when it has gone without its own children, stop the whole group."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _die_with_parent() -> None:
    """Let Linux end the child when the supervisor is killed without a word."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
