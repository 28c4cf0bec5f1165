"""Patience: waiting between mails, and ending early when the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE = 0.2
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Patience:
    """Tålmodighed: lasts until somebody ends it, from any thread."""

    def __init__(self) -> None:
        self._over = threading.Event()

    @property
    def is_over(self) -> bool:
        """Tell whether no more mails are to be taken."""
        return self._over.is_set()

    def end(self) -> None:
        """Let the mail in flight be the last one."""
        self._over.set()

    async def wait(self, seconds: float) -> None:
        """Wait, but no longer than the patience lasts."""
        until = monotonic() + seconds
        while not self.is_over and (left := until - monotonic()) > 0:  # noqa: ASYNC110 -- ended from other threads
            await asyncio.sleep(min(left, SLICE))


@contextmanager
def until_told(patience: Patience) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the patience, and pass the signal on once the work is done.

    Only the main thread may listen for signals; elsewhere whoever started the thread ends the patience.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[int] = []

    def note(number: int, _frame: Any) -> None:
        told.append(number)
        patience.end()

    earlier = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        if told:
            signal.raise_signal(told[0])
