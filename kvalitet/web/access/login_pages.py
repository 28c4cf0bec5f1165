"""Logging in and out: choosing how, asking for a link, using it, and being somebody in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.access import attempts, links, sessions
from kvalitet.adapters.access.mailing import LinkAsked, send_link
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.access.visitors import is_let_in_by_mail
from kvalitet.adapters.danish import sort_key
from kvalitet.board import danish_date
from kvalitet.rights import ACCESSES, Access, Standing
from kvalitet.web.access.beginning import begin_session, way_of
from kvalitet.web.access.cookies import forget_session
from kvalitet.web.access.guarding import BACK, LOGIN
from kvalitet.web.access.networks import is_at_the_machine, network_of, refuse_too_many
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, KnownHosts, forget_token, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import demonstration, municipality_of, site_of

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.web.uploads import Filled

LONGEST_ADDRESS = 320
USED_UP = "Linket er brugt eller for gammelt. Bed om et nyt; det tager et øjeblik."
NO_MAIL = "{name} lader ikke folk logge ind med et link. Brug kommunens login."
AS = "rolle"


@dataclass(frozen=True, slots=True)
class Part:
    """Rolle at prøve: one that a visitor of the demonstration may be."""

    value: str
    title: str


def choose(request: Request) -> Response:
    """Show the municipalities to log in to; where there is one, or the page to go to says which, lead there."""
    site = site_of(request)
    installation, way = site.installation_provider(), way_of(request.query_params.get(BACK, ""))
    wanted = way.split("/")[1] if way.count("/") else ""
    known = sorted(installation.municipalities, key=lambda found: sort_key(found.name))
    chosen = [found for found in known if found.key == wanted] or known
    if len(chosen) == 1:
        return RedirectResponse(_login_address(chosen[0], way), status_code=303)
    choices = [(found, _login_address(found, way)) for found in known]
    return render(request, "choose_login.html", view=None, choices=choices, demonstration=demonstration(installation))


def login(request: Request) -> Response:
    """Show the ways to log in to one municipality."""
    installation = site_of(request).installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    return _page(request, installation, municipality)


async def post_request(request: Request) -> Response:
    """Mail a login link; the answer is the same whether the mailbox is known or not."""
    return await answer_form(request, _post_request)


def link(request: Request) -> Response:
    """Show the button of a login link; opening it, as mail scanners do, uses nothing up."""
    site = site_of(request)
    installation, token = site.installation_provider(), request.path_params["token"]
    with installation.store.read() as connection:
        is_live = links.is_live(connection, token, now=site.clock())
    return _link_page(request, installation, is_live=is_live, status=200 if is_live else 410)


async def post_link(request: Request) -> Response:
    """Log in by a link."""
    return await answer_form(request, _post_link)


async def post_demonstration(request: Request) -> Response:
    """Let a visitor of the demonstration be somebody."""
    return await answer_form(request, _post_demonstration)


async def post_logout(request: Request) -> Response:
    """Log out: the session is over, also for whoever has copied its cookie."""
    return await answer_form(request, _post_logout)


def _post_request(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    site = site_of(request)
    installation = site.installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    if not municipality.login.by_mail:
        raise HTTPException(404, NO_MAIL.format(name=municipality.name))
    address, way = filled.text("address").strip()[:LONGEST_ADDRESS], way_of(filled.text(BACK))
    if "@" not in address:
        problem = "Skriv den mailadresse, som kommunens mails om årshjulet kommer til."
        return _page(request, installation, municipality, problem=problem, address=address, way=way, status=400)
    refuse_too_many(request, attempts.LINKS_FROM_A_NETWORK)
    back = f"?{urlencode({BACK: way})}" if way else ""
    response = _page(request, installation, municipality, asked=address, way=way)
    asked = LinkAsked(municipality, address, back, network_of(request))
    response.background = BackgroundTask(send_link, installation, asked, now=site.clock())
    return response


def _post_link(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    refuse_too_many(request, attempts.LOGINS_FROM_A_NETWORK)
    site = site_of(request)
    installation = site.installation_provider()
    with installation.store.write() as connection:
        used = links.use(connection, request.path_params["token"], now=site.clock())
    if used is None:
        return _link_page(request, installation, is_live=False, status=410)
    key, address = used
    if not is_let_in_by_mail(installation, key, address, now=site.clock()):
        return _link_page(request, installation, is_live=False, status=410)  # the files have changed meanwhile
    return begin_session(request, Entry(key, Method.LINK, address=address), way_of(filled.text(BACK)))


def _post_demonstration(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    installation = site_of(request).installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    if not _offers_parts(request, installation):
        raise HTTPException(404)
    access, _, school = filled.text(AS).partition(":")
    offered = parts(municipality, today=_today(request)).values()
    if filled.text(AS) not in {part.value for group in offered for part in group}:
        raise HTTPException(400, "Vælg, hvem du vil være.")
    standing = Standing(municipality.key, Access(access), school or None)
    entry = Entry(municipality.key, Method.DEMONSTRATION, standing=standing)
    return begin_session(request, entry, way_of(filled.text(BACK)))


def _post_logout(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    site = site_of(request)
    installation, session = site.installation_provider(), getattr(request.state, "session", None)
    if session:
        with installation.store.write() as connection:
            sessions.end(connection, session, now=site.clock())
        request.state.entered = session.municipality
    response = RedirectResponse(f"{LOGIN}?{urlencode({'sket': 'ud'})}", status_code=303)
    forget_session(response, installation.settings)
    forget_token(request, response)
    # What the browser has kept of the pages is not for the next person at it.
    response.headers["clear-site-data"] = '"cache"'
    return response


def parts(municipality: Municipality, *, today: date) -> dict[str, list[Part]]:
    """List whom a visitor of the demonstration may be, in groups; a school that has closed has nobody."""
    whole = (Access.ADMINISTRATION, Access.DIRECTOR, Access.CONSULTANT, Access.READER, Access.OPERATOR)
    there = (school for school in municipality.schools if not school.has_closed(today))
    schools = sorted(there, key=lambda found: sort_key(found.name))
    return {
        municipality.name: [Part(access.value, ACCESSES[access]) for access in whole],
        "Skoler": [Part(f"{Access.SCHOOL_LEADER}:{found.number}", f"skoleleder, {found.name}") for found in schools],
    }


def _page(
    request: Request,
    installation: Installation,
    municipality: Municipality,
    *,
    status: int = 200,
    **values: str,
) -> Response:
    return render(
        request,
        "login.html",
        status=status,
        view=None,
        municipality=municipality,
        parts=parts(municipality, today=_today(request)) if _offers_parts(request, installation) else {},
        demonstration=demonstration(installation),
        **{"problem": "", "address": "", "asked": "", "way": way_of(request.query_params.get(BACK, "")), **values},
    )


def _link_page(request: Request, installation: Installation, *, is_live: bool, status: int) -> Response:
    response = render(
        request,
        "login_link.html",
        status=status,
        view=None,
        is_live=is_live,
        way=way_of(request.query_params.get(BACK, "")),
        used_up=USED_UP,
        demonstration=demonstration(installation),
    )
    response.headers["cache-control"] = "no-store"
    return response


def _today(request: Request) -> date:
    return danish_date(site_of(request).clock())


def _offers_parts(request: Request, installation: Installation) -> bool:
    """Tell whether a visitor may choose who to be: in a demonstration, from the machine that it runs on."""
    is_local = urlsplit(installation.settings.public_url).hostname in KnownHosts.LOOPBACK
    return is_local and is_at_the_machine(request) and installation.is_demonstration


def _login_address(municipality: Municipality, way: str) -> str:
    return f"{LOGIN}/{municipality.key}" + (f"?{urlencode({BACK: way})}" if way else "")
