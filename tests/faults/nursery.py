"""A nursery: one process that has everything imported, and forks a real worker process for each order."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement, drain
from kvalitet.adapters.mail.patience import Patience, until_told
from kvalitet.adapters.mail.transport import Letter, SmtpTransport
from kvalitet.adapters.settings import SmtpSecurity
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.outbox import Mail
from kvalitet.outgoing import Rules, Uncertain
from tests.faults.pulling import PullOrder, work_on_pull

ROOT = Path(__file__).parents[2]
NEVER = ""


@dataclass(frozen=True)
class Order:
    """What a worker is to do, and at which point of which mail it is to be killed (by SIGKILL)."""

    url: str
    port: int
    now: str
    killed: str = NEVER
    at_mail: int = 1
    rate: int = 0
    policy: str = Uncertain.RESEND.value
    timeout: float = 5


class Nursery:
    """The tests' end of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, order: Order | PullOrder) -> int:
        """Start a worker, and give its process id."""
        return int(self._ask({"what": type(order).__name__, **asdict(order)}))

    def wait(self, pid: int) -> int:
        """Wait until a worker has ended; gives its exit code, or the signal that ended it as a negative number."""
        return int(self._ask({"wait": pid}))

    def run(self, order: Order | PullOrder) -> int:
        """Let a worker work until it ends."""
        return self.wait(self.start(order))

    def _ask(self, order: dict[str, object]) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Give a nursery that ends with the tests."""
    command = [sys.executable, "-m", "tests.faults.nursery"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()


class _Killed(SmtpTransport):
    """The real transport, which dies at the point that it is told."""

    def __init__(self, order: Order, **given: Any) -> None:
        super().__init__(**given)
        self.order = order
        self.mails = 0
        self.answered = False

    async def send(self, mail: Letter) -> None:
        self.mails += 1
        self.die_at("claimed")
        await super().send(mail)
        self.answered = True
        self.die_at("answered")

    def die_at(self, point: str) -> None:
        if self.order.killed == point and self.mails == self.order.at_mail:
            os.kill(os.getpid(), signal.SIGKILL)


def needed(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
    """Need every mail."""
    return STILL_NEEDED


def work(order: Order) -> None:
    """Drain, as a worker does."""
    store = Store.open(order.url)
    transport = _Killed(order, host="127.0.0.1", port=order.port, security=SmtpSecurity.NONE, timeout=order.timeout)

    def committing(_connection: Connection) -> None:
        if transport.answered:
            transport.die_at("committing")

    event.listen(store.engine, "commit", committing)
    began = datetime.fromisoformat(order.now)
    steps = iter(range(10**9))
    rules = Rules(rate=order.rate, uncertain=Uncertain(order.policy))
    patience = Patience()
    with until_told(patience):
        asyncio.run(
            drain(
                store,
                transport,
                needed,
                now=lambda: began + timedelta(milliseconds=next(steps)),
                worker=f"worker:{os.getpid()}",
                rules=rules,
                patience=patience,
            )
        )


def main() -> None:
    """Fork a worker for each order, and say how it ended when asked."""
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                if order.pop("what") == PullOrder.__name__:
                    work_on_pull(PullOrder(**order))
                else:
                    work(Order(**order))
                os._exit(0)
        print(answer, flush=True)  # noqa: T201 -- this is what the tests read


if __name__ == "__main__":
    main()
