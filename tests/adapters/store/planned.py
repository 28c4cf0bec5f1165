"""A plan in the store, for tests of what refers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from kvalitet.adapters.store import Store, plans
from kvalitet.occurrences import Changes, Occurrence
from tests.builders import instant

NOW = instant("2026-05-01")


def write(
    store: Store | Connection,
    new: Iterable[Occurrence] = (),
    *,
    moved: Iterable[tuple[Occurrence, Occurrence]] = (),
    dropped: Iterable[Occurrence] = (),
    wake_on: Mapping[str, date | None] | None = None,
    now: datetime = NOW,
) -> None:
    """Write changes of a plan; what is not told when to wake wakes when it opens."""
    changes = Changes(tuple(new), tuple(moved), tuple(dropped))
    written = [*changes.new, *(to for _, to in changes.moved)]
    positions = {of.key: place for place, of in enumerate(written)}
    days = {of.key: of.opens for of in written} | dict(wake_on or {})
    if isinstance(store, Connection):
        plans.write(store, changes, positions=positions, wake_on=days, now=now)
    else:
        with store.write() as connection:
            plans.write(connection, changes, positions=positions, wake_on=days, now=now)
