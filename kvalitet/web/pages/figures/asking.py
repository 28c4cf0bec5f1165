"""Asking: which indicators, school years and schools somebody wants to see, read leniently from the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kvalitet.adapters.charts.looks import CHOSEN
from kvalitet.adapters.danish import sort_key
from kvalitet.days import SchoolYear
from kvalitet.web.filters import search_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.datastructures import QueryParams

    from kvalitet.measurements import Indicator
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.views import View

MOST_SCHOOLS = len(CHOSEN)


@dataclass(frozen=True, slots=True)
class AskedList:
    """Ønske om nøgletal: what the list is narrowed to; "" narrows nothing."""

    search: str = ""
    area: str = ""
    school: str = ""
    with_figures: bool = False

    @classmethod
    def of(cls, query: QueryParams) -> AskedList:
        """Read the query."""
        search = search_in(query, "soeg")
        return cls(search, query.get("omraade", ""), query.get("skole", ""), query.get("kun") == "tal")

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something may be left out."""
        return bool(self.search or self.area or self.with_figures)

    def wants(self, indicator: Indicator) -> bool:
        """Tell whether an indicator is among what is asked for."""
        is_found = sort_key(self.search)[0] in sort_key(f"{indicator.title} {indicator.area}")[0]
        return is_found and self.area in {"", indicator.area}

    def words(self) -> dict[str, str]:
        """Give the query that asks for the same."""
        only = "tal" if self.with_figures else ""
        return {"soeg": self.search, "omraade": self.area, "skole": self.school, "kun": only}

    def address(self, view: View, page: str) -> str:
        """Give the address of a page that shows the same."""
        return f"/{view.municipality.key}/{page}{view.query_with(**self.words())}"


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """Ønske om ét nøgletal: the span of years, the schools in the series, and the year of the schools' own chart."""

    first: SchoolYear
    last: SchoolYear
    year: SchoolYear
    schools: tuple[str, ...]

    @classmethod
    def of(cls, query: QueryParams, seen: Seen, indicator: str, *, own: str | None) -> AskedIndicator | None:
        """Read the query; None while there are no figures. What cannot be shown is left out, so an old link works."""
        years, newest = seen.years(indicator), seen.newest(indicator)
        if not years or newest is None:
            return None
        first, last = _year(query, "fra", years) or years[0], _year(query, "til", years) or years[-1]
        asked = query.getlist("skole") if "skole" in query else [own or ""]
        known = [number for number in dict.fromkeys(asked) if number in {school.number for school in seen.schools}]
        return cls(
            min(first, last), max(first, last), _year(query, "aar", years) or newest, tuple(known[:MOST_SCHOOLS])
        )

    def years(self, years: Iterable[SchoolYear]) -> tuple[SchoolYear, ...]:
        """Give the years within the span."""
        return tuple(year for year in years if self.first <= year <= self.last)

    def without(self, school: str) -> AskedIndicator:
        """Ask for the same without one of the schools."""
        return replace(self, schools=tuple(number for number in self.schools if number != school))

    def address(self, view: View, indicator: str) -> str:
        """Give the address of the page that shows the same."""
        words: list[tuple[str, str]] = [("fra", self.first.key), ("til", self.last.key), ("aar", self.year.key)]
        words += [("skole", number) for number in self.schools] or [("skole", "")]
        begun = view.query.removeprefix("?")
        return f"/{view.municipality.key}/noegletal/{indicator}?{begun and begun + '&'}{urlencode(words)}"


def _year(query: QueryParams, name: str, years: Sequence[SchoolYear]) -> SchoolYear | None:
    """Read a school year; one that there are no figures of, or that cannot be read, is as if it was not asked for."""
    try:
        found = SchoolYear.parse(query.get(name, ""))
    except ValueError:
        return None
    return found if found in years else None
