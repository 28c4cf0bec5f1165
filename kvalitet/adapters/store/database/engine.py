"""Opening the store: one engine, with the care that each database needs."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, ProgrammingError

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.store.database.marking import Marker

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 30
MISSING_TABLES = "Databasen mangler tabeller; kør »kvalitet db upgrade« først."
DAMAGED = "Databasens fil er beskadiget eller er ingen database; hent en sikkerhedskopi (»kvalitet db restore«)."


class Store:
    """Lager: the database of one installation.

    `read()` and `write()` give a connection inside one transaction; `write()` commits at the end
    and rolls back when anything is raised. On SQLite a writer takes the write lock at once
    (BEGIN IMMEDIATE), since a read that turns into a write fails without waiting.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.marker = Marker(engine)

    @classmethod
    def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS, throw_away: bool = False) -> Store:
        """Open the database at a SQLAlchemy URL, such as sqlite:///kvalitet.db.

        `busy_seconds` is how long to wait for another writer; a throw-away SQLite database, which
        nobody wants after a power cut, does not wait for the disk.
        """
        return cls(_engine(_url(url), busy_seconds, throw_away=throw_away))

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is the embedded one."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading."""
        with _danish_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def read_steadily(self) -> Iterator[Connection]:
        """Give a connection that sees one instant, however many questions it is asked."""
        with self.read() as connection:
            connection.exec_driver_sql("BEGIN" if self.is_sqlite else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection for writing; all of it happens or none of it."""
        with _danish_errors(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def rehearse(self) -> Iterator[Connection]:
        """Give a connection whose changes are undone in the end: to see what would come of them."""
        with _danish_errors(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            finally:
                connection.rollback()

    def close(self) -> None:
        """Let go of all connections."""
        self.marker.close()
        self.engine.dispose()


def _url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = "Databasens adresse kan ikke læses; skriv fx sqlite:///kvalitet.db eller postgresql://…"
        raise UserError(message) from error
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _engine(url: URL, busy_seconds: float, *, throw_away: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    if throw_away:
        event.listen(engine, "connect", _without_waiting)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Turn off the driver's own BEGIN and set what SQLite forgets between connections."""
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _without_waiting(connection: Any, _record: object) -> None:
    """Let a database that nobody wants afterwards be written whenever the system likes."""
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def _danish_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise OperationError(_explain(str(error.orig))) from error
    except ProgrammingError as error:  # what PostgreSQL calls a missing table
        if "does not exist" not in str(error.orig):
            raise
        raise OperationError(MISSING_TABLES) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # SQLite's plain one: the file is no database, or is damaged
            raise
        raise OperationError(DAMAGED) from error


def _explain(cause: str) -> str:
    if "locked" in cause:
        return "Databasen er optaget af et andet program; prøv igen om lidt. Intet er ændret."
    if "full" in cause or "No space" in cause:
        return "Disken er fuld; giv plads og prøv igen. Intet er ændret."
    if "no such table" in cause or "no such column" in cause:
        return MISSING_TABLES
    return f"Databasen svarer ikke som ventet ({cause.strip().splitlines()[0]}). Intet er ændret."
