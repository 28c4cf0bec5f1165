"""The pattern: when each school delivers, drawn from a seed so that every play of it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

from kvalitet.answers import NOTHING_PROMISED, Outcome, Promised, place
from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity, FormField

LATEST = timedelta(days=28)


class Habit(StrEnum):
    """Vane: how a school meets one due date."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    NEVER = "never"
    WAIVED = "waived"


WEIGHTS = {Habit.EARLY: 30, Habit.ON_TIME: 45, Habit.LATE: 18, Habit.NEVER: 5, Habit.WAIVED: 2}


@dataclass(frozen=True, slots=True, order=True)
class Doing:
    """Handling: at an instant, a school delivers or is waived."""

    at: datetime
    occurrence: str
    habit: Habit


def doings(municipality: Municipality, occurrences: Iterable[Occurrence], *, seed: int) -> list[Doing]:
    """Draw what happens to every deliverable; one key and one seed always draw the same."""
    drawn = (
        _draw(municipality, occurrence, Random(f"{seed}:{occurrence.key}"))  # noqa: S311 -- a play, not a secret
        for occurrence in occurrences
        if occurrence.kind is Kind.DELIVERABLE
    )
    return sorted(doing for doing in drawn if doing)


def answers(
    activity: Activity, school_name: str, *, seed: int, key: str, promised: Mapping[str, Promised] = NOTHING_PROMISED
) -> dict[str, str]:
    """Fill in a form as a school might, plainly marked as a demonstration."""
    random = Random(f"{seed}:{key}:answers")  # noqa: S311 -- as above
    found: dict[str, str] = {}
    for field in activity.fields:
        if field.type is FieldType.GOAL:
            found |= _goal(field, school_name, random, key)
        elif field.type is FieldType.TABLE:
            found |= _table(field, school_name, random)
        elif field.type is FieldType.PROMISES:
            found |= _answered(field, promised.get(field.key), random)
        elif field.type is not FieldType.FILE:
            found[field.key] = _answer(field, school_name, random)
    return found


def _draw(municipality: Municipality, occurrence: Occurrence, random: Random) -> Doing | None:
    habit = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    opens = municipality.calendar.mail_day_from(occurrence.opens)
    middle = opens + (occurrence.due - opens) / 2
    first, last = {
        Habit.EARLY: (opens, middle),
        Habit.ON_TIME: (middle, occurrence.due),
        Habit.LATE: (occurrence.due + timedelta(days=1), occurrence.due + LATEST),
        Habit.WAIVED: (opens, occurrence.due),
    }.get(habit, (occurrence.due, occurrence.opens))
    days = municipality.calendar.mail_days(first, last)
    return Doing(_some_time(days, random), occurrence.key, habit) if days else None


def _some_time(days: Sequence[date], random: Random) -> datetime:
    """Choose a moment of the working day, after the morning's mails."""
    moment = time(random.randint(8, 15), random.randint(0, 59))
    return datetime.combine(random.choice(days), moment, tzinfo=DANISH_TIME)


def _goal(field: FormField, school_name: str, random: Random, key: str) -> dict[str, str]:
    """Set a goal for the end of the school year that an occurrence's key names."""
    first_year = int(key.split(".")[1].partition("-")[0])
    return {
        place(field, "text"): f"Demonstration: {school_name} sætter her sit mål.",
        place(field, "indicator"): random.choice(field.indicators).key,
        place(field, "target"): f"{random.uniform(4, 7):.1f}".replace(".", ","),
        place(field, "by"): SchoolYear(first_year).last_day.isoformat(),
    }


def _table(field: FormField, school_name: str, random: Random) -> dict[str, str]:
    return {
        place(field, number, column.key): f"Demonstration: {column.title} ({school_name}, {number})"
        for number in range(1, max(field.least_rows, random.randint(2, 3)) + 1)
        for column in field.columns
    }


def _answered(field: FormField, promised: Promised | None, random: Random) -> dict[str, str]:
    found: dict[str, str] = {}
    for promise in promised.promises if promised else ():
        found[place(field, promise.number, "outcome")] = random.choice(list(Outcome)).value
        found[place(field, promise.number, "word")] = "Demonstration: sådan gik det."
    return found


def _answer(field: FormField, school_name: str, random: Random) -> str:
    if field.type is FieldType.CHOICE:
        return random.choice(field.choices)
    if field.type is FieldType.NUMBER:
        low = field.minimum if field.minimum is not None else 0
        high = field.maximum if field.maximum is not None else low + 10
        return f"{min(high, low + round((high - low) * random.uniform(0.03, 0.3), 1)):g}".replace(".", ",")
    return f"Demonstration: {school_name} skriver her om »{field.title}«."
