from datetime import datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from kvalitet.adapters.store import Store, snapshots, upgrade
from kvalitet.adapters.store.database.upgrading import MIGRATIONS, differences
from kvalitet.adapters.store.extracts import pulls
from kvalitet.pulls import PullOutcome
from tests.builders import instant

OLDER = "0003"
PULLED, SHOWN = "2026-05-02 05:00:00+00:00", "2026-05-02 05:00:00+00:00"


def test_snapshots_of_an_older_database_are_kept_and_each_has_a_try(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    with store.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, OLDER)
        connection.execute(
            text(
                "INSERT INTO snapshot (municipality, source, request, raw, sha256, pulled_at, published_at, rows)"
                " VALUES ('proeveby', 'import', '{}', :raw, 'abc', :pulled, :shown, 1)"
            ),
            {"raw": b"raw", "pulled": _value(store, PULLED), "shown": _value(store, SHOWN)},
        )
    upgrade(empty_database_url)
    with store.read() as connection:
        (kept,) = snapshots.snapshots(connection, "proeveby")
        (tried,) = pulls.pulls(connection, "proeveby")
    store.close()
    assert (kept.sha256, kept.school_year, kept.label) == ("abc", None, "")
    assert (tried.outcome, tried.snapshot, tried.began_at) == (
        PullOutcome.PUBLISHED,
        kept.id,
        instant("2026-05-02", "07:00"),
    )
    assert differences(empty_database_url) == []


def _value(store: Store, text: str) -> datetime | str:
    """Give an instant as the database itself holds it."""
    return text.removesuffix("+00:00") + ".000000" if store.is_sqlite else datetime.fromisoformat(text)
