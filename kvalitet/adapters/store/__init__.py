"""The store: the database that holds the calendar truth, on SQLite or PostgreSQL."""

from kvalitet.adapters.store.database.engine import Store
from kvalitet.adapters.store.database.holding import hold
from kvalitet.adapters.store.database.upgrading import upgrade

__all__ = ["Store", "hold", "upgrade"]
