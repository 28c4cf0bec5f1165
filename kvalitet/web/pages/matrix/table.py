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
    """Tabel: what the matrix shows."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    known: Known

    @property
    def progress(self) -> tuple[int, int, int]:
        """Count all that is shown: done, expected and overdue."""
        counts = [column.progress for column in self.columns]
        return sum(c.done for c in counts), sum(c.expected for c in counts), sum(c.overdue for c in counts)


def table_of(board: Board, asked: Asked, known: Known) -> Table:
    """Lay the board out as somebody asked."""
    activities = [found for found in board.deliverables() if found.per is Per.SCHOOL]
    if asked.activity in {activity.key for activity in activities}:
        activities = [activity for activity in activities if activity.key == asked.activity]
    lines = _sorted(_lines(board, activities, asked, known), asked.order)
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
    return Table(columns, tuple(lines), known)


def _with(line: Line, places: Sequence[int]) -> Line:
    cells = tuple(line.cells[place] for place in places)
    return replace(line, cells=cells)


def _lines(board: Board, activities: Sequence[Activity], asked: Asked, known: Known) -> list[Line]:
    groups = {group.key: group.name for group in board.municipality.groups}
    schools = _wanted(board, asked)
    cells = _cells(board, activities, schools)
    upcoming = _Upcoming(board, known)
    lines = (_line(school, groups[school.group], cells[school.number], upcoming) for school in schools)
    return [line for line in lines if _is_wanted(line, asked)]


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


def _line(school: School, group: str, cells: Sequence[Row | None], upcoming: _Upcoming) -> Line:
    known = upcoming.known
    owed = [row.occurrence.key for row in cells if row is not None] if known.reminded or known.calls else []
    missing = [row for row in cells if row is not None and row.state in MISSING]
    return Line(
        school=school,
        group=group,
        cells=tuple(cells),
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
        self._before = {
            activity.key: tuple(row.occurrence for key in activity.after for row in board.of(key))
            for activity in board.municipality.wheel.activities
            if activity.after
        }
        self._done = {row.occurrence.key for row in board.rows if self._before and row.state.is_done}

    def day(self, row: Row) -> date | None:
        """Give the day; None when nobody is to be written to: on pause, waiting for others, or after the last step."""
        occurrence = row.occurrence
        if row.pause or (self._before and self._waits(occurrence)):
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
        return any(
            before.key not in self._done
            for before in self._before.get(occurrence.activity, ())
            if before.school is None or occurrence.school in {None, before.school}
        )
