"""Clashes: where a school year's windows meet days on which schools or town hall are closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.occurrences import plan
from kvalitet.timetable import propose
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kvalitet.days import SchoolYear, WorkCalendar
    from kvalitet.municipality import Municipality
    from kvalitet.wheel import Activity


@dataclass(frozen=True, slots=True)
class Clash:
    """Sammenstød: what of an activity falls on a closed day, and why it is closed."""

    activity: str
    what: str
    day: date
    why: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        """Give the clash with its stable keys."""
        return {
            "activity": self.activity,
            "what": self.what,
            "day": self.day.isoformat(),
            "why": self.why,
            "sentence": self.sentence,
        }


def clashes(municipality: Municipality, school_year: SchoolYear) -> list[Clash]:
    """List the due dates on closed days, the windows without one open day, and the meetings without a free time."""
    found = [
        clash
        for activity in municipality.wheel.of(school_year)
        for clash in _of_window(municipality.calendar, activity, school_year)
    ]
    return found + list(_without_slot(municipality, school_year))


def _of_window(calendar: WorkCalendar, activity: Activity, school_year: SchoolYear) -> Iterator[Clash]:
    opens, due = activity.window(school_year)
    if not calendar.mail_days(opens, due):
        sentence = f"»{activity.title}« har ingen skoledage fra {danish.date_text(opens)} til {danish.date_text(due)}."
        yield Clash(activity.key, "window", opens, danish.closed_because(calendar, opens), sentence)
    elif activity.kind is Kind.DELIVERABLE and (why := danish.closed_because(calendar, due)):
        nearest = danish.weekday_date(calendar.mail_day_until(due))
        named = "" if why in danish.WEEKDAYS else f" ({why})"
        sentence = f"»{activity.title}« har frist {danish.weekday_date(due)}{named}; sidste skoledag før er {nearest}."
        yield Clash(activity.key, "due", due, why, sentence)


def _without_slot(municipality: Municipality, school_year: SchoolYear) -> Iterator[Clash]:
    occurrences = plan(municipality, school_year)
    slots = propose(municipality, occurrences, {})
    for occurrence in occurrences:
        if occurrence.key in slots and slots[occurrence.key] is None:
            sentence = f"»{occurrence.title}« ({occurrence.key}) har ingen ledig mødetid i perioden."
            yield Clash(occurrence.activity, "meeting", occurrence.opens, "ingen ledig tid", sentence)
