"""What the wheel shows, before it is drawn: bars in rings, each with its count, mark and dates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.board import Row, danish_date, progress_of
from kvalitet.extensions import shared_due
from kvalitet.status import State
from kvalitet.web.drawing.geometry import Period, lanes
from kvalitet.web.drawing.last_year import Before, before
from kvalitet.wheel import Kind, Ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class Start(StrEnum):
    """Begyndelse: what lies at the top of the wheel; each is named as in the address."""

    WHEEL = "hjulet"
    AUGUST = "august"
    JANUARY = "januar"


START_TEXTS: dict[Start, str] = {
    Start.WHEEL: "hjulets første måned",
    Start.AUGUST: "august, kun skoleåret",
    Start.JANUARY: "januar",
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
    """Bjælke: one activity with its window; `number` is what the legend calls it.

    `waits_for` are the numbers of those that must be done first and are not; `before` is where it lay last year.
    """

    number: int
    activity: Activity
    rows: tuple[Row, ...]
    opens: date
    due: date
    progress: Progress
    mark: Mark
    waits_for: tuple[int, ...] = ()
    before: Before | None = None

    @property
    def end(self) -> date:
        """The last day that is drawn: a very short window is widened, so that it can be seen and hit."""
        return max(self.due, self.opens + SHORTEST)

    @property
    def first(self) -> date:
        """The first day that it takes up in its lane, last year's outline with it."""
        return min(self.opens, self.before.first) if self.before else self.opens

    @property
    def last(self) -> date:
        """The last day that it takes up in its lane."""
        return max(self.end, self.before.last) if self.before else self.end

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
    """Model af hjulet: what both the wheel and the timeline draw.

    `outside` are the bars that lie wholly outside the turn; `gone` are the activities that only last year had.
    """

    board: Board
    period: Period
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    holidays: tuple[SchoolHoliday, ...]
    outside: tuple[Bar, ...] = ()
    gone: tuple[Activity, ...] = ()

    @property
    def today(self) -> date | None:
        """Today, when it lies within the turn."""
        day = self.board.today
        return day if day in self.period else None

    def by_ring(self) -> tuple[tuple[Ring, tuple[Bar, ...]], ...]:
        """Group all bars by ring, also those that the turn leaves out."""
        rings = [(ring, tuple(bar for bar in self.bars if bar.activity.ring is ring)) for ring in Ring]
        return tuple((ring, bars) for ring, bars in rings if bars)


def model_of(
    board: Board, *, whole: Board | None = None, last: Board | None = None, start: Start = Start.WHEEL
) -> WheelModel:
    """Gather what a board's wheel shows.

    Of a board that is narrowed down, `whole` is all of it: a point keeps its number. `last` is last year's.
    """
    whole = whole or board
    numbers = {activity.key: number for number, (activity, _) in enumerate(whole.activities(), start=1)}
    old = {activity.key: (activity, rows) for activity, rows in last.activities()} if last else {}
    bars = tuple(
        _bar(
            numbers[activity.key],
            activity,
            rows,
            _waits_for(activity, whole, numbers),
            before(old.get(activity.key, (activity, ()))[1]),
        )
        for activity, rows in board.activities()
    )
    period = _period(board, bars, start)
    shown = [bar for bar in bars if period.meets(bar.opens, bar.due)]
    rings = [(ring, [bar for bar in shown if bar.activity.ring is ring]) for ring in Ring]
    return WheelModel(
        board,
        period,
        bars,
        tuple(Band(ring, lanes(found)) for ring, found in rings if found),
        tuple(found for found in board.municipality.calendar.school_holidays if period.meets(found.first, found.last)),
        outside=tuple(bar for bar in bars if bar not in shown),
        gone=tuple(activity for activity, _ in old.values() if activity.key not in numbers),
    )


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


def _bar(
    number: int, activity: Activity, rows: tuple[Row, ...], waits_for: tuple[int, ...], last_year: Before | None
) -> Bar:
    opens = min(row.occurrence.opens for row in rows)
    due = shared_due(row.occurrence for row in rows)
    mark = mark_of(rows)
    waiting = () if mark in {Mark.ALL_IN, Mark.WAIVED} else waits_for
    return Bar(number, activity, rows, opens, due, progress_of(rows), mark, waiting, last_year)


def _waits_for(activity: Activity, whole: Board, numbers: Mapping[str, int]) -> tuple[int, ...]:
    undone = [key for key in activity.after if not all(row.state.is_done for row in whole.of(key))]
    return tuple(sorted(numbers[key] for key in undone))


def _period(board: Board, bars: tuple[Bar, ...], start: Start) -> Period:
    """Give the turn: all of the wheel, or the school year alone; January is put at the top of all of it."""
    if start is Start.AUGUST:
        return Period(board.school_year.first_day, board.school_year.last_day)
    first, last = board.municipality.wheel.span(board.school_year)
    before = [bar.before for bar in bars if bar.before]
    first = min([first, *(bar.opens for bar in bars), *(old.first for old in before)])
    last = max([last, *(bar.due for bar in bars), *(old.last for old in before)])
    whole = Period.around(first, last)
    return replace(whole, top=date(board.school_year.start + 1, 1, 1)) if start is Start.JANUARY else whole
