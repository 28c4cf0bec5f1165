"""Seen: when sessions were last in use; noted here at once, and written to the database together.

A commit is news to whoever asks whether anything has changed, so that somebody is still there is not one of its own.
What is lost with the service ends a session a little early, and never late.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from kvalitet.adapters.access import sessions

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.access.sessions import Session
    from kvalitet.adapters.store import Store

WRITTEN_AGAIN = timedelta(minutes=1)
# Who comes back after a pause is written at once: so much of an hour's rest may be lost, and no more.
LONGEST_UNWRITTEN = timedelta(minutes=5)


class Seen:
    """Set: the uses of sessions that are not written yet, by the session's number."""

    def __init__(self) -> None:
        self._unwritten: dict[int, datetime] = {}
        self._written_at: datetime | None = None
        self._lock = Lock()

    def of(self, session: Session) -> Session:
        """Give a session with its last use, whether that is written or not."""
        at = self._unwritten.get(session.id)
        return replace(session, seen_at=at) if at and at > session.seen_at else session

    def note(self, store: Store, session: Session, *, now: datetime) -> None:
        """Note that a session is in use; with it all are written that wait, when it is time."""
        with self._lock:
            self._unwritten[session.id] = now
            is_first = self._written_at is None or now - self._written_at >= WRITTEN_AGAIN
            if not is_first and now - session.seen_at < LONGEST_UNWRITTEN:
                return
            self._written_at, uses = now, dict(self._unwritten)
        with store.write() as connection:
            sessions.note_uses(connection, uses)
        with self._lock:
            for identity in [found for found, at in uses.items() if self._unwritten.get(found) == at]:
                del self._unwritten[identity]
