"""Words: how single values of the files are read, each with its own Danish complaint."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kvalitet.days import RelativeDay, SchoolYear
from kvalitet.measurements import parse_danish_number

_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_NUMBER = re.compile(r"\d{6}", re.ASCII)
_MUNICIPALITY_NUMBER = re.compile(r"\d{3}", re.ASCII)
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64


def key_text(value: object) -> str:
    """Read a key: small letters, digits, _ and -, beginning with a letter."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(f"»{value}« kan ikke være en nøgle; brug små bogstaver a-z, tal, _ og -, fx local_goals.")
    return value


def month_day(value: object) -> tuple[int, int]:
    """Read a day of any year, such as 12-22."""
    try:
        found = date.fromisoformat(f"2023-{value}" if _DATE.fullmatch(f"2023-{value}") else "")
    except ValueError:
        raise ValueError(f"»{value}« er ikke en dag, der findes hvert år; skriv måned og dag som 12-22.") from None
    return found.month, found.day


def number_text(value: object) -> str:
    """Read an institution number: six digits, as text."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError(f"»{value}« er ikke et institutionsnummer; det har seks cifre, fx 323003.")
    return value


def municipality_number(value: object) -> str:
    """Read a municipality number: three digits, as text."""
    if not isinstance(value, str) or not _MUNICIPALITY_NUMBER.fullmatch(value):
        raise ValueError(f"»{value}« er ikke et kommunenummer; det har tre cifre, fx 326.")
    return value


def school_year(value: object) -> SchoolYear:
    """Read a school year."""
    return value if isinstance(value, SchoolYear) else SchoolYear.parse(str(value))


def deadline(value: object) -> SchoolYear | date:
    """Read a school year ("ved udgangen af skoleåret"), or a last day."""
    text = str(value)
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else SchoolYear.parse(text)
    except ValueError:
        raise ValueError(f"»{text}« er hverken et skoleår som 2026/27 eller en dato som 2027-06-30.") from None


def danish_number(value: object) -> Decimal:
    """Read a number as Danes write it: 6,5."""
    try:
        number = parse_danish_number(str(value))
    except ValueError:
        number = None
    if number is None:
        raise ValueError(f"»{value}« er ikke et tal; skriv det med komma, fx 6,5.")
    return number


def relative_day(value: object) -> RelativeDay:
    """Read a day told by the school year."""
    return value if isinstance(value, RelativeDay) else RelativeDay.parse(str(value))


def is_address(text: str) -> bool:
    """Tell whether a text can be a mail address: plain letters before one @, and a domain with a dot."""
    local, at, domain = text.partition("@")
    fits = len(text) <= LONGEST_ADDRESS and len(local) <= LONGEST_LOCAL_PART
    return bool(at and fits and _LOCAL_PART.fullmatch(local) and is_domain(domain))


def is_domain(text: str) -> bool:
    """Tell whether a text can be a domain: labels of plain letters, digits and hyphens, with a dot between."""
    labels = text.split(".")
    return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()


def single_line(value: object) -> object:
    """Refuse line breaks and other control characters in what is shown on one line, or stands in a mail's head."""
    if isinstance(value, str) and not value.isprintable():
        raise ValueError("Her skal stå tekst på én linje.")
    return value


def plain_date(value: object) -> object:
    """Let only a date as 2026-08-31 through; a bare number would be read as seconds."""
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise ValueError(f"»{value}« er ikke en dato; skriv den som 2026-08-31.")
    return value


def clock(value: object) -> object:
    """Let only a time as 09:00 through; a bare number would be read as seconds."""
    if isinstance(value, str) and not _CLOCK.fullmatch(value):
        raise ValueError(f"»{value}« er ikke et klokkeslæt; skriv det som 09:00.")
    return value


def yes_or_no(value: object) -> object:
    """Let only true and false through."""
    if isinstance(value, str) and value not in {"true", "false"}:
        raise ValueError(f"»{value}« skal være true (ja) eller false (nej).")
    return value


def whole_number(value: object) -> object:
    """Let only plain digits through."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError(f"»{value}« er ikke et helt tal.")
    return value


Key = Annotated[str, BeforeValidator(key_text)]
Year = Annotated[SchoolYear, BeforeValidator(school_year)]
Day = Annotated[RelativeDay, BeforeValidator(relative_day)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(month_day)]
Deadline = Annotated[SchoolYear | date, BeforeValidator(deadline)]
DanishNumber = Annotated[Decimal, BeforeValidator(danish_number)]
Number = Annotated[str, BeforeValidator(number_text)]
Line = Annotated[str, BeforeValidator(single_line)]
Name = Annotated[Line, Field(min_length=1)]
Date = Annotated[date, BeforeValidator(plain_date)]
Clock = Annotated[time, BeforeValidator(clock)]
Flag = Annotated[bool, BeforeValidator(yes_or_no)]
Whole = Annotated[int, BeforeValidator(whole_number)]


class Entry(BaseModel):
    """One mapping of a file; a key that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
