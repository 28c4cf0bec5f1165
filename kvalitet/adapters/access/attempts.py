"""Attempts: how often something is tried, counted in the database so that all processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, select

from kvalitet.adapters.access.secret_tokens import digest
from kvalitet.adapters.store import hold
from kvalitet.adapters.store.tables import access_schema

if TYPE_CHECKING:
    from datetime import datetime

_a = access_schema.attempt
# Nothing is counted for longer.
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """Grænse: at most so many within a span."""

    name: str
    most: int
    span: timedelta


# A mailbox gets so many from one network; one that is flooded from there can still be written to from another.
LINKS_TO_AN_ADDRESS = Limit("link", 5, timedelta(hours=1))
LINKS_TO_AN_ADDRESS_IN_ALL = Limit("link-in-all", 15, timedelta(hours=1))
# A whole town hall may come from one network, on the morning when all of them are written to.
LINKS_FROM_A_NETWORK = Limit("link-network", 120, timedelta(hours=1))
# No secret can be guessed, however often one tries; the way out to a login and the way back count as two.
LOGINS_FROM_A_NETWORK = Limit("login-network", 600, timedelta(minutes=10))


def seconds_to_wait(connection: Connection, limit: Limit, who: str, *, now: datetime) -> int:
    """Count one attempt, and give 0; or, where there were too many, give how many seconds to wait.

    Who is turned away is not counted, so that the wait ends.
    """
    key = digest(f"{limit.name}:{who}")
    hold(connection, f"attempt:{key}")  # many at once are not to see each other's places free
    since = now - limit.span
    earlier = select(func.count(), func.min(_a.c.at)).where(_a.c.key == key, _a.c.at > since)
    count, first = connection.execute(earlier).one()
    if count >= limit.most:
        wait: timedelta = first + limit.span - now
        return ceil(wait.total_seconds())
    connection.execute(delete(_a).where(_a.c.at < now - _KEPT))
    connection.execute(insert(_a).values(key=key, at=now))
    return 0
