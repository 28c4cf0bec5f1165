"""Addresses of the board's pages, written in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from kvalitet.board import Row
    from kvalitet.wheel import Activity


def of_activity(municipality: str, activity: Activity, rows: tuple[Row, ...], query: str = "") -> str:
    """Give where an activity is told of: its only occurrence, or the page that lists them."""
    if len(rows) == 1:
        return of_occurrence(municipality, rows[0].occurrence.key, query)
    return f"/{municipality}/aktivitet/{quote(activity.key)}{query}"


def of_occurrence(municipality: str, key: str, query: str = "") -> str:
    """Give where an occurrence is told of."""
    return f"/{municipality}/forekomst/{quote(key)}{query}"
