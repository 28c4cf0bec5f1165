"""Measuring: a piece of work beside its own limit, in turns, since others use the machine too."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

# One round: prepares what is not measured, and gives the work itself.
Round: TypeAlias = Callable[[], Callable[[], object]]


@dataclass(frozen=True)
class Measured:
    """Måling: the best of several rounds of each side; the most memory of our own, in MB."""

    what: str
    limit: str
    seconds: float
    limit_seconds: float
    rows: int
    memory: float

    @property
    def ratio(self) -> float:
        """How many times as long as its limit the work takes."""
        return self.seconds / self.limit_seconds


@dataclass(frozen=True)
class Counted:
    """Optælling: mails that were sent, arrived and are marked, by how many killed workers, lost and doubled."""

    who: str
    mails: int
    arrived: int
    marked: int
    kills: int = 0
    lost: int = 0
    doubled: int = 0


def race(
    what: str, work: Round, *, limit: str, bare: Round, rows: int, rounds: int, memory: Round | None = None
) -> Measured:
    """Measure the work and its limit alternately, and keep the best of each; its memory in a round of its own.

    `memory` is a smaller piece of the same work, where one round would take minutes under tracing.
    """
    pairs = [(seconds(work), seconds(bare)) for _ in range(rounds)]
    return Measured(
        what, limit, min(ours for ours, _ in pairs), min(theirs for _, theirs in pairs), rows, peak(memory or work)
    )


def seconds(prepare: Round) -> float:
    """Measure one round."""
    work = prepare()
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def peak(prepare: Round) -> float:
    """Give the most memory that the work's Python values took, in MB."""
    work = prepare()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
