"""Filters: what the address of a page with a filter asks for, read leniently, and the links from page to page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store.searches.portion import Span
from kvalitet.municipality import DANISH_TIME
from kvalitet.web.views import LONGEST_SHOWN

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from kvalitet.web.views import View

PAGE = "side"
LARGEST_PAGE = 9999
LONGEST_WORD, LONGEST_SEARCH = 200, 100


@dataclass(frozen=True, slots=True)
class Paging:
    """Sidetal: which page of how many, each of so many items."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        """The place of the first item shown, counted from 1; 0 when there are none."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_shown(self) -> int:
        """The place of the last item shown."""
        return min(self.number * self.size, self.total)


def text_of(request: Request, name: str) -> str:
    """Read a word of the filter."""
    return request.query_params.get(name, "").replace("\0", "").strip()[:LONGEST_WORD]


def search_in(query: QueryParams, name: str) -> str:
    """Read what somebody searches for, with single spaces."""
    return " ".join(query.get(name, "")[:LONGEST_SEARCH].replace("\0", "").split())


def page_number(request: Request) -> int:
    """Read which page is asked for; what is no number is the first."""
    text = request.query_params.get(PAGE, "")
    return min(max(int(text), 1), LARGEST_PAGE) if text.isdecimal() and text.isascii() and len(text) < 9 else 1  # noqa: PLR2004


def day_of(request: Request, name: str) -> date | None:
    """Read a day of the filter; what is no day is a 400 with one sentence."""
    text = text_of(request, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise HTTPException(400, f"»{text[:LONGEST_SHOWN]}« er ikke en dato; skriv den som 2026-11-01.") from error


def span_of(day: date | None) -> Span | None:
    """Give the instants of a Danish day."""
    if day is None:
        return None
    try:
        begins, ends = (datetime.combine(found, time(), DANISH_TIME) for found in (day, day + timedelta(days=1)))
        return Span(begins, ends)
    except OverflowError as error:
        raise HTTPException(400, "Datoen ligger for langt ude i fremtiden; vælg en anden.") from error


def links(view: View, page: str, chosen: dict[str, str], paging: Paging) -> dict[str, str]:
    """Give the addresses of the pages before and after, with the same filter; "" where there is none."""
    here = f"/{view.municipality.key}/{page}"

    def to(number: int) -> str:
        return f"{here}{view.query_with(**chosen, **{PAGE: str(number)})}" if 1 <= number <= paging.last else ""

    return {"newer": to(paging.number - 1), "older": to(paging.number + 1)}


def school_options(view: View) -> list[tuple[str, str]]:
    """List the schools to choose among, by institution number and name."""
    schools = sorted(view.municipality.schools, key=lambda school: sort_key(school.name))
    return [(school.number, school.name) for school in schools]
