"""Indtastning: one figure that a person types, checked field by field, and made an extract like any other."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.sources.files.cells import day_of
from kvalitet.adapters.sources.files.sheet import CSV
from kvalitet.adapters.sources.source import RawExtract
from kvalitet.days import SchoolYear
from kvalitet.measurements import (
    COUNTRY,
    MISSING_MARKERS,
    MUNICIPALITY,
    Indicator,
    IndicatorUnit,
    Measurement,
    MissingReason,
    danish_decimal,
    parse_danish_number,
)
from kvalitet.municipality import Municipality

Found = TypeVar("Found")
ENTERED = "entered"
# What the fields are called in forms and addresses.
INDICATOR, YEAR, UNIT = "noegletal", "aar", "enhed"
VALUE, PUPILS, SOURCE, DATE = "tal", "elever", "kilde", "dag"
NO_FIGURE = "-"
_LONGEST_SOURCE = 300
_LARGEST = 10**9
_FIRST_YEAR = 2000
_COLUMNS = ("skoleår", "institutionsnummer", "indikator", "værdi", "antal", "kilde", "offentliggjort")
_WORDS = {MUNICIPALITY: "kommune", COUNTRY: "land"}


class EntryError(UserError):
    """Forkert udfyldt: what is wrong, by field; the message is all of it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Carry the sentence of each field."""
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Place:
    """Plads: which figure it is, of an indicator in a school year for a school, the municipality or the country."""

    indicator: Indicator
    school_year: SchoolYear
    unit: str


def place_of(
    municipality: Municipality, indicators: Mapping[str, Indicator], texts: Mapping[str, str], *, today: date
) -> Place:
    """Find the figure that is meant; what does not exist is an EntryError."""
    problems: dict[str, str] = {}
    indicator = indicators.get(texts.get(INDICATOR, ""))
    if indicator is None:
        problems[INDICATOR] = "Vælg et nøgletal."
    try:
        year = SchoolYear.parse(texts.get(YEAR, ""))
    except ValueError:
        year = None
    if year is None or not _FIRST_YEAR <= year.start <= SchoolYear.containing(today).start:
        problems[YEAR] = "Vælg et skoleår, der er begyndt."
    unit = texts.get(UNIT, "")
    if unit not in _WORDS and not municipality.has_school(unit):
        problems[UNIT] = "Vælg en skole, kommunen eller hele landet."
    if problems or indicator is None or year is None:
        raise EntryError(problems)
    return Place(indicator, year, unit)


def unit_name(municipality: Municipality, unit: str) -> str:
    """Name whom a figure is about."""
    if municipality.has_school(unit):
        return municipality.school(unit).name
    return {MUNICIPALITY: municipality.name, COUNTRY: "Hele landet"}[unit]


def entered(place: Place, texts: Mapping[str, str], *, today: date) -> Measurement:
    """Read what was typed about a figure; the problems of all fields are told at once."""
    problems: dict[str, str] = {}
    value, level = None, None
    try:
        value, level = _figure(place.indicator, texts.get(VALUE, "").strip())
    except ValueError as error:
        problems[VALUE] = str(error)
    source = " ".join(texts.get(SOURCE, "").split())
    if not source or len(source) > _LONGEST_SOURCE:
        problems[SOURCE] = f"Skriv, hvor tallet kommer fra, med højst {_LONGEST_SOURCE} tegn."
    pupils = _checked(problems, PUPILS, lambda: _pupils(texts.get(PUPILS, "").strip()))
    published_on = _checked(problems, DATE, lambda: _day(texts.get(DATE, ""), today))
    if problems:
        raise EntryError(problems)
    return Measurement(
        indicator=place.indicator.key,
        school_year=place.school_year,
        unit=place.unit,
        source=source,
        published_on=published_on,
        pupils=pupils,
        value=value,
        level=level,
        missing=MissingReason.UNKNOWN if value is None and level is None else None,
    )


def extract_of(found: Measurement, *, by: str) -> RawExtract:
    """Make an entry an extract; what is kept is a line that a person can read, and who wrote it."""
    stream = io.StringIO()
    stream.write(f"# Indtastet af: {' '.join(by.split())}\r\n")
    writer = csv.writer(stream, delimiter=";")
    figure = found.level or (danish_decimal(found.value) if found.value is not None else NO_FIGURE)
    pupils = "" if found.pupils is None else str(found.pupils)
    day = found.published_on.isoformat() if found.published_on else ""
    unit = _WORDS.get(found.unit, found.unit)
    writer.writerow(_COLUMNS)
    writer.writerow((found.school_year.label, unit, found.indicator, figure, pupils, found.source, day))
    return RawExtract(
        content=stream.getvalue().encode("utf-8-sig"),
        content_type=CSV,
        label="indtastning",
        request=f"Indtastet af {by}",
        measurements=(found,),
    )


def _figure(indicator: Indicator, text: str) -> tuple[Decimal | None, str | None]:
    if not text:
        raise ValueError(f"Skriv tallet, eller {NO_FIGURE}, hvis der ikke skal stå noget.")
    if text.casefold() in MISSING_MARKERS:
        return None, None
    if indicator.unit is IndicatorUnit.LEVEL:
        level = indicator.level_named(text)
        if level is None:
            raise ValueError(f"Vælg et af niveauerne: {', '.join(indicator.levels)}.")
        return None, level
    value = parse_danish_number(text)
    if value is None or abs(value) >= _LARGEST:
        raise ValueError(f"»{text[:40]}« er for stort et tal.")
    if "%" in text and indicator.unit is not IndicatorUnit.PERCENT:
        raise ValueError(f"{indicator.title} er ikke en procent; skriv tallet uden %.")
    if indicator.unit is IndicatorUnit.COUNT and (value % 1 or value < 0):
        raise ValueError("Skriv et helt antal.")
    return value, None


def _pupils(text: str) -> int | None:
    value = parse_danish_number(text)
    if value is not None and (value < 0 or value % 1 or value >= _LARGEST):
        raise ValueError("Skriv antallet af elever som et helt tal, eller lad feltet stå tomt.")
    return None if value is None else int(value)


def _day(text: str, today: date) -> date:
    day = day_of(text)
    if day is None or not day.year >= _FIRST_YEAR or day > today:
        raise ValueError("Skriv den dag, tallet er fra; den kan ikke ligge i fremtiden.")
    return day


def _checked(problems: dict[str, str], name: str, read: Callable[[], Found]) -> Found | None:
    try:
        return read()
    except ValueError as error:
        problems[name] = str(error)
        return None
