"""Days: school years, closed days and the days on which a mail may go out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[/-]\s*(\d{4}|\d{2})")
_RELATIVE_DAY = re.compile(r"(start|end)-(0[1-9]|1[0-2])-(\d{2}|last)")
_LONGEST_CLOSED_SPELL = 366


@dataclass(frozen=True, order=True)
class SchoolYear:
    """Skoleår: from 1 August of `start` to 31 July of the year after (folkeskoleloven § 14 a)."""

    start: int

    @classmethod
    def parse(cls, text: str) -> SchoolYear:
        """Read "2026/27", "2026/2027" or "2026-27"; anything else is a ValueError."""
        match = _SCHOOL_YEAR.fullmatch(text.strip())
        if match:
            start, end = int(match[1]), match[2]
            if str(start + 1).endswith(end):
                return cls(start)
        message = f"»{text}« er ikke et skoleår; skriv det som 2026/27."
        raise ValueError(message)

    @classmethod
    def containing(cls, day: date) -> SchoolYear:
        """Give the school year that `day` falls in: 31 July and 1 August differ."""
        return cls(day.year if day.month >= 8 else day.year - 1)  # noqa: PLR2004 -- August

    @property
    def label(self) -> str:
        """The year as Danes write it: "2026/27"."""
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def key(self) -> str:
        """The year as it stands in keys, addresses and file names: "2026-27"."""
        return self.label.replace("/", "-")

    @property
    def first_day(self) -> date:
        """1 August."""
        return date(self.start, 8, 1)

    @property
    def last_day(self) -> date:
        """31 July of the following year."""
        return date(self.start + 1, 7, 31)

    def plus(self, years: int) -> SchoolYear:
        """Give the school year `years` later (earlier when negative)."""
        return SchoolYear(self.start + years)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class RelativeDay:
    """A day told by the school year, so that one wheel serves every year.

    Written `start-05-01` or `end-01-last`: the calendar year in which the school year
    starts or ends, the month, and the day or `last` (so that February needs no leap-year care).
    """

    ends_year: bool
    month: int
    day: int | None

    @classmethod
    def parse(cls, text: str) -> RelativeDay:
        """Read `start-MM-DD`, `end-MM-DD` or `…-MM-last`; anything else is a ValueError."""
        match = _RELATIVE_DAY.fullmatch(text.strip())
        if match is None:
            message = f"»{text}« er ikke en dag i skoleåret; skriv fx start-08-31 eller end-01-last."
            raise ValueError(message)
        day = None if match[3] == "last" else int(match[3])
        found = cls(match[1] == "end", int(match[2]), day)
        try:
            found.in_year(SchoolYear(2018))
        except ValueError as error:
            message = f"»{text}« findes ikke hvert år; skriv en anden dag eller »last« for månedens sidste."
            raise ValueError(message) from error
        return found

    def in_year(self, school_year: SchoolYear) -> date:
        """Give the date in one school year."""
        year = school_year.start + self.ends_year
        if self.day is not None:
            return date(year, self.month, self.day)
        return last_of_month(year, self.month)

    def __str__(self) -> str:
        side = "end" if self.ends_year else "start"
        return f"{side}-{self.month:02d}-{'last' if self.day is None else f'{self.day:02d}'}"


@dataclass(frozen=True)
class SchoolHoliday:
    """Skoleferie: inclusive dates; `assumed` when the municipality has not decided them yet."""

    name: str
    first: date
    last: date
    assumed: bool = False

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class WorkCalendar:
    """Kalender: public holidays (date -> Danish name) and school holidays of a municipality."""

    public_holidays: Mapping[date, str]
    school_holidays: tuple[SchoolHoliday, ...]
    _in_school_holiday: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inside = frozenset(day for holiday in self.school_holidays for day in days_between(holiday.first, holiday.last))
        object.__setattr__(self, "_in_school_holiday", inside)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the town hall is open: no weekend, no public holiday."""
        return day.isoweekday() <= 5 and day not in self.public_holidays  # noqa: PLR2004 -- Friday

    def is_mail_day(self, day: date) -> bool:
        """Tell whether schools are there to read: a working day outside the school holidays."""
        return self.is_working_day(day) and day not in self._in_school_holiday

    def mail_day_from(self, day: date) -> date:
        """Give `day` itself or the first mail day after it."""
        return self._nearest(day, +1)

    def mail_day_until(self, day: date) -> date:
        """Give `day` itself or the last mail day before it."""
        return self._nearest(day, -1)

    def mail_days(self, first: date, last: date) -> list[date]:
        """List the mail days of an inclusive span, in order."""
        return [day for day in days_between(first, last) if self.is_mail_day(day)]

    def _nearest(self, day: date, step: int) -> date:
        for distance in range(_LONGEST_CLOSED_SPELL):
            candidate = day + timedelta(days=step * distance)
            if self.is_mail_day(candidate):
                return candidate
        message = f"Der er ingen skoledage i et helt år omkring {day.isoformat()}; ret skoleferierne."
        raise ValueError(message)


@dataclass(frozen=True)
class AssumedHolidays:
    """Antagne skoleferier: the pattern used for years that the municipality has not decided.

    Weeks are ISO weeks; a holiday runs from the Saturday before its week to the Sunday that ends it.
    `summer_weeks` counts from the last Saturday in June (folkeskoleloven § 14 a).
    """

    autumn_week: int = 42
    winter_week: int = 7
    summer_weeks: int = 6
    christmas_first: tuple[int, int] = (12, 22)
    christmas_last: tuple[int, int] = (1, 2)

    def of(self, school_year: SchoolYear) -> tuple[SchoolHoliday, ...]:
        """List the assumed holidays from autumn to the summer that ends the school year."""
        start, end = school_year.start, school_year.start + 1
        easter = easter_sunday(end)
        ascension = easter + timedelta(days=39)
        summer = _last_saturday_of_june(end)
        spans = (
            ("Efterårsferie", *_week_with_weekends(start, self.autumn_week)),
            ("Juleferie", date(start, *self.christmas_first), date(end, *self.christmas_last)),
            ("Vinterferie", *_week_with_weekends(end, self.winter_week)),
            ("Påskeferie", easter - timedelta(days=8), easter + timedelta(days=1)),
            ("Kristi himmelfartsferie", ascension, ascension + timedelta(days=3)),
            ("Sommerferie", summer, summer + timedelta(weeks=self.summer_weeks, days=1)),
        )
        return tuple(SchoolHoliday(name, first, last, assumed=True) for name, first, last in spans)


def days_between(first: date, last: date) -> Iterator[date]:
    """Give every day of an inclusive span, in order."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def last_of_month(year: int, month: int) -> date:
    """Give the last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (computus of Meeus, 1991)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * leap_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _week_with_weekends(year: int, week: int) -> tuple[date, date]:
    monday = date.fromisocalendar(year, week, 1)
    return monday - timedelta(days=2), monday + timedelta(days=6)


def _last_saturday_of_june(year: int) -> date:
    june_30 = date(year, 6, 30)
    return june_30 - timedelta(days=(june_30.isoweekday() - 6) % 7)
