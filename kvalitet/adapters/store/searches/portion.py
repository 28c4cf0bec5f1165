"""Portions: so many of what was found, and how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, func, select

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Span:
    """Tidsrum: from an instant up to another, which is not in it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Portion(Generic[Item]):
    """Portion: the items of one page, and how many there are on all of them."""

    items: tuple[Item, ...]
    total: int


def count(connection: Connection, query: Select[Any]) -> int:
    """Count what a query finds."""
    return connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
