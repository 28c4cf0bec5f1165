"""What the wheel shows, before it is drawn: bars in rings, each with its count, mark and dates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.board import Row, danish_date, progress_of
from kvalitet.extensions import shared_due
from kvalitet.status import State
from kvalitet.web.drawing.geometry import Period, lanes
from kvalitet.wheel import Kind, Ring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kvalitet.board import Board
    from kvalitet.days import SchoolHoliday
    from kvalitet.status import Progress
    from kvalitet.wheel import Activity

SHORTEST = timedelta(days=6)

RING_TITLES: dict[Ring, str] = {
    Ring.DATA: "Data",
    Ring.DELIVERABLES: "Skolernes afleveringer",
    Ring.DIALOGUES: "Ledelseslæringssamtaler",
    Ring.SCHOOL_GROUPS: "Skolegrupper",
    Ring.UNIONS: "Faglige organisationer",
    Ring.POLITICS: "Politik og rapport",
}


class Mark(StrEnum):
    """Mærke: how an activity as a whole stands, told by a shape as well as a colour."""

    NOT_OPEN = "not_open"
    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ALL_IN = "all_in"
    WAIVED = "waived"


MARK_TEXTS: dict[Mark, str] = {
    Mark.NOT_OPEN: "ikke begyndt",
    Mark.RUNNING: "i gang",
    Mark.DUE_SOON: "frist snart",
    Mark.OVERDUE: "overskredet",
    Mark.ALL_IN: "alle er i mål",
    Mark.WAIVED: "fritaget eller aflyst",
}


@dataclass(frozen=True)
class Meeting:
    """Møde i hjulet: the meetings of one activity on one date."""

    day: date
    rows: tuple[Row, ...]

    @property
    def state(self) -> State:
        """The state that they share, or that of the first."""
        return self.rows[0].state


@dataclass(frozen=True)
class Bar:
    """Bjælke: one activity with its window; `number` is what the legend calls it."""

    number: int
    activity: Activity
    rows: tuple[Row, ...]
    opens: date
    due: date
    progress: Progress
    mark: Mark

    @property
    def first(self) -> date:
        """The first day that is drawn."""
        return self.opens

    @property
    def last(self) -> date:
        """The last day that is drawn: a very short window is widened, so that it can be seen and hit."""
        return max(self.due, self.opens + SHORTEST)

    @property
    def is_counted(self) -> bool:
        """Tell whether it is a matter of how many are done; an effort merely goes on."""
        return self.activity.kind is not Kind.EFFORT

    @property
    def count(self) -> str:
        """Give "8/14", or nothing for what is not counted."""
        return f"{self.progress.done}/{self.progress.expected}" if self.is_counted and self.progress.expected else ""

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """List the dates on which people meet."""
        found: dict[date, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.occurrence.kind.is_meeting and row.facts.starts_at and row.state is not State.CANCELLED:
                found[danish_date(row.facts.starts_at)].append(row)
        return tuple(Meeting(day, tuple(rows)) for day, rows in sorted(found.items()))


@dataclass(frozen=True)
class Band:
    """Bånd: one ring of the wheel, with its bars in lanes."""

    ring: Ring
    lanes: tuple[tuple[Bar, ...], ...]

    @property
    def title(self) -> str:
        """The Danish name of the ring."""
        return RING_TITLES[self.ring]

    @property
    def has_meetings(self) -> bool:
        """Tell whether dates are drawn in it, which takes some height."""
        return any(bar.activity.kind.is_meeting for lane in self.lanes for bar in lane)


@dataclass(frozen=True)
class WheelModel:
    """Model af hjulet: what both the wheel and the timeline draw."""

    board: Board
    period: Period
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    holidays: tuple[SchoolHoliday, ...]

    @property
    def today(self) -> date | None:
        """Today, when it lies within the turn."""
        day = self.board.today
        return day if self.period.first <= day <= self.period.last else None


def model_of(board: Board) -> WheelModel:
    """Gather what a board's wheel shows."""
    bars = tuple(_bar(number, activity, rows) for number, (activity, rows) in enumerate(board.activities(), start=1))
    period = _period(board, bars)
    rings = [(ring, [bar for bar in bars if bar.activity.ring is ring]) for ring in Ring]
    bands = tuple(Band(ring, lanes(found)) for ring, found in rings if found)
    holidays = tuple(
        holiday
        for holiday in board.municipality.calendar.school_holidays
        if holiday.first <= period.last and holiday.last >= period.first
    )
    return WheelModel(board, period, bars, bands, holidays)


def mark_of(rows: Iterable[Row]) -> Mark:
    """Tell how an activity stands from the states of its occurrences; the most urgent one decides."""
    states = {row.state for row in rows}
    if states <= {State.WAIVED, State.CANCELLED}:
        return Mark.WAIVED
    if State.OVERDUE in states:
        return Mark.OVERDUE
    if all(state.is_done for state in states):
        return Mark.ALL_IN
    if State.DUE_SOON in states:
        return Mark.DUE_SOON
    waiting = {State.NOT_OPEN, State.PROPOSED}
    return Mark.NOT_OPEN if states <= waiting else Mark.RUNNING


def _bar(number: int, activity: Activity, rows: tuple[Row, ...]) -> Bar:
    opens = min(row.occurrence.opens for row in rows)
    due = shared_due(row.occurrence for row in rows)
    return Bar(number, activity, rows, opens, due, progress_of(rows), mark_of(rows))


def _period(board: Board, bars: tuple[Bar, ...]) -> Period:
    first, last = board.municipality.wheel.span(board.school_year)
    first = min([first, *(bar.opens for bar in bars)])
    last = max([last, *(bar.due for bar in bars)])
    return Period.around(first, last)
