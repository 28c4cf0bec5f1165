"""The store: the database that holds the calendar truth, on SQLite or PostgreSQL."""

from kvalitet.adapters.store.engine import Store
from kvalitet.adapters.store.holding import hold
from kvalitet.adapters.store.upgrading import upgrade

__all__ = ["Store", "hold", "upgrade"]
