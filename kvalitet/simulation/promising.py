"""Promising: in the year before the one that is played, schools deliver what this year's forms ask what became of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from kvalitet.adapters.store import plans
from kvalitet.municipality import DANISH_TIME
from kvalitet.simulation.pattern import Doing, Habit
from kvalitet.simulation.playing import Play
from kvalitet.wheel import FieldType, Kind, Wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality
    from kvalitet.wheel import Activity

DELIVERED_AT = time(10, 0)


def play_promises(installation: Installation, municipality: Municipality, school_year: SchoolYear, seed: int) -> None:
    """Lay out only those deliverables over the year before, and let every school have delivered them in time.

    The rest of that year is not played: nobody was invited to it or reminded of it.
    """
    asked = tuple(replace(found, after=()) for found in _asked_about(municipality))
    if not asked:
        return
    play = Play(installation, replace(municipality, wheel=Wheel(asked)), school_year.plus(-1), seed)
    play.plan()
    with installation.store.read() as connection:
        planned = plans.occurrences(connection, municipality.key, play.school_year)
    for occurrence in planned:
        if occurrence.kind is Kind.DELIVERABLE:
            day = municipality.calendar.mail_day_until(occurrence.due)
            play.do(Doing(datetime.combine(day, DELIVERED_AT, DANISH_TIME), occurrence.key, Habit.ON_TIME))


def _asked_about(municipality: Municipality) -> Iterator[Activity]:
    """Go through the activities whose promises a form of the wheel asks about."""
    wheel = municipality.wheel
    fields = (field for activity in wheel.activities for field in activity.fields)
    keys = {field.answers_to.partition(".")[0] for field in fields if field.type is FieldType.PROMISES}
    return (activity for activity in wheel.activities if activity.key in keys)
