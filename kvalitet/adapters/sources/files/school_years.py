"""Skoleår i filer: the ways in which sources write a school year; anything else is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from kvalitet.days import SchoolYear

_LOOKS_LIKE_ONE = re.compile(r"\d{4}\s*[/–-]\s*(?:\d{4}|\d{2})")
_SPAN = re.compile(r"(\d{4}\s*[/–-]\s*(?:\d{4}|\d{2}))\s*[-–]\s*(?:\d{4}\s*/\s*(?:\d{4}|\d{2})|\.\.)")


@lru_cache(maxsize=256)
def school_year_of(text: str) -> SchoolYear:
    """Read 2018/2019, 2018/19, 2018-19 or 2018–19; several years in one are not a school year."""
    if _SPAN.fullmatch(text):
        raise ValueError(f"»{text}« dækker flere skoleår; tallet skal være for ét.")
    return SchoolYear.parse(text.replace("–", "/"))


def is_school_year(text: str) -> bool:
    """Tell whether a heading is a school year, such as 2024/2025."""
    try:
        return bool(_LOOKS_LIKE_ONE.fullmatch(text)) and bool(school_year_of(text))
    except ValueError:
        return False
