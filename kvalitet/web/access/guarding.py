"""Guarding: every page says which right it asks for, and is opened for nobody else.

What belongs to another school or municipality is answered as if it did not exist, so that nobody learns that it does.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route

from kvalitet.adapters.access import audits, visitors
from kvalitet.adapters.access.audits import Deed
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import plans
from kvalitet.web.access.cookies import any_session_token, session_token
from kvalitet.web.access.networks import network_of
from kvalitet.web.views import NOBODY, municipality_of, site_of, viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.rights import Right, Viewer
    from kvalitet.web.answering.fresh import Fresh
    from kvalitet.web.pace import NetworkPace

    Endpoint: TypeAlias = Callable[[Request], Any]

logger = logging.getLogger(__name__)

LOGIN = "/log-ind"
BACK = "til"
NOT_YOURS = "Siden findes ikke, eller den er ikke for dig."
FORBIDDEN = "Det har du ikke ret til. Er det en fejl, så sig det til forvaltningen."
# What somebody who is not logged in may come to: a link asked for, or a login that failed. Both are limited.
TOLD_OF_STRANGERS = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.GONE, HTTPStatus.SERVICE_UNAVAILABLE})
WAIT = "Der kommer for mange forespørgsler herfra; vent et minut."
SUBJECTS = ("key", "number", "activity", "mail", "incoming", "feed", "grant", "pull")


class Number(IntegerConvertor):
    """Nummer: a whole number in an address; Python reads none of thousands of digits, and there is nothing there."""

    regex = "[0-9]{1,20}"


register_url_convertor("int", Number())


@dataclass(frozen=True, slots=True)
class Page:
    """Side: an address, what answers it and the right that it asks for; without one it is for everybody.

    `lapsed` answers instead when the session ran out lately: it keeps what was typed, and leads to the login.
    What is no `is_deed` leaves no trace in the audit: a draft is kept every few seconds, and is nobody's word yet.

    One that `stays` shows nothing but what the database, the files and the day hold; so it need not be made anew
    for a browser that knows it, as long as they are the same.
    """

    path: str
    endpoint: Endpoint
    right: Right | None
    method: str = "GET"
    lapsed: Endpoint | None = None
    stays: bool = False
    is_deed: bool = True

    @property
    def action(self) -> str:
        """Name what it does, as the audit does."""
        return f"{self.endpoint.__module__.rpartition('.')[2]}.{self.endpoint.__name__}"

    def route(self) -> Route:
        """Make the route, with its guard before it."""
        guard = Guard(self)

        # Starlette takes a function for a page, and any other callable for an application.
        async def endpoint(request: Request) -> Response:
            return await (_noted(guard, request) if self.stays else guard(request))

        return Route(self.path, endpoint, methods=[self.method], name=self.action)


@dataclass(frozen=True, slots=True)
class Guard:
    """Vagt: finds out who asks, refuses those without the right, and keeps who did what."""

    page: Page

    async def __call__(self, request: Request) -> Response:
        """Answer a request, or refuse it."""
        if too_many := _too_many(request):
            return too_many
        try:
            request.state.endpoint = self.page.endpoint
            response = await run_in_threadpool(self._admit, request) or await _answer(request.state.endpoint, request)
        except HTTPException as error:
            await self._note(request, error.status_code)
            raise
        except UserError:
            await self._note(request, HTTPStatus.BAD_REQUEST)
            raise
        except Exception:
            await self._note(request, HTTPStatus.INTERNAL_SERVER_ERROR)
            raise
        # The draft that was kept is not what the page does; the audit is not to say that it was done.
        is_kept_only = getattr(request.state, "has_lapsed", False)
        await self._note(request, HTTPStatus.UNAUTHORIZED if is_kept_only else response.status_code)
        return response

    def _admit(self, request: Request) -> Response | None:
        site = site_of(request)
        installation = site.installation_provider()
        token = session_token(request, installation.settings)
        found = visitors.visitor(installation, token, now=site.clock()) if token else None
        viewer = request.state.viewer = found.viewer if found else NOBODY
        request.state.session = found.session if found else None
        if found:
            request.app.state.networks.let_in(token)
        if self.page.right is None:
            return None
        if found is None:
            former = visitors.remembered(installation, token, now=site.clock()) if token and self.page.lapsed else None
            if former is None:
                return _to_login(request)
            # Nothing else of the page is done for them; and of what follows nothing is let by.
            viewer, request.state.viewer, request.state.endpoint = former, former, self.page.lapsed
            request.state.has_lapsed = True
        elif not viewer.standings:
            return RedirectResponse("/", status_code=303)  # it says who can let them in
        municipality = municipality_of(installation, request.path_params["municipality"])
        if not any(standing.municipality == municipality.key for standing in viewer.standings):
            raise HTTPException(404, NOT_YOURS)
        self._refuse_others(request, installation, municipality, viewer)
        return None

    def _refuse_others(
        self, request: Request, installation: Installation, municipality: Municipality, viewer: Viewer
    ) -> None:
        right, asked = self.page.right, request.path_params
        assert right is not None
        if any("\0" in str(part) for part in asked.values()):
            raise HTTPException(404)
        if not viewer.may(right, municipality):
            raise HTTPException(403, FORBIDDEN)
        if "number" in asked and not _may_be_told_of(viewer, right, municipality, asked["number"]):
            raise HTTPException(404, NOT_YOURS)
        if "key" in asked:
            with installation.store.read() as connection:
                occurrence = plans.occurrence(connection, asked["key"])
            if occurrence is None or occurrence.municipality != municipality.key:
                if viewer.may_everywhere(right, municipality):
                    return  # the page says so itself
                raise HTTPException(404, NOT_YOURS)
            if not viewer.may_about(right, municipality, occurrence):
                raise HTTPException(404, NOT_YOURS)
            request.state.school = occurrence.school or ""  # the audit is searched by it

    async def _note(self, request: Request, outcome: int) -> None:
        """Keep who did what; a page that is only read changes nothing, and strangers are not to fill the database."""
        is_deed = getattr(request.state, "is_deed", self.page.method != "GET") and self.page.is_deed
        is_stranger = not viewer_of(request).key
        if not is_deed or (is_stranger and outcome not in TOLD_OF_STRANGERS):
            return
        await run_in_threadpool(_keep, request, self.page.action, outcome)


async def _noted(guard: Guard, request: Request) -> Response:
    """Answer a request, and note what was answered: asked again, it may be answered without being made."""
    fresh: Fresh = request.app.state.fresh
    look = await fresh.look(request)
    response = await guard(request)
    fresh.note(request, look, response)
    return response


async def _answer(endpoint: Endpoint, request: Request) -> Response:
    answer: Response = (
        await endpoint(request) if iscoroutinefunction(endpoint) else await run_in_threadpool(endpoint, request)
    )
    return answer


def _may_be_told_of(viewer: Viewer, right: Right, municipality: Municipality, school: str) -> bool:
    """Tell whether a school is theirs; who has the right everywhere is also told which schools there are not."""
    unknown = not municipality.has_school(school) and viewer.may_everywhere(right, municipality)
    return unknown or viewer.may(right, municipality, school)


def _too_many(request: Request) -> Response | None:
    """Turn away a network that asks too often, before anything is looked up; who is logged in is not counted."""
    pace: NetworkPace = request.app.state.networks
    if pace.is_let_in(any_session_token(request)):
        return None
    seconds = pace.wait(network_of(request))
    return PlainTextResponse(WAIT, status_code=429, headers={"retry-after": str(seconds)}) if seconds else None


def _to_login(request: Request) -> Response:
    """Lead to the login and back again; a form that was sent after the session ran out leads back to its page."""
    where = _nearest_page(request) + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(login_address(where), status_code=303)


def _nearest_page(request: Request) -> str:
    """Give the address itself where it can be opened, else the nearest above it that can."""
    path = request.url.path
    while path.count("/") > 1 and not _opens(request, path):
        path = path.rpartition("/")[0]
    return path


def _opens(request: Request, path: str) -> bool:
    asked = {"type": "http", "path": path, "root_path": "", "method": "GET"}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def login_address(where: str) -> str:
    """Give the address of the login that leads on to one of our pages."""
    return f"{LOGIN}?{urlencode({BACK: where})}"


def _keep(request: Request, action: str, outcome: int) -> None:
    site, viewer, asked = site_of(request), viewer_of(request), request.path_params
    municipality = str(asked.get("municipality", getattr(request.state, "entered", "")))
    accesses = sorted({found.access.value for found in viewer.standings if found.municipality == municipality})
    deed = Deed(
        at=site.clock(),
        municipality=municipality,
        actor=viewer.name,
        access=", ".join(accesses),
        action=action,
        subject=next((str(asked[name]) for name in SUBJECTS if name in asked), ""),
        school=str(getattr(request.state, "school", asked.get("number", ""))),
        outcome=outcome,
    )
    try:
        with site.installation_provider().store.write() as connection:
            audits.note(connection, deed)
    except Exception:  # what was done is done; that it could not be noted is for the operator
        logger.exception("Handlingen %s kunne ikke skrives i revisionssporet", action)
