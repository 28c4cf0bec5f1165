"""Nøgletal og målinger: what an indicator is, one figure of it, and why a figure is missing.

Numbers come from sources that write them in Danish. They are read here, and never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from kvalitet.days import SchoolYear

MUNICIPALITY = "municipality"
COUNTRY = "country"

# Markers seen in Danish school statistics where a number is withheld or absent. None of them is 0.
MISSING_MARKERS = frozenset({"", "-", "..", "*", "x", "<fejl>", "<uoplyst>"})
_DANISH_NUMBER = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_UNUSUAL_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


class MissingReason(Enum):
    """Hvorfor et tal mangler. A missing figure is never 0 and never a failure of the school."""

    NOT_PUBLISHED = "not_published"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"
    SERIES_BROKEN = "series_broken"
    UNKNOWN = "unknown"

    @property
    def danish(self) -> str:
        """The reason as a person reads it."""
        return _REASON_TEXTS[self]


_REASON_TEXTS = {
    MissingReason.NOT_PUBLISHED: "tallet er ikke offentliggjort endnu",
    MissingReason.SUPPRESSED: "tallet vises ikke, fordi der er for få elever",
    MissingReason.NOT_APPLICABLE: "tallet er ikke relevant her",
    MissingReason.NOT_REPORTED: "tallet er ikke indberettet",
    MissingReason.SERIES_BROKEN: "der er databrud, så tallet kan ikke sammenlignes",
    MissingReason.UNKNOWN: "tallet er ikke oplyst i kilden",
}


class IndicatorUnit(Enum):
    """Enhed: what one step of the indicator is."""

    PERCENT = "percent"
    POINTS = "points"
    GRADE = "grade"
    INDEX = "index"
    COUNT = "count"
    LEVEL = "level"


_DIFFERENCES = {IndicatorUnit.PERCENT: " procentpoint", IndicatorUnit.COUNT: ""}


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """Nøgletal: a thing that is measured, e.g. the pupils' total absence.

    `levels` names the ordinal levels of a LEVEL indicator, lowest first; `area` is the heading that it is listed under.
    Confidential ones are test results (folkeskoleloven § 55 b).
    `smallest_group` is the fewest pupils whose figure may be shown: 3 or fewer are withheld, in the well-being
    surveys 5 or fewer (api.uddannelsesstatistik.dk/Diskretionering). Indicators of one `family` are worked out from
    the same pupils and from each other, so what is withheld in one is withheld in all of them.
    `share_of_pupils` and `spread` (the standard deviation between pupils) tell how uncertain a figure of few pupils is.
    """

    key: str
    title: str
    unit: IndicatorUnit
    decimals: int
    lower_is_better: bool
    confidential: bool = False
    levels: tuple[str, ...] = ()
    area: str = "Andre nøgletal"
    smallest_group: int = 4
    family: str = ""
    share_of_pupils: bool = False
    spread: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.unit is IndicatorUnit.LEVEL) != bool(self.levels):
            message = f"Nøgletallet {self.key}: niveauer hører til enheden level, og kun til den."
            raise ValueError(message)

    def level_named(self, text: str) -> str | None:
        """The level that the text names, whatever its capitals."""
        return next((name for name in self.levels if name.casefold() == text.casefold()), None)

    def written(self, value: Decimal) -> str:
        """The value as Danes write it, with its unit: `9,3 %`, `6,4`."""
        suffix = " %" if self.unit is IndicatorUnit.PERCENT else ""
        return danish_decimal(value, at_least=self.decimals) + suffix

    def written_difference(self, value: Decimal) -> str:
        """A distance between two values: percentages differ by procentpoint."""
        return danish_decimal(value, at_least=self.decimals) + _DIFFERENCES.get(self.unit, " point")


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Måling: one figure of one indicator, for one unit in one school year.

    `unit` is an institution number, MUNICIPALITY or COUNTRY. Exactly one of `value` (a number),
    `level` (a named level) and `missing` (why there is neither) is set.
    `pupils` is how many pupils the figure is worked out from, where the source tells; `pulled_on` is the day on which
    it was brought home, which does not make it another figure.
    """

    indicator: str
    school_year: SchoolYear
    unit: str
    source: str
    value: Decimal | None = None
    level: str | None = None
    missing: MissingReason | None = None
    published_on: date | None = None
    pupils: int | None = None
    pulled_on: date | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if (self.value is None) + (self.level is None) + (self.missing is None) != 2:  # noqa: PLR2004 -- all but one
            message = f"En måling af {self.indicator} har enten et tal, et niveau eller en årsag."
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class SeriesBreak:
    """Databrud: figures of an indicator that must not be compared across school years.

    A lasting break starts a new series in `school_year` (a new test, a new definition); one that is
    not lasting sets only that year apart (the covid years).
    """

    indicator: str
    school_year: SchoolYear
    why: str
    lasting: bool

    def separates(self, earlier: SchoolYear, later: SchoolYear) -> bool:
        """Whether the two years lie on different sides of the break."""
        if earlier == later:
            return False
        if self.lasting:
            return earlier < self.school_year <= later
        return self.school_year in {earlier, later}


def break_between(
    breaks: Iterable[SeriesBreak], indicator: str, earlier: SchoolYear, later: SchoolYear
) -> SeriesBreak | None:
    """The first break that keeps the two years' figures from being compared."""
    found = (b for b in breaks if b.indicator == indicator and b.separates(earlier, later))
    return min(found, key=lambda b: b.school_year, default=None)


def find_measurement(
    measurements: Iterable[Measurement], indicator: str, school_year: SchoolYear, unit: str
) -> Measurement | None:
    """The one measurement of the indicator for that unit and year, if there is one."""
    wanted = (indicator, school_year, unit)
    return next((m for m in measurements if (m.indicator, m.school_year, m.unit) == wanted), None)


def parse_danish_number(text: str) -> Decimal | None:
    """Read `2.351` as 2351, `7,3` as 7.3, `16,7 %` as 16.7, and a marker for "no figure" as None.

    Anything else raises ValueError: `1.5` may be an English 1.5 or a broken 1.500, so it is refused.
    """
    stripped = text.translate(_UNUSUAL_SPACES).strip()
    if stripped.casefold() in MISSING_MARKERS:
        return None
    number = stripped.removesuffix("%").rstrip()
    if not _DANISH_NUMBER.fullmatch(number):
        message = f"»{text}« er ikke et tal på dansk (som 2.351 eller 7,3)."
        raise ValueError(message)
    return Decimal(number.replace(".", "").replace(",", "."))


@lru_cache(maxsize=4096)  # the same few numbers stand in many sentences
def danish_decimal(value: Decimal, *, at_least: int = 0) -> str:
    """Write a number with decimal comma and thousands points, e.g. `2.351` and `7,30`.

    It has `at_least` that many decimals, and more where the value needs them: nothing is rounded.
    """
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    decimals = max(at_least, -exponent if isinstance(exponent, int) else 0)
    return f"{plain:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
