"""Reminders: which step of the ladder an open deliverable stands on, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.wheel import Role, Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from kvalitet.days import WorkCalendar
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

OPENING = "opening"
# The step of a mail that a person asked for, outside the ladder.
NOW = "now"
# What was sent back after its due date is not chased before so many days have passed.
DAYS_IN_PEACE = 7


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

    Only mail days are used. Steps before the due date move back to one, and fall away when that
    would be before the opening mail. The opening and steps from the due date on move forward;
    where closed days would push two of those onto one day, the graver keeps its distance to the
    milder, so that nobody's superior hears of what they have not been told themselves.
    """
    first = Step(calendar.mail_day_from(occurrence.opens), OPENING, Stage.OPENING, (activity.owner,))
    rungs = sorted(activity.ladder, key=lambda rung: rung.days)
    before = {
        day: Step(day, f"{rung.days:+d}", rung.stage, rung.to)
        for rung in rungs
        if rung.days < 0 and (day := calendar.mail_day_until(occurrence.due + timedelta(days=rung.days))) > first.day
    }
    found = [first, *before.values()]
    distance = 0
    for rung in rungs:
        if rung.days >= 0:
            day = calendar.mail_day_from(occurrence.due + timedelta(days=rung.days))
            if day <= found[-1].day:
                day = calendar.mail_day_from(found[-1].day + timedelta(days=max(rung.days - distance, 1)))
            found.append(Step(day, f"{rung.days:+d}", rung.stage, rung.to))
            distance = rung.days
    return tuple(found)


def taken_of(ladder: tuple[Step, ...], mailed: Mapping[str, date]) -> set[str]:
    """List the steps of a ladder that have been taken, of those that a mail (by step key, with its day) was about.

    A mail from before its step's day was about an earlier due date, and the step is still to be taken.
    The opening is told once.
    """
    return {step.key for step in ladder if step.key in mailed and (step.key == OPENING or mailed[step.key] >= step.day)}


def turn(ladder: tuple[Step, ...], taken: Collection[str], *, today: date) -> Turn:
    """Decide what one undelivered occurrence needs today.

    After downtime only the newest of several missed steps is taken, never one mail for each.
    """
    past = [step for step in ladder if step.day <= today]
    coming = [step for step in ladder if step.day > today]
    newest = past[-1] if past else None
    step = newest if newest and newest.key not in taken else None
    return Turn(step, coming[0].day if coming else None)


def next_step(ladder: Collection[Step], *, after: date) -> Step | None:
    """Give the first step of a ladder after a day."""
    return next((step for step in ladder if step.day > after), None)


def stage_of(ladder: Collection[Step], key: str, occurrence: Occurrence, *, today: date) -> Stage:
    """Tell what a step says on a day; one outside the ladder speaks by the due date."""
    asked_for = Stage.OVERDUE_NOTICE if occurrence.due < today else Stage.REMINDER
    return next((step.stage for step in ladder if step.key == key), asked_for)


def is_reached(ladder: Collection[Step], key: str, *, today: date) -> bool:
    """Tell whether a step's day has come, with the due date as it is now; the opening and what is asked for always."""
    return all(step.day <= today for step in ladder if step.key == key and key != OPENING)


def look_after_return(ladder: tuple[Step, ...], occurrence: Occurrence, calendar: WorkCalendar, *, today: date) -> date:
    """Give the day on which something that was sent back is looked at again: its reminders go on from there.

    Before the due date that is the next step of the ladder. After it everybody first has a week in peace: a school
    that delivered on time is not to be chased the morning after.
    """
    if today > occurrence.due:
        return calendar.mail_day_from(today + timedelta(days=DAYS_IN_PEACE))
    coming = [step.day for step in ladder if step.day > today]
    return coming[0] if coming else calendar.mail_day_from(occurrence.due + timedelta(days=1))


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
