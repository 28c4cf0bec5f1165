"""A worker that is killed: drains the benchmark's outbox in a process of its own, and says when it begins.

`python -m tests.benchmarks.mail.draining_worker DATABASE PORT NOW`
"""

import asyncio
import os
import sys
from datetime import datetime

from kvalitet.adapters.mail.draining import drain
from kvalitet.adapters.store import Store
from tests.adapters.mail.sending import smtp
from tests.benchmarks.mail.reminders import Waiting


def work(database: str, port: int, now: datetime) -> None:
    """Send all that is due at an instant."""
    store = Store.open(database)
    needed = Waiting.of(0).needed
    print("ready", flush=True)  # noqa: T201 -- how it talks to the benchmark
    asyncio.run(drain(store, smtp(port), needed, now=lambda: now, worker=f"bench:{os.getpid()}"))
    store.close()


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
