"""Danish writing: dates, weeks, times, numbers, lists and the order of the alphabet."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from kvalitet.municipality import DANISH_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from kvalitet.days import WorkCalendar

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_KEPT = 1024  # a meeting's time is written again in each part of each of its mails
NUMERALS = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv")
# æ, ø and å come after z, in that order; ä and ö stand where æ and ø do.
_PLACES = str.maketrans({letter: f"\uffff{place}" for letter, place in zip("æäøöå", "11223", strict=True)})


def date_text(day: date) -> str:
    """Write "3. januar 2027"."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Write "3. januar", where the year is known."""
    return f"{day.day}. {MONTHS[day.month - 1]}"


def numeric_date(day: date) -> str:
    """Write "3.1.", where there is no room."""
    return f"{day.day}.{day.month}."


def weekday_date(day: date) -> str:
    """Write "søndag den 3. januar 2027"."""
    return f"{WEEKDAYS[day.weekday()]} den {date_text(day)}"


def weekday_short(day: date) -> str:
    """Write "søndag den 3. januar", where the year is known."""
    return f"{WEEKDAYS[day.weekday()]} den {short_date(day)}"


def week_text(day: date) -> str:
    """Write "uge 53": the ISO week, which Danes count by."""
    return f"uge {day.isocalendar().week}"


def full_date(day: date) -> str:
    """Write "mandag den 31. august 2026, uge 36"."""
    return f"{weekday_date(day)}, {week_text(day)}"


def local(instant: datetime) -> datetime:
    """Give an instant as the clock on a Danish wall shows it."""
    return instant.astimezone(DANISH_TIME)


def instant_text(instant: datetime) -> str:
    """Write "22.11.2026 kl. 9.00", Danish time."""
    return f"{local(instant):%d.%m.%Y} kl. {time_text(instant)}"


def time_text(instant: datetime) -> str:
    """Write "9.00", Danish time."""
    moment = local(instant)
    return f"{moment.hour}.{moment.minute:02d}"


@lru_cache(_KEPT)
def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """Write "mandag den 31. august 2026, uge 36, kl. 9.00-10.30"."""
    return f"{full_date(local(starts_at).date())}, kl. {time_text(starts_at)}-{time_text(ends_at)}"


def number_text(value: Decimal | float, decimals: int = 0) -> str:
    """Write "1.234,5"."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def count_text(count: int, singular: str, plural: str, *, one: str = "en") -> str:
    """Write "en skole", "to skoler", "13 skoler"; and with `one` as "et", "et mål"."""
    numeral = one if count == 1 else NUMERALS[count] if 0 <= count < len(NUMERALS) else number_text(count)
    return f"{numeral} {singular if count == 1 else plural}"


def list_text(words: Iterable[str]) -> str:
    """Write "a, b og c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} og {last}" if first else last


def sort_key(text: str) -> tuple[str, str]:
    """Give the key of Danish order: æ, ø, å (also written aa) after z; other accents as bare letters."""
    folded = text.casefold().replace("aa", "å").translate(_PLACES)
    bare = "".join(letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter))
    return bare, text


def in_order(words: Iterable[str]) -> Sequence[str]:
    """Sort words as a Dane would."""
    return sorted(words, key=sort_key)


def closed_because(calendar: WorkCalendar, day: date) -> str:
    """Say why no mail goes out on a day: a holiday's name or the weekday; "" on an open day."""
    if day in calendar.public_holidays:
        return calendar.public_holidays[day]
    for holiday in calendar.school_holidays:
        if day in holiday:
            return holiday.name
    return "" if calendar.is_working_day(day) else WEEKDAYS[day.weekday()]
