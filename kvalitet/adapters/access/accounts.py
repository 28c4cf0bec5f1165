"""Accounts: people whom an identity provider vouches for, and what they have been let in as.

They are known by issuer and subject, never by a mail address, which may go to another person (OWASP ASVS 5.0, 6.8.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from kvalitet.adapters.store import hold
from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import access_schema
from kvalitet.rights import Access, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_a, _g = access_schema.account, access_schema.access_grant
# Who grants what the provider itself says of a person.
BY_PROVIDER = "login"


@dataclass(frozen=True, slots=True)
class Account:
    """Konto: a person as the identity provider knows them."""

    id: int
    issuer: str
    subject: str
    name: str
    address: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """Tildelt adgang: what an account is let in as, and by whom."""

    id: int
    account: int
    standing: Standing
    granted_by: str
    granted_at: datetime


def seen(connection: Connection, issuer: str, subject: str, *, name: str, address: str, now: datetime) -> Account:
    """Find or make the account of somebody who has just logged in; name and address are those of today."""
    ours = _a.c.issuer == issuer, _a.c.subject == subject
    told = {"name": name, "address": address, "seen_at": now}
    if not insert_once(connection, _a, {"issuer": issuer, "subject": subject, "created_at": now, **told}):
        connection.execute(update(_a).where(*ours).values(**told))
    return _as_account(connection.execute(select(_a).where(*ours)).one())


def account(connection: Connection, identity: int) -> Account | None:
    """Find an account by its number."""
    row = connection.execute(select(_a).where(_a.c.id == identity)).one_or_none()
    return _as_account(row) if row else None


def accounts(connection: Connection, issuer: str) -> list[Account]:
    """List the accounts of an identity provider, the newest first."""
    query = select(_a).where(_a.c.issuer == issuer).order_by(_a.c.id.desc())
    return [_as_account(row) for row in connection.execute(query)]


def grant(connection: Connection, identity: int, standing: Standing, *, by: str, now: datetime) -> None:
    """Let an account in as something; what it has already is not given twice."""
    hold(connection, f"grants:{identity}")
    if any(found.standing == standing for found in grants(connection, identity)):
        return
    values = {
        "municipality": standing.municipality,
        "access": standing.access.value,
        "school": standing.school,
        "school_group": standing.school_group,
    }
    connection.execute(insert(_g).values(account=identity, granted_by=by, granted_at=now, **values))


def revoke(connection: Connection, identity: int, *, municipality: str, now: datetime) -> bool:
    """Take a grant (by its number) back; tell whether it stood until now."""
    ours = update(_g).where(_g.c.id == identity, _g.c.municipality == municipality, _g.c.revoked_at.is_(None))
    return connection.execute(ours.values(revoked_at=now)).rowcount == 1


def replace_provided(
    connection: Connection, identity: int, municipality: str, standings: Iterable[Standing], *, now: datetime
) -> None:
    """Let what the provider says now take the place of what it said at an earlier login."""
    wanted = set(standings)
    for found in grants(connection, identity):
        own = found.granted_by == BY_PROVIDER and found.standing.municipality == municipality
        if own and found.standing not in wanted:
            revoke(connection, found.id, municipality=municipality, now=now)
    for standing in sorted(wanted, key=str):
        grant(connection, identity, standing, by=BY_PROVIDER, now=now)


def grants(connection: Connection, identity: int) -> list[Grant]:
    """List what an account is let in as."""
    query = select(_g).where(_g.c.account == identity, _g.c.revoked_at.is_(None)).order_by(_g.c.id)
    return [
        Grant(
            row.id,
            row.account,
            Standing(row.municipality, Access(row.access), row.school, row.school_group),
            row.granted_by,
            row.granted_at,
        )
        for row in connection.execute(query)
    ]


def _as_account(row: Any) -> Account:
    return Account(row.id, row.issuer, row.subject, row.name, row.address, row.created_at, row.seen_at)
