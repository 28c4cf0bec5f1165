"""Lines: a connection that is kept for asking one question again and again, and how long an answer is waited for."""

from __future__ import annotations

import select
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from psycopg import OperationalError, pq

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn


class Line(Protocol):
    """Linje: asks for a text that is another one once something has been committed."""

    @property
    def is_quick(self) -> bool:
        """Tell whether the last answer came so soon that it is worth while to wait for the next one."""

    def ask(self, seconds: float) -> str | None:
        """Give the answer; None when it does not come in time."""

    def close(self) -> None:
        """Hang up."""


class SqliteLine:
    """A file: SQLite counts for a connection what others have committed, and to look takes no time at all."""

    is_quick = True

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.execute("PRAGMA busy_timeout=0")

    def ask(self, _seconds: float) -> str:
        """Give the answer."""
        return str(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresLine:
    """A server: PostgreSQL tells which transactions are over.

    Asked through libpq itself: so the wait has an end, and an answer that came too late for one is not taken for the
    next one's.
    """

    QUESTION = b"SELECT pg_current_snapshot()::text"
    QUICK = 0.001

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.autocommit = True
        self._pg: PGconn = connection.pgconn
        self._arrivals = select.poll()
        self._arrivals.register(self._pg.socket, select.POLLIN)
        self._is_owed = False
        self.is_quick = False

    def ask(self, seconds: float) -> str | None:
        """Give the answer; None when it does not come in time."""
        begun = monotonic()
        answer = None
        if not self._is_owed or self._received(begun + seconds) is not None:
            self._pg.send_query(self.QUESTION)
            self._is_owed = True
            answer = self._received(begun + seconds)
        self.is_quick = answer is not None and monotonic() - begun < self.QUICK
        return answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _received(self, until: float) -> str | None:
        """Take the answer to what was asked last; None when it is not there in time."""
        self._pg.flush()
        results = []
        while True:
            while self._pg.is_busy():
                if not self._arrivals.poll(max(0.0, until - monotonic()) * 1000):
                    return None
                self._pg.consume_input()
            result = self._pg.get_result()
            if result is None:
                break
            results.append(result)
        self._is_owed = False
        return self._read(results)

    def _read(self, results: list[Any]) -> str:
        if len(results) != 1 or results[0].status != pq.ExecStatus.TUPLES_OK:
            message = "the server did not answer as it does"
            raise OperationalError(message)
        value: bytes = results[0].get_value(0, 0)
        return value.decode()
