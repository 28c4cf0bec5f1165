"""The application: routes, protection and error pages put together."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from kvalitet.adapters.access.openid.provider import Providers
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.web.answering.fresh import Fresh, Unchanged
from kvalitet.web.pace import NetworkPace, Pace
from kvalitet.web.pages.figures.reading import FiguresReading
from kvalitet.web.pages.matrix.drawing import Drawing
from kvalitet.web.pages.matrix.reading import Reading
from kvalitet.web.rendering import TEMPLATES, render
from kvalitet.web.routes import PAGES
from kvalitet.web.security import KnownHosts, SecurityHeaders
from kvalitet.web.views import Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.installation import Installation

logger = logging.getLogger(__name__)

STATIC = TEMPLATES.parent / "static"
DESIGN_SYSTEM = CHECKOUT / "node_modules" / "dkfds" / "dist"
TITLES = {
    400: "Det kan siden ikke læse",
    403: "Det blev ikke taget imod",
    404: "Siden findes ikke",
    405: "Det kan siden ikke",
    409: "Det kunne ikke lade sig gøre",
    410: "Det kan ikke bruges mere",
    413: "Det er for stort",
    429: "For mange forsøg",
    503: "Der er noget, der ikke svarer",
}
SENTENCES = {
    404: "Adressen findes ikke. Begynd forfra på forsiden.",
    405: "Den adresse kan ikke bruges på den måde. Gå tilbage til siden, og prøv igen.",
}
UNKNOWN = (
    "Noget gik galt hos os, og intet er ændret. Prøv igen; hjælper det ikke, så sig det til dem, der driver systemet."
)


def create_app(
    installation_provider: Callable[[], Installation], clock: Callable[[], datetime], *, public_url: str = ""
) -> Starlette:
    """Put the board together; nothing is opened before the first request asks for it."""
    address = urlsplit(public_url)
    site = Site(installation_provider, clock)
    fresh = Fresh(site)
    static = [
        Mount("/static/dkfds", StaticFiles(directory=DESIGN_SYSTEM, check_dir=False)),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(
        routes=[*static, *(page.route() for page in PAGES)],
        middleware=[
            Middleware(SecurityHeaders, is_encrypted=address.scheme == "https"),
            Middleware(KnownHosts, own_name=address.hostname or ""),
            Middleware(Unchanged, fresh=fresh),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={
            HTTPException: _refused,
            UserError: _wrong_input,
            OperationError: _failed,
            Exception: _unexpected,
        },
    )
    app.state.site = site
    app.state.pace = Pace()
    app.state.networks = NetworkPace()
    app.state.providers = Providers()
    app.state.is_encrypted = address.scheme == "https"
    app.state.fresh = fresh
    app.state.reading = Reading()
    app.state.figures = FiguresReading()
    app.state.drawing = Drawing()
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    sentence = SENTENCES.get(error.status_code, UNKNOWN) if is_bare else error.detail
    answer = _error_page(request, error.status_code, sentence)
    answer.headers.update(error.headers or {})
    return answer


def _wrong_input(request: Request, error: Exception) -> Response:
    logger.info("Afvist på %s: %s", _path(request), error)
    return _error_page(request, 400, str(error))


def _failed(request: Request, error: Exception) -> Response:
    logger.error("Mislykket på %s: %s", _path(request), error)
    return _error_page(request, 503, str(error))


def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("Uventet fejl på %s", _path(request), exc_info=error)
    return _error_page(request, 500, UNKNOWN)


def _path(request: Request) -> str:
    """Give the path to log: a feed's token is a secret, and stays out of it."""
    token = request.path_params.get("token", "")
    return request.url.path.replace(token, "…") if token else request.url.path


def _error_page(request: Request, status: int, sentence: str) -> Response:
    title = TITLES.get(status, "Noget gik galt")
    return render(request, "error.html", status=status, view=None, title=title, sentence=sentence, demonstration=None)
