"""Views: which municipality, school year and day a page is about, read from its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from kvalitet.adapters.installation import DEMONSTRATION
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.store import log, plans
from kvalitet.board import Board, danish_date
from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME
from kvalitet.rights import RIGHTS, Right, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


# What was typed is said again in an error, though not a novel.
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Site:
    """Sted: what every page is made from; the clock is read once for each request."""

    installation_provider: Callable[[], Installation]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class View:
    """Visning: one municipality, one school year, seen from one instant."""

    installation: Installation
    municipality: Municipality
    school_years: tuple[SchoolYear, ...]
    school_year: SchoolYear
    now: datetime
    asked_year: SchoolYear | None
    asked_day: date | None
    viewer: Viewer

    @cached_property
    def board(self) -> Board:
        """The board as the viewer may see it, computed once for the page."""
        return self.viewer.board(self.installation.board(self.municipality, self.school_year, now=self.now))

    def may(self, right: str, school: str | None = None) -> bool:
        """Tell whether the viewer has a right (by its key): at all, or for one school."""
        return self.viewer.may(Right(right), self.municipality, school)

    def may_about(self, right: str, occurrence: Occurrence) -> bool:
        """Tell whether the viewer has a right (by its key) for what one occurrence is about."""
        return self.viewer.may_about(Right(right), self.municipality, occurrence)

    @cached_property
    def demonstration(self) -> str | None:
        """What is said of the demonstration data, when this is a demonstration."""
        return demonstration(self.installation)

    @cached_property
    def awaited(self) -> frozenset[str]:
        """The occurrences (by key) that a file has come for by mail, which nobody has confirmed yet."""
        with self.installation.store.read() as connection:
            return keeping.awaited(connection, self.municipality.key, now=self.now)

    @property
    def other_municipalities(self) -> tuple[Municipality, ...]:
        """The other municipalities that the viewer is let into."""
        mine = {standing.municipality for standing in self.viewer.standings} - {self.municipality.key}
        return tuple(found for found in self.installation.municipalities if found.key in mine)

    @property
    def own_school(self) -> str | None:
        """The school that the viewer answers for, where that is the only thing they are here for."""
        return own_school(self.viewer, self.municipality.key)

    @property
    def today(self) -> date:
        """The day that the page is seen from."""
        return danish_date(self.now)

    @property
    def query(self) -> str:
        """What the page's links go on asking for: the year and day that were chosen, else nothing."""
        return self.query_with()

    def query_with(self, **more: str) -> str:
        """Give the query with more in it."""
        asked = {
            "skoleaar": self.asked_year.key if self.asked_year else "",
            "dato": self.asked_day.isoformat() if self.asked_day else "",
        }
        wanted = {key: value for key, value in {**asked, **more}.items() if value}
        return f"?{urlencode(wanted)}" if wanted else ""

    def address(self, page: str = "") -> str:
        """Give the address of one of the municipality's pages, with the chosen year and day."""
        return f"/{self.municipality.key}/{page}{self.query}"

    def unit(self, occurrence: Occurrence) -> str:
        """Name whom an occurrence concerns."""
        if occurrence.school:
            return self.municipality.school(occurrence.school).name
        if occurrence.school_group:
            return self.municipality.group(occurrence.school_group).name
        return self.municipality.name


NOBODY = Viewer("", "Ingen")


def own_school(viewer: Viewer, municipality: str) -> str | None:
    """Tell which school somebody answers for in a municipality; None for who is there for anything else too."""
    mine = [standing for standing in viewer.standings if standing.municipality == municipality]
    schools = {standing.school if Right.DELIVER in RIGHTS[standing.access] else None for standing in mine}
    return schools.pop() if len(schools) == 1 else None


def first_page(viewer: Viewer, municipality: str) -> str:
    """Give where somebody begins: at their own school, else at the wheel."""
    number = own_school(viewer, municipality)
    return f"/{municipality}/skole/{number}" if number else f"/{municipality}/"


def viewer_of(request: Request) -> Viewer:
    """Give who looks at the page."""
    viewer: Viewer = getattr(request.state, "viewer", NOBODY)
    return viewer


def site_of(request: Request) -> Site:
    """Give what the application was made with."""
    site: Site = request.app.state.site
    return site


def view_of(request: Request) -> View:
    """Read municipality, school year and day; what does not exist is a 404, what cannot be read a 400."""
    if any("\0" in str(part) for part in request.path_params.values()):
        raise HTTPException(404)
    site = site_of(request)
    installation = site.installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    asked_year, asked_day = _asked_year(request), _asked_day(request)
    now = _end_of(asked_day) if asked_day else site.clock()
    with installation.store.read() as connection:
        years = tuple(plans.school_years(connection, municipality.key))
    if asked_year and asked_year not in years:
        raise HTTPException(404, f"Skoleåret {asked_year.label} er ikke planlagt for {municipality.name}.")
    year = asked_year or installation.current_year(municipality, now=now)
    return View(installation, municipality, years, year, now, asked_year, asked_day, viewer_of(request))


PLAYED = "Skolernes afleveringer er opdigtede, og ingen mails har forladt maskinen. Tallene er rigtige, med kilde."
DEMONSTRATION_TEXTS = {"unfinished": f"Skoleåret afspilles endnu; siden fyldes op imens. {PLAYED}"}


def municipality_of(installation: Installation, key: str) -> Municipality:
    """Find a municipality by the first part of an address."""
    for municipality in installation.municipalities:
        if municipality.key == key:
            return municipality
    raise HTTPException(404, f"Kommunen »{key}« findes ikke her.")


def demonstration(installation: Installation) -> str | None:
    """Tell what is said of the demonstration data; None in an installation of one's own."""
    with installation.store.read() as connection:
        mark = log.recall(connection, DEMONSTRATION)
    return DEMONSTRATION_TEXTS.get(mark, PLAYED) if mark else None


def _asked_year(request: Request) -> SchoolYear | None:
    text = request.query_params.get("skoleaar", "")
    try:
        return SchoolYear.parse(text) if text else None
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


def _asked_day(request: Request) -> date | None:
    text = request.query_params.get("dato", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise HTTPException(400, f"»{text[:LONGEST_SHOWN]}« er ikke en dato; skriv den som 2026-11-01.") from error


def _end_of(day: date) -> datetime:
    """Give the last instant of a Danish day: a day that is asked about is seen when it is over."""
    try:
        return datetime.combine(day + timedelta(days=1), time(), DANISH_TIME) - timedelta(seconds=1)
    except OverflowError as error:
        raise HTTPException(400, "Datoen ligger for langt ude i fremtiden; vælg en anden.") from error
