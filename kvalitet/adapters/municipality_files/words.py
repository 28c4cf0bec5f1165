"""Words: how single values of the files are read, each with its own Danish complaint."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from kvalitet.days import RelativeDay, SchoolYear
from kvalitet.measurements import parse_danish_number

_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_NUMBER = re.compile(r"\d{6}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
LONGEST_ADDRESS = 254


def key_text(value: object) -> str:
    """Read a key: small letters, digits, _ and -, beginning with a letter."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(f"»{value}« kan ikke være en nøgle; brug små bogstaver a-z, tal, _ og -, fx local_goals.")
    return value


def month_day(value: object) -> tuple[int, int]:
    """Read a day of any year, such as 12-22."""
    month, _, day = str(value).partition("-")
    try:
        date(2023, int(month), int(day))
    except ValueError:
        raise ValueError(f"»{value}« er ikke en dag; skriv måned og dag som 12-22.") from None
    return int(month), int(day)


def number_text(value: object) -> str:
    """Read an institution number: six digits, as text."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError(f"»{value}« er ikke et institutionsnummer; det har seks cifre, fx 323003.")
    return value


def school_year(value: object) -> SchoolYear:
    """Read a school year."""
    return value if isinstance(value, SchoolYear) else SchoolYear.parse(str(value))


def deadline(value: object) -> SchoolYear | date:
    """Read a school year ("ved udgangen af skoleåret"), or a last day."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return SchoolYear.parse(str(value))


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
    labels = domain.split(".")
    return bool(
        at
        and len(text) <= LONGEST_ADDRESS
        and _LOCAL_PART.fullmatch(local)
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )
