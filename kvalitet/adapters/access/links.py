"""Links: logging in by a link in a mail, for a municipality that allows it.

Opening a link shows a button, since mail scanners open links too; only the button logs in, and only once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select, update

from kvalitet.adapters.access import secret_tokens
from kvalitet.adapters.store import hold
from kvalitet.adapters.store.tables import access_schema

if TYPE_CHECKING:
    from datetime import datetime

# OWASP ASVS 5.0, 6.5.5.
LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)
_l = access_schema.login_link


def make(connection: Connection, municipality: str, address: str, *, now: datetime) -> str:
    """Make the link of a mailbox, and give its token; older links of the mailbox work no more."""
    token, mailbox = secret_tokens.fresh(), address.lower()
    hold(connection, f"link:{municipality}:{mailbox}")
    older = update(_l).where(_l.c.municipality == municipality, _l.c.address == mailbox, _l.c.used_at.is_(None))
    connection.execute(older.values(used_at=now))
    connection.execute(delete(_l).where(_l.c.expires_at < now - KEPT))
    values = {"municipality": municipality, "address": mailbox, "created_at": now, "expires_at": now + LIFE}
    connection.execute(insert(_l).values(token_sha256=secret_tokens.digest(token), **values))
    return token


def is_live(connection: Connection, token: str, *, now: datetime) -> bool:
    """Tell whether a link still logs in; nothing is used up."""
    row = connection.execute(select(_l).where(_l.c.token_sha256 == secret_tokens.digest(token))).one_or_none()
    return row is not None and row.used_at is None and now < row.expires_at


def use(connection: Connection, token: str, *, now: datetime) -> tuple[str, str] | None:
    """Use a link up, and give its municipality and mailbox; None when it has been used or is too old."""
    ours = _l.c.token_sha256 == secret_tokens.digest(token)
    once = update(_l).where(ours, _l.c.used_at.is_(None), _l.c.expires_at > now).values(used_at=now)
    if connection.execute(once).rowcount != 1:
        return None
    row = connection.execute(select(_l.c.municipality, _l.c.address).where(ours)).one()
    return row.municipality, row.address
