"""Reminders: which step of the ladder an open deliverable stands on, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.wheel import Role, Stage

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from kvalitet.days import WorkCalendar
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

OPENING = "opening"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Trin: a mail about one occurrence on one day; `key` is unique within the occurrence."""

    day: date
    key: str
    stage: Stage
    to: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Dagens trin: the one to take today (or none) and the next day to look again (or none)."""

    step: Step | None
    wake_on: date | None


def steps(occurrence: Occurrence, activity: Activity, calendar: WorkCalendar) -> tuple[Step, ...]:
    """List every mail that an undelivered occurrence leads to, in order of date.

    Only mail days are used: the opening and steps from the due date on move forward to one; steps
    before the due date move back, and fall away when that would be before the opening mail.
    """
    first = calendar.mail_day_from(occurrence.opens)
    found = [Step(first, OPENING, Stage.OPENING, (activity.owner,))]
    for rung in activity.ladder:
        wanted = occurrence.due + timedelta(days=rung.days)
        day = calendar.mail_day_until(wanted) if rung.days < 0 else calendar.mail_day_from(wanted)
        if day > first:
            found.append(Step(day, f"{rung.days:+d}", rung.stage, rung.to))
    return tuple(_one_a_day(sorted(found, key=lambda step: (step.day, int(step.key) if step.key != OPENING else -999))))


def turn(ladder: tuple[Step, ...], taken: Collection[str], *, today: date) -> Turn:
    """Decide what one undelivered occurrence needs today.

    After downtime only the newest of several missed steps is taken, never one mail for each.
    """
    past = [step for step in ladder if step.day <= today]
    coming = [step for step in ladder if step.day > today]
    newest = past[-1] if past else None
    step = newest if newest and newest.key not in taken else None
    return Turn(step, coming[0].day if coming else None)


def first_look(occurrence: Occurrence, activity: Activity, calendar: WorkCalendar, *, today: date) -> date | None:
    """Give the day on which a newly planned occurrence first needs a look; None for never.

    Meetings are invited to so many days before their window. What was due before it was planned
    is not chased: nobody is reminded of a time before the wheel was put to use.
    """
    if occurrence.due < today:
        return None
    if not occurrence.kind.is_meeting:
        return occurrence.opens
    invited = occurrence.opens - timedelta(days=activity.meeting.invite_days_before_window)
    return calendar.mail_day_until(invited)


def _one_a_day(found: list[Step]) -> list[Step]:
    """Keep the gravest step where closed days have pushed two onto one day."""
    return list({step.day: step for step in found}.values())
