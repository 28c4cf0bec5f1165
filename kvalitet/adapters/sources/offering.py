"""Udbud: which indicators a source can give at all, so that a wheel that asks it for another can be told at once."""

from __future__ import annotations

from kvalitet.adapters.sources.statbank.tables import load_tables
from kvalitet.adapters.sources.stil.cubes import load_cubes


def offered_by(source: str) -> frozenset[str] | None:
    """List the indicators of a source over the net; None for files, which may hold any."""
    if source == "stil":
        return frozenset(key for cube in load_cubes().cubes for key in cube.measures)
    if source == "statbank":
        return frozenset(table.indicator for table in load_tables())
    return None
