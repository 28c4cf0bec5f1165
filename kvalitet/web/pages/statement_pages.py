"""Statements for everybody: how accessible the pages are, and what is known about those who use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.web.access.cookies import session_name
from kvalitet.web.rendering import render
from kvalitet.web.security import COOKIE
from kvalitet.web.views import demonstration, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

ACCESSIBILITY = "/tilgaengelighed"


def accessibility(request: Request) -> Response:
    """Tell how accessible the pages are (lov om tilgængelighed af offentlige organers websteder § 4)."""
    return _statement(request, "accessibility.html")


def was(_request: Request) -> Response:
    """Lead from the address that every public site has to the statement."""
    return RedirectResponse(ACCESSIBILITY, status_code=308)


def privacy(request: Request) -> Response:
    """Tell what is known about those who use the pages, and for how long."""
    return _statement(request, "privacy.html")


def _statement(request: Request, template: str) -> Response:
    installation = site_of(request).installation_provider()
    return render(
        request,
        template,
        view=None,
        demonstration=demonstration(installation),
        contacts=sorted(installation.municipalities, key=lambda found: sort_key(found.name)),
        session_cookie=session_name(installation.settings),
        form_cookie=COOKIE,
        idle_minutes=installation.settings.session_idle,
        longest_hours=installation.settings.session_hours,
    )
