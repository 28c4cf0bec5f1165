"""Migrations: bringing a database to the tables that this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.store.database.engine import Store
from kvalitet.adapters.store.tables import access_schema, extract_schema, mail_schema, schema
from kvalitet.adapters.store.tables.columns import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
# The modules whose tables the database must have.
TABLES = (schema, mail_schema, access_schema, extract_schema)


NEWER = "Databasen er fra en nyere udgave af kvalitet; opdatér programmet. Intet er ændret."


def upgrade(url: str) -> None:
    """Create or upgrade the tables; a database from a newer version is refused and untouched."""
    store = Store.open(url)
    try:
        with store.write() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise OperationError(NEWER) from error
    finally:
        store.close()


def is_current(store: Store) -> bool:
    """Tell whether the database has the newest tables."""
    with store.read() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())


def require_current(store: Store) -> None:
    """Refuse to work on a database whose tables are older or newer than this version's."""
    script = ScriptDirectory.from_config(_config())
    with store.read() as connection:
        heads = set(MigrationContext.configure(connection).get_current_heads())
    known = {revision.revision for revision in script.walk_revisions()}
    if not heads <= known:
        raise OperationError(NEWER)
    if heads != set(script.get_heads()):
        raise OperationError("Databasen mangler tabeller; kør »kvalitet db upgrade« først.")


def differences(url: str) -> list[str]:
    """List how the migrated tables differ from the declared ones; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 -- only a check needs it

    store = Store.open(url)
    try:
        with store.read() as connection:
            return [
                str(difference) for difference in compare_metadata(MigrationContext.configure(connection), metadata)
            ]
    finally:
        store.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
