"""A worker that pulls an extract, and is killed at a point of its own."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pandera.pandas  # noqa: F401 -- a forked worker need not read it anew
from sqlalchemy import Connection, event

from kvalitet.adapters.extracting import pulling
from kvalitet.adapters.extracting.asking import source_of
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.source import ExtractRequest, RawExtract, Source
from kvalitet.adapters.store import Store
from kvalitet.municipality import Municipality
from tests.adapters.installed import installation
from tests.builders import extract, municipality, occurrence

WHEEL = extract(opens="start-10-01", due="end-01-31")
PULL = occurrence(WHEEL, where=None)
PLACE = municipality(WHEEL)


@dataclass(frozen=True)
class PullOrder:
    """What a worker is to pull (from the files in its home), and at which point it is to be killed (by SIGKILL)."""

    url: str
    home: str
    now: str
    killed: str = ""


@dataclass(frozen=True)
class _Killed:
    """The real source, which lets the worker die when it has given its answer."""

    source: Source
    killed: str

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Get the figures asked for."""
        answer = self.source.fetch(request)
        if self.killed == "fetched":
            die()
        return answer


def die() -> None:
    """Be killed, as by the operating system."""
    os.kill(os.getpid(), signal.SIGKILL)


def work_on_pull(order: PullOrder) -> None:
    """Pull, as a worker does."""
    store = Store.open(order.url)
    commits = iter(("begun", "committing"))

    def commit(_connection: Connection) -> None:
        if next(commits) == order.killed:
            die()

    def local(of: Installation, here: Municipality, name: str) -> Source:
        return _Killed(source_of(of, here, name), order.killed)

    event.listen(store.engine, "commit", commit)
    made = installation(store, Path(order.home), PLACE)
    with patch.object(pulling, "source_of", local):
        pull(Errand(made, PLACE, PULL, datetime.fromisoformat(order.now)))
