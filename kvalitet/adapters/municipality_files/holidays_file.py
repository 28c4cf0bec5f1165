"""The calendar: public holidays by law, and the school holidays that the municipality has decided."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import holidays

from kvalitet.days import AssumedHolidays, SchoolHoliday, SchoolYear, WorkCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from kvalitet.adapters.municipality_files.documents import Document, Problem
    from kvalitet.adapters.municipality_files.models import HolidaysFile

FIRST_YEAR, LAST_YEAR = 2010, 2045
LABOUR_DAY = (5, 1)
LONGEST_INTO_NEXT_YEAR = timedelta(days=31)


@cache
def public_holidays() -> Mapping[date, str]:
    """Give the days on which town halls are closed, with their Danish names.

    Grundlovsdag, 24 and 31 December are closed by agreement; 1 May is an ordinary working day.
    """
    found = holidays.country_holidays(
        "DK", years=range(FIRST_YEAR, LAST_YEAR + 1), language="da", categories=("public", "optional")
    )
    return {day: name for day, name in sorted(found.items()) if (day.month, day.day) != LABOUR_DAY or "," in name}


def calendar_of(file: HolidaysFile) -> WorkCalendar:
    """Lay the listed school years out, and the pattern for all others."""
    pattern = AssumedHolidays(**file.otherwise.model_dump())
    listed = {entry.school_year: entry for entry in file.years}
    found: list[SchoolHoliday] = []
    for year in map(SchoolYear, range(FIRST_YEAR, LAST_YEAR)):
        if entry := listed.get(year):
            found += [
                SchoolHoliday(h.name, h.first, h.last, assumed=entry.assumed or h.assumed) for h in entry.holidays
            ]
        else:
            found += pattern.of(year)
    return WorkCalendar(public_holidays(), tuple(found))


def holiday_problems(document: Document, file: HolidaysFile) -> Iterator[Problem]:
    """Find school holidays that end before they begin, overlap, or stand under the wrong year."""
    seen: set[SchoolYear] = set()
    for number, year in enumerate(file.years):
        place: tuple[str | int, ...] = ("years", number)
        if year.school_year in seen:
            yield document.problem(
                (*place, "school_year"), f"Skoleåret {year.school_year} står to gange; slet det ene."
            )
        seen.add(year.school_year)
        latest: date | None = None
        for index, holiday in enumerate(year.holidays):
            here = (*place, "holidays", index)
            if holiday.last < holiday.first:
                yield document.problem((*here, "last"), f"{holiday.name} slutter, før den begynder; byt datoerne om.")
            elif not year.school_year.first_day <= holiday.first <= year.school_year.last_day:
                yield document.problem((*here, "first"), f"{holiday.name} ligger ikke i skoleåret {year.school_year}.")
            elif holiday.last > year.school_year.last_day + LONGEST_INTO_NEXT_YEAR:
                yield document.problem(
                    (*here, "last"), f"{holiday.name} slutter længe efter skoleåret {year.school_year}; ret datoen."
                )
            elif latest and holiday.first <= latest:
                yield document.problem(
                    (*here, "first"), f"{holiday.name} begynder, før ferien over den er slut; ret en af dem."
                )
            latest = max(filter(None, (latest, holiday.last)))
