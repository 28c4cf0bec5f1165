"""The table: schools by deliverables, narrowed and sorted as somebody asked, with counts and reminders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import sort_key
from kvalitet.board import danish_date, progress_of
from kvalitet.reminders import next_step, steps
from kvalitet.status import State
from kvalitet.web.pages.matrix.asking import STATES, Order
from kvalitet.wheel import Kind, Per

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from kvalitet.board import Board, Row
    from kvalitet.municipality import School
    from kvalitet.occurrences import Occurrence
    from kvalitet.status import Progress
    from kvalitet.web.pages.matrix.asking import Asked
    from kvalitet.wheel import Activity

ONE_DAY = timedelta(days=1)
MISSING = frozenset(state for state in STATES if not state.is_done and state is not State.NOT_OPEN)


@dataclass(frozen=True, slots=True)
class Known:
    """Det, der ellers vides: by occurrence when it was last reminded of, its own due date, and its phone calls."""

    reminded: Mapping[str, datetime]
    extended: Mapping[str, date]
    calls: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """Kolonne: a deliverable, and how many of the shown schools have done it."""

    activity: Activity
    progress: Progress
    missing: int


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: a school with one cell for each column; None where it has nothing to deliver."""

    school: School
    group: str
    cells: tuple[Row | None, ...]
    missing: int
    overdue: int
    reminded: datetime | None
    coming: date | None
    calls: int


@dataclass(frozen=True, slots=True)
class Table:
    """Tabel: what the matrix shows; `waiting` tells by activity which schools have to do something else first."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    known: Known
    waiting: Mapping[str, frozenset[str | None]]

    @property
    def progress(self) -> tuple[int, int, int]:
        """Count all that is shown: done, expected and overdue."""
        counts = [column.progress for column in self.columns]
        return sum(c.done for c in counts), sum(c.expected for c in counts), sum(c.overdue for c in counts)


def table_of(board: Board, asked: Asked, known: Known, before: Table | None = None) -> Table:
    """Lay the board out as somebody asked; lines are those of the table `before` where nothing in them is another.

    That is a table of the same plan on the same day, for somebody who asked the same.
    """
    activities = [found for found in board.deliverables() if found.per is Per.SCHOOL]
    if asked.activity in {activity.key for activity in activities}:
        activities = [activity for activity in activities if activity.key == asked.activity]
    upcoming = _Upcoming(board, known)
    is_alike = before is not None and before.known == known and before.waiting == upcoming.waiting
    lines = _sorted(
        _lines(board, activities, asked, upcoming, before.lines if before and is_alike else ()), asked.order
    )
    columns = tuple(
        Column(activity, progress_of(shown), sum(row.state in MISSING for row in shown))
        for place, activity in enumerate(activities)
        if (shown := [row for line in lines if (row := line.cells[place])]) or not asked.is_narrowed
    )
    if asked.only_missing:
        columns = tuple(column for column in columns if column.missing)
    kept = {column.activity.key for column in columns}
    places = [place for place, activity in enumerate(activities) if activity.key in kept]
    if len(places) < len(activities):
        lines = [_with(line, places) for line in lines]
    return Table(columns, tuple(lines), known, upcoming.waiting)


def _with(line: Line, places: Sequence[int]) -> Line:
    cells = tuple(line.cells[place] for place in places)
    return replace(line, cells=cells)


def _lines(
    board: Board, activities: Sequence[Activity], asked: Asked, upcoming: _Upcoming, before: Sequence[Line]
) -> list[Line]:
    groups = {group.key: group.name for group in board.municipality.groups}
    schools = _wanted(board, asked)
    cells = _cells(board, activities, schools)
    earlier = {line.school.number: line for line in before}
    lines = []
    for school in schools:
        ours, line = tuple(cells[school.number]), earlier.get(school.number)
        if line is None or line.cells != ours:
            line = _line(school, groups[school.group], ours, upcoming)
        if _is_wanted(line, asked):
            lines.append(line)
    return lines


def _cells(board: Board, activities: Sequence[Activity], schools: Sequence[School]) -> dict[str, list[Row | None]]:
    """Put each school's rows where they belong, in one walk through the board."""
    places = {activity.key: place for place, activity in enumerate(activities)}
    found: dict[str, list[Row | None]] = {school.number: [None] * len(places) for school in schools}
    for row in board.rows:
        occurrence = row.occurrence
        if occurrence.kind is Kind.DELIVERABLE and occurrence.activity in places and occurrence.school in found:
            found[occurrence.school][places[occurrence.activity]] = row
    return found


