"""Sides of a race to the same sink: each drains as many mails, and says how many arrived and how many it marked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kvalitet.adapters.mail.draining import drain
from kvalitet.adapters.store import Store, outbox
from kvalitet.outgoing import MailState
from tests import databases
from tests.adapters.mail.sending import smtp
from tests.benchmarks.mail.peers import Peer
from tests.benchmarks.mail.reminders import MADE_AT, Waiting
from tests.benchmarks.mail.smtp import Sink, source
from tests.benchmarks.measuring import Counted, seconds


@dataclass
class Side:
    """Deltager: prepares a full queue, drains it, and counts what its database says is sent."""

    name: str
    start: Callable[[], tuple[Callable[[], object], Callable[[], int]]]
    seconds: list[float] = field(default_factory=list)
    marked: int = 0
    arrived: int = 0

    def run(self, sink: Sink) -> None:
        """Drain once."""
        before = sink.count()
        drain_all, count_marked = self.start()
        self.seconds.append(seconds(lambda: drain_all))
        self.marked += count_marked()
        self.arrived += sink.count() - before

    def counted(self, mails: int) -> Counted:
        """Say what arrived and what was marked, over all rounds."""
        return Counted(self.name, mails * len(self.seconds), self.arrived, self.marked)


def ours(name: str, waiting: Waiting, folder: Path, migrated: Path, port: int) -> Side:
    """Give the product's own outbox, filled once and copied for each round."""
    number = count()
    filled = folder / "filled.sqlite"
    store = Store.open(databases.copy_of_sqlite(migrated, filled))
    waiting.fill(store)
    store.close()

    def start() -> tuple[Callable[[], object], Callable[[], int]]:
        path = folder / f"ours-{next(number)}.sqlite"
        store = Store.open(databases.copy_of_sqlite(filled, path))

        def marked() -> int:
            with store.read() as connection:
                sent = outbox.counts(connection)[MailState.SENT]
            store.close()
            path.unlink()
            return sent

        return lambda: asyncio.run(send(store, waiting, port)), marked

    return Side(name, start)


async def send(store: Store, waiting: Waiting, port: int) -> None:
    """Drain as the product does, over one connection."""
    await drain(store, smtp(port), waiting.needed, now=lambda: MADE_AT, worker="bench")


def theirs(name: str, peer: Peer, mails: Path, port: int) -> Side:
    """Give a peer, with a queue of its own each round."""
    number = count()

    def start() -> tuple[Callable[[], object], Callable[[], int]]:
        database = mails.with_name(f"{peer.package}-{peer.batch}-{next(number)}.sqlite")
        running = peer.start(port, database, mails)
        return running.drain, running.marked

    return Side(name, start)


def bare(name: str, mails: int, size: int, port: int) -> Side:
    """Give smtp-source, which has no queue and marks nothing."""
    return Side(name, lambda: (lambda: source(port, mails=mails, size=size), lambda: 0))
