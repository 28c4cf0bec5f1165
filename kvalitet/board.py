"""The board: every occurrence of a school year with its state, and how many are done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kvalitet.municipality import DANISH_TIME
from kvalitet.status import NOTHING_KNOWN, Facts, Progress, State, progress, status_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality, School
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity


@dataclass(frozen=True, slots=True)
class Row:
    """Række: one occurrence, what is known of it, and its state on the day asked about.

    `pause` is why its school is not reminded of it that day; "" when it is.
    """

    occurrence: Occurrence
    facts: Facts
    state: State
    pause: str = ""


@dataclass(frozen=True)
class Board:
    """Statusoverblik: one school year of one municipality as it stands at `now`."""

    municipality: Municipality
    school_year: SchoolYear
    now: datetime
    rows: tuple[Row, ...]

    @property
    def today(self) -> date:
        """The Danish date of `now`."""
        return danish_date(self.now)

    def activities(self) -> tuple[tuple[Activity, tuple[Row, ...]], ...]:
        """Group the rows by activity, in the order of the wheel."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            grouped[row.occurrence.activity].append(row)
        wheel = self.municipality.wheel.activities
        return tuple((activity, tuple(grouped[activity.key])) for activity in wheel if activity.key in grouped)

    def of(self, activity: str) -> tuple[Row, ...]:
        """List the rows of one activity."""
        return tuple(row for row in self.rows if row.occurrence.activity == activity)

    def of_school(self, number: str) -> tuple[Row, ...]:
        """List a school's rows: its own, its group's and those of the whole municipality."""
        group = self.municipality.school(number).group
        return tuple(
            row
            for row in self.rows
            if row.occurrence.school in {None, number} and row.occurrence.school_group in {None, group}
        )

    def deliverables(self) -> tuple[Activity, ...]:
        """List the activities that schools deliver to: the columns of the matrix."""
        return tuple(activity for activity, _ in self.activities() if activity.kind is Kind.DELIVERABLE)

    def schools(self) -> tuple[School, ...]:
        """List the schools that have anything to deliver: the rows of the matrix, in the file's order."""
        present = {row.occurrence.school for row in self.rows if row.occurrence.kind is Kind.DELIVERABLE}
        return tuple(school for school in self.municipality.schools if school.number in present)

    def matrix(self) -> dict[tuple[str, str], Row]:
        """Give the cells of the matrix: (institution number, activity key) -> row."""
        return {
            (row.occurrence.school, row.occurrence.activity): row
            for row in self.rows
            if row.occurrence.school and row.occurrence.kind is Kind.DELIVERABLE
        }

    def missing(self) -> tuple[Row, ...]:
        """List the deliverables that are open and not done, the oldest due date first."""
        wanted = [
            row
            for row in self.rows
            if row.occurrence.kind is Kind.DELIVERABLE and not row.state.is_done and row.state is not State.NOT_OPEN
        ]
        return tuple(sorted(wanted, key=lambda row: (row.occurrence.due, row.occurrence.key)))


def board_of(
    municipality: Municipality,
    school_year: SchoolYear,
    occurrences: Iterable[Occurrence],
    facts: Mapping[str, Facts],
    *,
    now: datetime,
    paused: Mapping[str, str] | None = None,
) -> Board:
    """Compute the state of every occurrence of a school year; `paused` maps schools on pause to the reason.

    Those that share kind, window and facts share their state: it is computed once for all of them.
    """
    today = danish_date(now)
    rows = []
    states: dict[tuple[Kind, date, date, int], State] = {}
    for occurrence in occurrences:
        known = facts.get(occurrence.key, NOTHING_KNOWN)
        alike = occurrence.kind, occurrence.opens, occurrence.due, id(known)
        state = states.get(alike)
        if state is None:
            state = status_of(occurrence, known, now=now, today=today, due_soon_days=municipality.due_soon_days)
            states[alike] = state
        pause = paused.get(occurrence.school or "", "") if paused else ""
        is_asked_for = pause and occurrence.kind is Kind.DELIVERABLE and not state.is_done
        rows.append(Row(occurrence, known, state, pause if is_asked_for else ""))
    return Board(municipality, school_year, now, tuple(rows))


def progress_of(rows: Iterable[Row]) -> Progress:
    """Count how many of some rows are done."""
    return progress(row.state for row in rows)


def danish_date(now: datetime) -> date:
    """Give the date in Denmark at an instant."""
    return now.astimezone(DANISH_TIME).date()
