"""Reviewing: all that is wrong with a pull, told row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kvalitet.adapters.extracting.limits import load_limits
from kvalitet.adapters.extracting.schema import schema_findings
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.plausibility import Compared, implausible
from kvalitet.pulls import Finding, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.sources.source import RawExtract, RowProblem
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality

# So large a part of the rows may be unreadable before somebody must look at them.
MOST_LEFT_OUT = 0.1


def review(
    extract: RawExtract,
    municipality: Municipality,
    *,
    shown: tuple[Measurement, ...],
    indicators: Iterable[str],
    years: Iterable[SchoolYear],
) -> list[Finding]:
    """Find what is wrong with a pull: rows that were left out, what no figure can be, and what cannot be true."""
    found, asked = extract.measurements, tuple(years)
    schools = {school.number for school in municipality.schools}
    units = schools | {MUNICIPALITY, COUNTRY}
    wrong = schema_findings(found, indicators=tuple(indicators), years=[year.start for year in asked], units=units)
    findings = [*_left_out(extract.problems), *_too_many_left_out(extract), *wrong]
    for year in asked:
        first = year.first_day
        running = frozenset(school.number for school in municipality.schools if school.takes_part(first, first))
        findings += implausible(
            Compared(
                now=found,
                shown=shown,
                school_year=year,
                expected=running | {MUNICIPALITY, COUNTRY},
                breaks=load_series_breaks(),
                title=title_of,
            ),
            load_limits(),
        )
    return findings


def once_each(extract: RawExtract) -> RawExtract:
    """Take each figure once, the first time that the source gives it: the store has one place for it."""
    places = {place_of(found): found for found in reversed(extract.measurements)}
    kept = tuple(found for found in extract.measurements if places[place_of(found)] is found)
    return replace(extract, measurements=kept)


def title_of(indicator: str) -> str:
    """Give an indicator's Danish name."""
    catalogue = load_catalogue()
    return catalogue[indicator].title if indicator in catalogue else indicator


def _left_out(problems: Iterable[RowProblem]) -> list[Finding]:
    return [
        Finding(why=f"Rækken er udeladt: {problem.why}", row=problem.row, column=problem.column) for problem in problems
    ]


def _too_many_left_out(extract: RawExtract) -> list[Finding]:
    left_out, rows = len({problem.row for problem in extract.problems}), len(extract.measurements)
    if left_out <= MOST_LEFT_OUT * (rows + left_out):
        return []
    return [Finding(why=f"{left_out} rækker kunne ikke læses; det er for mange til at vise resten.", holds=True)]
