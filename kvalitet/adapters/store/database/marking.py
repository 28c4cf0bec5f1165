"""Marking: telling by one cheap question whether anything at all has been committed to the database since."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from kvalitet.adapters.store.database.lines import PostgresLine, SqliteLine

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kvalitet.adapters.store.database.lines import Line

# Seconds: within a moment nobody notices the wait, and who waits for long is told that no answer came.
MOMENT, LONGEST = 0.002, 10.0


class Marker:
    """Mærke: two equal marks of one marker say that nothing was committed between them.

    It keeps a connection of its own that never writes: SQLite does not count what a connection does itself.
    Anything else may change a mark too, so that another mark says nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_shared = engine.dialect.name != "sqlite" or engine.url.database not in {None, "", ":memory:"}
        self._line: Line | None = None
        self._opened = 0
        self._lock = Lock()

    def mark(self) -> str | None:
        """Give the mark of now; None when it cannot be had, and then nothing may be concluded."""
        if not self._is_shared:
            return None
        with self._lock:
            mark = self._asked(LONGEST)
            if mark is None:
                self._drop()
            return mark

    def mark_at_once(self) -> str | None:
        """Give the mark of now; None when that is not done in a moment, and then somebody may wait for it elsewhere."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._asked(MOMENT) if self._line and self._line.is_quick else None
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._drop()

    def _asked(self, seconds: float) -> str | None:
        try:
            self._line = self._line or self._open()
            answer = self._line.ask(seconds)
        except (self._engine.dialect.loaded_dbapi.Error, DBAPIError):
            self._drop()
            return None
        return answer and f"{self._opened}:{answer}"

    def _open(self) -> Line:
        pooled = self._engine.raw_connection()
        pooled.detach()
        self._opened += 1
        assert pooled.dbapi_connection is not None
        return (SqliteLine if self._engine.dialect.name == "sqlite" else PostgresLine)(pooled.dbapi_connection)

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
