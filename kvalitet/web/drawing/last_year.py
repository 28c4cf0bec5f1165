"""Last year: when the same activity lay a year ago, drawn as an outline on this year's dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.board import danish_date
from kvalitet.status import State

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.board import Row


@dataclass(frozen=True)
class Before:
    """Sidste år: an activity's window and dates of meetings as they were; `first` and `last` lie a year later."""

    opened: date
    due: date
    met: tuple[date, ...]

    @property
    def first(self) -> date:
        """The first day that is drawn."""
        return a_year_later(self.opened)

    @property
    def last(self) -> date:
        """The last day that is drawn."""
        return a_year_later(self.due)

    @property
    def meetings(self) -> tuple[date, ...]:
        """The dates of the meetings that are drawn."""
        return tuple(map(a_year_later, self.met))


def before(rows: tuple[Row, ...]) -> Before | None:
    """Gather last year's rows of one activity; None when it had none."""
    if not rows:
        return None
    held = {
        danish_date(row.facts.starts_at)
        for row in rows
        if row.occurrence.kind.is_meeting and row.facts.starts_at and row.state is not State.CANCELLED
    }
    return Before(
        min(row.occurrence.opens for row in rows), max(row.occurrence.due for row in rows), tuple(sorted(held))
    )


def a_year_later(day: date) -> date:
    """Give the same date a year later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
