"""Keeping: the rows of feeds. A feed's token is its secret, so only a hash of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, or_, select, update

from kvalitet.adapters.access import secret_tokens
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from datetime import date, datetime

# "Used" is told to the hour: a calendar that asks every few minutes is not to write every few minutes.
USED_AGAIN = timedelta(hours=1)
_f = mail_schema.feed


@dataclass(frozen=True, slots=True)
class Feed:
    """Kalenderabonnement: whose it is, in which role, and how long its address works."""

    id: int
    municipality: str
    role: Role
    address: str
    created_at: datetime
    expires_on: date
    revoked_at: datetime | None
    used_at: datetime | None

    def is_live(self, *, today: date) -> bool:
        """Tell whether its address still works."""
        return self.revoked_at is None and today <= self.expires_on


def add(
    connection: Connection, municipality: str, *, role: Role, address: str, expires_on: date, now: datetime
) -> tuple[Feed, str]:
    """Make a feed, and give it with its token, which cannot be had again."""
    token = secret_tokens.fresh()
    values = {"municipality": municipality, "role": role.value, "address": address, "expires_on": expires_on}
    made = insert(_f).values(token_sha256=secret_tokens.digest(token), created_at=now, **values)
    (identity,) = connection.execute(made).inserted_primary_key or (0,)
    return Feed(identity, municipality, role, address, now, expires_on, None, None), token


def with_token(connection: Connection, token: str) -> Feed | None:
    """Find the feed that a token opens."""
    row = connection.execute(select(_f).where(_f.c.token_sha256 == secret_tokens.digest(token))).one_or_none()
    return _as_feed(row) if row else None


def feed(connection: Connection, identity: int) -> Feed | None:
    """Find a feed by its number."""
    row = connection.execute(select(_f).where(_f.c.id == identity)).one_or_none()
    return _as_feed(row) if row else None


def feeds(connection: Connection, municipality: str) -> list[Feed]:
    """List a municipality's feeds, the newest first."""
    query = select(_f).where(_f.c.municipality == municipality).order_by(_f.c.id.desc())
    return [_as_feed(row) for row in connection.execute(query)]


def revoke(connection: Connection, identity: int, *, now: datetime) -> bool:
    """Let an address work no more; tell whether it did until now."""
    ours = update(_f).where(_f.c.id == identity, _f.c.revoked_at.is_(None))
    return connection.execute(ours.values(revoked_at=now)).rowcount == 1


def is_used_lately(known: Feed, *, now: datetime) -> bool:
    """Tell whether the last use that is noted is near enough."""
    return known.used_at is not None and now - known.used_at < USED_AGAIN


def note_use(connection: Connection, identity: int, *, now: datetime) -> None:
    """Note that a feed was read."""
    earlier = or_(_f.c.used_at.is_(None), _f.c.used_at < now)
    connection.execute(update(_f).where(_f.c.id == identity, earlier).values(used_at=now))


def _as_feed(row: Any) -> Feed:
    return Feed(
        id=row.id,
        municipality=row.municipality,
        role=Role(row.role),
        address=row.address,
        created_at=row.created_at,
        expires_on=row.expires_on,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
