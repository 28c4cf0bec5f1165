"""Marking: telling by one cheap question whether anything at all has been committed to the database since."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Engine

# SQLite counts for a connection what others have committed; PostgreSQL tells which transactions are over.
QUESTIONS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}


class Marker:
    """Mærke: two equal marks of one marker say that nothing was committed between them.

    It keeps a connection of its own that never writes: SQLite does not count what a connection does itself.
    Anything else may change a mark too, so that another mark says nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = QUESTIONS[engine.dialect.name]
        self._is_shared = engine.dialect.name != "sqlite" or engine.url.database not in {None, "", ":memory:"}
        self._connection: Any = None
        self._opened = 0
        self._lock = Lock()

    @property
    def is_instant(self) -> bool:
        """Tell whether asking takes no longer than a look at a file, so that nobody needs to wait elsewhere for it."""
        return self._engine.dialect.name == "sqlite"

    def mark(self) -> str | None:
        """Give the mark of now; None when it cannot be had, and then nothing may be concluded."""
        if not self._is_shared:
            return None
        with self._lock:
            try:
                if self._connection is None:
                    self._open()
                cursor = self._connection.cursor()
                cursor.execute(self._question)
                (value,) = cursor.fetchone()
                cursor.close()
            except (self._engine.dialect.loaded_dbapi.Error, DBAPIError):
                self._drop()
                return None
        return f"{self._opened}:{value}"

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._drop()

    def _open(self) -> None:
        pooled = self._engine.raw_connection()
        pooled.detach()
        self._connection = pooled.dbapi_connection
        self._opened += 1
        if self._engine.dialect.name == "sqlite":
            self._connection.execute("PRAGMA busy_timeout=0")
        else:
            self._connection.autocommit = True

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
