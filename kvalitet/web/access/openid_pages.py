"""The municipality's own login: the way out to it, and the way back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.access import attempts
from kvalitet.adapters.access.openid import logging_in, rounds
from kvalitet.adapters.access.openid.faults import AnswerFault, ProviderFault
from kvalitet.web.access.beginning import begin_session, way_of
from kvalitet.web.access.cookies import forget_round, keep_round, round_of
from kvalitet.web.access.guarding import BACK, LOGIN
from kvalitet.web.access.networks import refuse_too_many
from kvalitet.web.rendering import render
from kvalitet.web.views import demonstration, municipality_of, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.access.openid.provider import Providers
    from kvalitet.adapters.installation import Installation

logger = logging.getLogger(__name__)

NO_OPENID = "{name} har ikke sat sit eget login op her. Brug en af de andre måder."


def leave(request: Request) -> Response:
    """Lead the browser to the municipality's login."""
    _only_get(request)
    site = site_of(request)
    installation = site.installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    if not municipality.login.issuer:
        raise HTTPException(404, NO_OPENID.format(name=municipality.name))
    refuse_too_many(request, attempts.LOGINS_FROM_A_NETWORK)
    way = way_of(request.query_params.get(BACK, ""))
    try:
        out = logging_in.begin(installation, _providers(request), municipality, way, now=site.clock())
    except ProviderFault as fault:
        return _failed(request, installation, municipality.key, fault)
    response = RedirectResponse(out.address, status_code=303, headers={"cache-control": "no-store"})
    keep_round(response, installation.settings, out.cookie, seconds=int(rounds.LIFE.total_seconds()))
    return response


def come_back(request: Request) -> Response:
    """Let in whoever the municipality's login vouches for."""
    _only_get(request)
    refuse_too_many(request, attempts.LOGINS_FROM_A_NETWORK)
    site = site_of(request)
    installation, cookie, now = site.installation_provider(), "", site.clock()
    cookie = round_of(request, installation.settings)
    try:
        found = logging_in.finish(installation, _providers(request), cookie, request.query_params, now=now)
    except (AnswerFault, ProviderFault) as fault:
        known = logging_in.municipality_of_round(installation, cookie, now=now)
        return _failed(request, installation, known, fault)
    response = begin_session(request, found.entry, found.way)
    request.state.is_deed = True
    forget_round(response, installation.settings)
    response.headers["cache-control"] = "no-store"
    return response


def _failed(
    request: Request, installation: Installation, municipality: str, fault: AnswerFault | ProviderFault
) -> Response:
    """Say in one sentence what went wrong, and lead to where it can be tried again."""
    request.state.entered, request.state.is_deed = municipality, bool(municipality)
    is_theirs = isinstance(fault, ProviderFault)
    if is_theirs:
        logger.error("Login til %s mislykkedes: %s", municipality or "ingen kommune", fault)
    response = render(
        request,
        "login_failed.html",
        status=503 if is_theirs else 400,
        view=None,
        sentence=str(fault),
        again=f"{LOGIN}/{quote(municipality)}" if municipality else LOGIN,
        demonstration=demonstration(installation),
    )
    forget_round(response, installation.settings)
    response.headers["cache-control"] = "no-store"
    return response


def _only_get(request: Request) -> None:
    """Refuse a mere look (HEAD): it would use up what the person is to use."""
    if request.method != "GET":
        raise HTTPException(405)


def _providers(request: Request) -> Providers:
    found: Providers = request.app.state.providers
    return found