def _wanted(board: Board, asked: Asked) -> list[School]:
    """List the schools of the group that is asked for, and whose names hold what is searched for."""
    is_group = any(group.key == asked.group for group in board.municipality.groups)
    searched = sort_key(asked.search)[0]
    found = [school for school in board.schools() if not is_group or school.group == asked.group]
    return [school for school in found if searched in sort_key(school.name)[0]] if searched else found


def _is_wanted(line: Line, asked: Asked) -> bool:
    has_state = asked.state is None or any(row is not None and row.state is asked.state for row in line.cells)
    return has_state and (line.missing > 0 or not asked.only_missing)


def _line(school: School, group: str, cells: tuple[Row | None, ...], upcoming: _Upcoming) -> Line:
    known = upcoming.known
    owed = [row.occurrence.key for row in cells if row is not None] if known.reminded or known.calls else []
    missing = [row for row in cells if row is not None and row.state in MISSING]
    return Line(
        school=school,
        group=group,
        cells=cells,
        missing=len(missing),
        overdue=sum(row.state is State.OVERDUE for row in missing),
        reminded=max((when for key in owed if (when := known.reminded.get(key))), default=None),
        coming=min((day for row in missing if (day := upcoming.day(row))), default=None),
        calls=sum(known.calls.get(key, 0) for key in owed),
    )


def _sorted(lines: list[Line], order: Order) -> list[Line]:
    lines.sort(key=lambda line: sort_key(line.school.name))
    if order is Order.MISSING:
        lines.sort(key=lambda line: (-line.missing, -line.overdue))
    elif order is Order.GROUP:
        lines.sort(key=lambda line: sort_key(line.group))
    return lines


class _Upcoming:
    """Det næste: when the ladder next has something to say of a deliverable; those that share a window share it."""

    def __init__(self, board: Board, known: Known) -> None:
        self._board, self.known = board, known
        self._today = board.today
        self._next: dict[tuple[str, date, date, bool], date | None] = {}
        # By activity that comes after others: the schools whose turn at those is not over; None is the municipality.
        self.waiting = {
            activity.key: frozenset(
                row.occurrence.school for key in activity.after for row in board.of(key) if not row.state.is_done
            )
            for activity in board.municipality.wheel.activities
            if activity.after
        }

    def day(self, row: Row) -> date | None:
        """Give the day; None when nobody is to be written to: on pause, waiting for others, or after the last step."""
        occurrence = row.occurrence
        if row.pause or (self.waiting and self._waits(occurrence)):
            return None
        told = self.known.reminded.get(occurrence.key)
        has_heard = told is not None and danish_date(told) >= self._today
        window = (occurrence.activity, occurrence.opens, occurrence.due, has_heard)
        if window not in self._next:
            self._next[window] = self._after(occurrence, self._today if has_heard else self._today - ONE_DAY)
        return self._next[window]

    def _after(self, occurrence: Occurrence, day: date) -> date | None:
        municipality = self._board.municipality
        activity = municipality.wheel.activity(occurrence.activity)
        found = next_step(steps(occurrence, activity, municipality.calendar), after=day)
        return found.day if found else None

    def _waits(self, occurrence: Occurrence) -> bool:
        if self._today >= occurrence.due:
            return False
        waiting = self.waiting.get(occurrence.activity, frozenset())
        return bool(waiting) if occurrence.school is None else not waiting.isdisjoint({None, occurrence.school})
