"""Hentning af tal: how one try at a source ended, what was found wrong with it, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason

Place = tuple[str, SchoolYear, str]
EACH_DAY, EACH_WEEK = timedelta(days=1), timedelta(weeks=1)


class PullOutcome(Enum):
    """Udfald: how a try ended. Only PUBLISHED changes what is shown; all the others leave the last good figures."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    NOT_PUBLISHED = "not_published"
    REFUSED = "refused"
    BROKEN = "broken"
    QUARANTINED = "quarantined"
    INTERRUPTED = "interrupted"

    @property
    def danish(self) -> str:
        """The outcome as a person reads it."""
        return _OUTCOME_TEXTS[self]

    @property
    def is_failure(self) -> bool:
        """Whether a person should look into it: "not published yet" is none."""
        return self in {PullOutcome.REFUSED, PullOutcome.BROKEN, PullOutcome.QUARANTINED, PullOutcome.INTERRUPTED}


_OUTCOME_TEXTS = {
    PullOutcome.PUBLISHED: "nye tal vises",
    PullOutcome.UNCHANGED: "ingen ændring",
    PullOutcome.NOT_PUBLISHED: "ikke offentliggjort endnu",
    PullOutcome.REFUSED: "kilden afviser vores nøgle",
    PullOutcome.BROKEN: "kilden svarer ikke som ventet",
    PullOutcome.QUARANTINED: "holdt tilbage",
    PullOutcome.INTERRUPTED: "afbrudt",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Fund: what is wrong with a row (counted as a person sees it), or with all of a pull.

    One that `holds` keeps the whole pull from being shown until a person has decided. `unit` is whom it is about.
    """

    why: str
    holds: bool = False
    row: int | None = None
    column: str = ""
    value: str = ""
    indicator: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """Rettelse bagud: a figure that was shown, and what the source says now."""

    former: Measurement
    now: Measurement


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Forskel: what a pull brings beside what was shown before it."""

    new: tuple[Measurement, ...] = ()
    gone: tuple[Measurement, ...] = ()
    revised: tuple[Revision, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.revised)


def next_try(outcome: PullOutcome, *, today: date, due: date, waits: bool) -> date | None:
    """Tell when to ask a source again: each day in the extract's window, and each week after it.

    A source that has given all that it was asked for is left in peace; one that still `waits` for some of it, until
    the window ends.
    """
    if outcome in {PullOutcome.PUBLISHED, PullOutcome.UNCHANGED}:
        return today + EACH_DAY if waits and today < due else None
    return today + (EACH_DAY if today <= due else EACH_WEEK)


def place_of(measurement: Measurement) -> Place:
    """What a figure is the figure of: its indicator, school year and unit."""
    return measurement.indicator, measurement.school_year, measurement.unit


def difference(former: Iterable[Measurement], now: Iterable[Measurement]) -> Difference:
    """Compare a pull with what was shown before it; "not published yet" is nothing new.

    Gone is what was shown of the pull's own indicators and school years, and is not in it.
    """
    was = {place_of(found): found for found in former if not _waits(found)}
    comes = {place_of(found): found for found in now}
    asked = {(found.indicator, found.school_year) for found in comes.values() if not _waits(found)}
    news = [found for place, found in comes.items() if place not in was and not _waits(found)]
    both = [(was[place], found) for place, found in comes.items() if place in was and not _waits(found)]
    gone = [found for place, found in was.items() if place not in comes and place[:2] in asked]
    return Difference(
        new=tuple(news),
        gone=tuple(gone),
        revised=tuple(Revision(former=old, now=new) for old, new in both if _said(old) != _said(new)),
    )


def _waits(found: Measurement) -> bool:
    return found.missing is MissingReason.NOT_PUBLISHED


def _said(found: Measurement) -> tuple[object, ...]:
    return found.value, found.level, found.missing
