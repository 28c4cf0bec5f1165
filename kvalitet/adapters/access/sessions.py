"""Sessions: browsers that are let in. The cookie carries a secret, the row says who it is and ends with the logout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from kvalitet.adapters.access import secret_tokens
from kvalitet.adapters.store.tables import access_schema
from kvalitet.rights import Access, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from kvalitet.adapters.settings import Settings

# "Seen" is told to the minute: pages that look for news are not to write each time.
SEEN_AGAIN = timedelta(minutes=1)
# So long after it ran out, what its browser sends is still known to be its own, and kept as a draft.
REMEMBERED = timedelta(days=1)
# Rows of browsers that are long gone are let go; who did what stands in the audit.
KEPT = timedelta(days=30)
_s = access_schema.session
_USED = (
    update(_s)
    .where(_s.c.id == bindparam("of"), _s.c.ended_at.is_(None), _s.c.seen_at < bindparam("at"))
    .values(seen_at=bindparam("at"))
)


class Method(StrEnum):
    """Måde: how somebody proved who they are."""

    LINK = "link"
    OPENID = "openid"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Entry:
    """Adgangsvej: as whom somebody is let in: an account, a mailbox or, in a demonstration, what they chose to be."""

    municipality: str
    method: Method
    account: int | None = None
    address: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Session: one browser, and as whom it is let in; `standing` is what a demonstration's visitor has chosen."""

    id: int
    municipality: str
    method: Method
    account: int | None
    address: str
    standing: Standing | None
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    def runs_out(self, settings: Settings) -> datetime:
        """Give when it ends by itself: after a while of nothing, or when the working day is over."""
        idle = self.seen_at + timedelta(minutes=settings.session_idle)
        return min(idle, self.created_at + timedelta(hours=settings.session_hours))

    def is_live(self, settings: Settings, *, now: datetime) -> bool:
        """Tell whether its browser is let in."""
        return self.ended_at is None and now < self.runs_out(settings)

    def is_remembered(self, settings: Settings, *, now: datetime) -> bool:
        """Tell whether it ran out by itself, and not long ago."""
        return self.ended_at is None and now < self.runs_out(settings) + REMEMBERED


def begin(connection: Connection, entry: Entry, *, now: datetime) -> str:
    """Let a browser in; gives the secret of its cookie, which cannot be had again."""
    token, standing = secret_tokens.fresh(), entry.standing
    values: dict[str, Any] = {
        "token_sha256": secret_tokens.digest(token),
        "municipality": entry.municipality,
        "method": entry.method.value,
        "account": entry.account,
        "address": entry.address,
        "access": standing.access.value if standing else None,
        "school": standing.school if standing else None,
        "school_group": standing.school_group if standing else None,
        "created_at": now,
        "seen_at": now,
    }
    connection.execute(delete(_s).where(_s.c.created_at < now - KEPT))
    connection.execute(insert(_s).values(**values))
    return token


def with_token(connection: Connection, token: str) -> Session | None:
    """Find the session of a cookie, whether it is over or not."""
    row = connection.execute(select(_s).where(_s.c.token_sha256 == secret_tokens.digest(token))).one_or_none()
    return _as_session(row) if row else None


def is_seen_lately(session: Session, *, now: datetime) -> bool:
    """Tell whether the last use that is noted is near enough."""
    return now - session.seen_at < SEEN_AGAIN


def note_uses(connection: Connection, uses: Mapping[int, datetime]) -> None:
    """Note when sessions (by number) were last in use."""
    connection.execute(_USED, [{"of": identity, "at": at} for identity, at in uses.items()])


def end(connection: Connection, session: Session, *, now: datetime) -> None:
    """End a session: its cookie opens nothing any more, wherever it has been copied to."""
    connection.execute(update(_s).where(_s.c.id == session.id, _s.c.ended_at.is_(None)).values(ended_at=now))


def end_of_account(connection: Connection, account: int, *, now: datetime) -> int:
    """End all sessions of an account; give how many there were."""
    return _end_where(connection, _s.c.account == account, now=now)


def end_of_mailbox(connection: Connection, address: str, *, begun_in: str | None = None, now: datetime) -> int:
    """End the sessions of a mailbox, everywhere or those begun in one municipality; give how many there were."""
    begun_there = () if begun_in is None else (_s.c.municipality == begun_in,)
    return _end_where(connection, _s.c.address == address, *begun_there, now=now)


def live(connection: Connection, settings: Settings, *, now: datetime) -> list[Session]:
    """List the sessions that let somebody in now, the newest first.

    Wherever they began: who stands in several municipalities is let in to all of them at once.
    """
    found = select(_s).where(_s.c.ended_at.is_(None), _s.c.created_at > now - timedelta(hours=settings.session_hours))
    sessions = (_as_session(row) for row in connection.execute(found.order_by(_s.c.id.desc())))
    return [session for session in sessions if session.is_live(settings, now=now)]


def _end_where(connection: Connection, *which: ColumnElement[bool], now: datetime) -> int:
    return connection.execute(update(_s).where(_s.c.ended_at.is_(None), *which).values(ended_at=now)).rowcount


def _as_session(row: Any) -> Session:
    standing = (
        Standing(row.municipality, Access(row.access), row.school, row.school_group) if row.access is not None else None
    )
    return Session(
        id=row.id,
        municipality=row.municipality,
        method=Method(row.method),
        account=row.account,
        address=row.address,
        standing=standing,
        created_at=row.created_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
    )
