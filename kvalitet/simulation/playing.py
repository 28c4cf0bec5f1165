"""Playing: one day after another, with a clock of its own."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from flows import plan_year, send_mail, turn_wheel
from kvalitet.adapters import deliveries
from kvalitet.adapters.delivering import earlier
from kvalitet.adapters.store import plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.board import danish_date
from kvalitet.days import days_between
from kvalitet.municipality import DANISH_TIME
from kvalitet.simulation.pattern import Doing, Habit, answers, doings
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

TURNING = time(7, 0)
SENDING = time(7, 5)
PLANNED = time(6, 30)
DAILY = tuple(phase for phase in turn_wheel.PHASES if phase.name != "plan_year")
PLACEHOLDER = "Demonstration: her ligger den fil, som skolen har vedhæftet.\n".encode()


@dataclass(frozen=True)
class Play:
    """Afspilning: one municipality's wheel of one school year, under one seed."""

    installation: Installation
    municipality: Municipality
    school_year: SchoolYear
    seed: int

    def first_day(self) -> date:
        """Give the day on which the first invitation of the wheel goes out, or its first window opens."""
        first, _ = self.municipality.wheel.span(self.school_year)
        leads = [
            activity.window(self.school_year)[0] - timedelta(days=activity.meeting.invite_days_before_window)
            for activity in self.municipality.wheel.of(self.school_year)
            if activity.kind.is_meeting
        ]
        return min([first, *(self.municipality.calendar.mail_day_until(day) for day in leads)])

    def last_day(self) -> date:
        """Give the last day of the wheel."""
        return self.municipality.wheel.span(self.school_year)[1]

    def run(self, until: datetime, *, after_day: Callable[[date, datetime], None] = lambda _day, _now: None) -> None:
        """Play from the first day to `until`; `after_day` is called at the end of each whole day."""
        first = self.plan()
        expected = self.doings_by_day()
        for day in days_between(first, danish_date(until)):
            self._turn(day, until)
            for doing in expected.get(day, ()):
                if doing.at <= until:
                    self.do(doing)
            after_day(day, min(_at(day, time(23, 59)), until))

    def plan(self) -> date:
        """Lay out the wheel, on the first day of the play; gives that day."""
        first = self.first_day()
        plan_year.run(self.installation, self.municipality, now=_at(first, PLANNED), school_year=self.school_year)
        return first

    def doings_by_day(self) -> dict[date, list[Doing]]:
        """Give what the schools do, by the day."""
        with self.installation.store.read() as connection:
            planned = plans.occurrences(connection, self.municipality.key, self.school_year)
        found: dict[date, list[Doing]] = defaultdict(list)
        for doing in doings(self.municipality, planned, seed=self.seed):
            found[danish_date(doing.at)].append(doing)
        return found

    def _turn(self, day: date, until: datetime) -> None:
        turned, sent = _at(day, TURNING), _at(day, SENDING)
        if turned <= until:
            turn_wheel.run(self.installation, self.municipality, now=turned, phases=DAILY)
            self._send(min(sent, until))

    def do(self, doing: Doing) -> None:
        """Let a school do what it does."""
        now = doing.at.astimezone(UTC)
        with self.installation.store.read() as connection:
            occurrence = plans.occurrence(connection, doing.occurrence)
            promised = earlier.promised(connection, self.municipality, occurrence) if occurrence else {}
        if occurrence is None or occurrence.school is None:
            return
        if doing.habit is Habit.WAIVED:
            reason = "Aftalt med forvaltningen (demonstration)"
            deliveries.waive(self.installation, occurrence.key, reason=reason, by="Forvaltningen", now=now)
            return
        activity = self.municipality.wheel.activity(occurrence.activity)
        school = self.municipality.school(occurrence.school)
        filled = answers(activity, school.name, seed=self.seed, key=occurrence.key, promised=promised)
        has_file = any(field.type is FieldType.FILE for field in activity.fields)
        file = self.installation.files.keep(f"{activity.key}.txt", [PLACEHOLDER]) if has_file else None
        submission = Submission(filled, school.leader.name, file, token=f"play:{occurrence.key}")
        deliveries.deliver(self.installation, occurrence.key, submission, now=now)
        self._send(now + timedelta(minutes=1))

    def _send(self, now: datetime) -> None:
        asyncio.run(send_mail.run(self.installation, now=lambda: now))


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=DANISH_TIME).astimezone(UTC)
