"""The application: routes, protection and error pages put together."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.web.pace import Pace
from kvalitet.web.pages import (
    board_pages,
    confirm_pages,
    feed_pages,
    form_pages,
    goal_pages,
    health,
    meeting_forms,
    occurrence_pages,
    reminder_forms,
)
from kvalitet.web.pages.mail import inbox_pages, mail_forms, mail_pages, preview_pages
from kvalitet.web.rendering import TEMPLATES, render
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
OF_OCCURRENCE = "/{municipality}/forekomst/{key}"
TITLES = {
    400: "Det kan siden ikke læse",
    403: "Formularen blev ikke taget imod",
    404: "Siden findes ikke",
    405: "Det kan siden ikke",
    409: "Det kunne ikke lade sig gøre",
    413: "Det er for stort",
    503: "Der er noget, der ikke svarer",
}
SENTENCES = {
    404: "Adressen findes ikke. Begynd forfra på forsiden.",
    405: "Den adresse kan ikke bruges på den måde. Gå tilbage til siden, og prøv igen.",
}
UNKNOWN = (
    "Noget gik galt hos os, og intet er ændret. Prøv igen; hjælper det ikke, så sig det til dem, der driver systemet."
)

ROUTES = [
    Route("/", board_pages.front),
    Route("/healthz", health.alive),
    Route("/readyz", health.ready),
    Route("/kalender/{token}/{name}.ics", feed_pages.calendar),
    Route("/{municipality}/", board_pages.board),
    Route("/{municipality}/hjul.svg", board_pages.wheel_file),
    Route("/{municipality}/tidslinje", board_pages.timeline),
    Route("/{municipality}/liste", board_pages.listing),
    Route("/{municipality}/skoler", board_pages.matrix),
    Route("/{municipality}/aktivitet/{activity}", board_pages.activity),
    Route("/{municipality}/aktivitet/{activity}/paamind", reminder_forms.ask, methods=["GET"]),
    Route("/{municipality}/aktivitet/{activity}/paamind", reminder_forms.post_reminder, methods=["POST"]),
    Route("/{municipality}/skole/{number}", occurrence_pages.school),
    Route("/{municipality}/skole/{number}/pause", reminder_forms.post_pause, methods=["POST"]),
    Route("/{municipality}/skole/{number}/pause/afslut", reminder_forms.post_end_of_pause, methods=["POST"]),
    Route(OF_OCCURRENCE, occurrence_pages.show),
    Route(f"{OF_OCCURRENCE}/aflever", form_pages.form, methods=["GET"]),
    Route(f"{OF_OCCURRENCE}/aflever", form_pages.post_delivery, methods=["POST"]),
    Route(f"{OF_OCCURRENCE}/kvittering/{{version:int}}", occurrence_pages.receipt),
    Route(f"{OF_OCCURRENCE}/fil/{{version:int}}", occurrence_pages.download),
    Route(f"{OF_OCCURRENCE}/paamind", reminder_forms.ask, methods=["GET"]),
    Route(f"{OF_OCCURRENCE}/paamind", reminder_forms.post_reminder, methods=["POST"]),
    Route(f"{OF_OCCURRENCE}/fritag", form_pages.post_waiver, methods=["POST"]),
    Route(f"{OF_OCCURRENCE}/indkald", meeting_forms.post_booking, methods=["POST"]),
    Route(f"{OF_OCCURRENCE}/flyt", meeting_forms.post_move, methods=["POST"]),
    Route(f"{OF_OCCURRENCE}/aflys", meeting_forms.post_cancellation, methods=["POST"]),
    Route("/{municipality}/forhaandsvisning", preview_pages.show),
    Route("/{municipality}/forhaandsvisning/mail", preview_pages.html),
    Route("/{municipality}/udbakke", mail_pages.listing),
    Route("/{municipality}/udbakke/pause", mail_forms.post_pause, methods=["POST"]),
    Route("/{municipality}/udbakke/genoptag", mail_forms.post_resumption, methods=["POST"]),
    Route("/{municipality}/udbakke/frigiv", mail_forms.post_release, methods=["POST"]),
    Route("/{municipality}/udbakke/adresse", mail_forms.post_unmarking, methods=["POST"]),
    Route("/{municipality}/mail/{mail:int}", mail_pages.show),
    Route("/{municipality}/mail/{mail:int}/html", mail_pages.html),
    Route("/{municipality}/mail/{mail:int}/mail.eml", mail_pages.source),
    Route("/{municipality}/mail/{mail:int}/{action}", mail_forms.post_mail, methods=["POST"]),
    Route("/{municipality}/indbakke", inbox_pages.listing),
    Route("/{municipality}/indbakke/{incoming:int}", inbox_pages.show),
    Route("/{municipality}/indbakke/{incoming:int}/mail.eml", inbox_pages.source),
    Route("/{municipality}/indbakke/{incoming:int}/set", inbox_pages.post_seen, methods=["POST"]),
    Route("/{municipality}/bekraeft/{token}", confirm_pages.show, methods=["GET"]),
    Route("/{municipality}/bekraeft/{token}", confirm_pages.post_confirmation, methods=["POST"]),
    Route("/{municipality}/kalendere", feed_pages.listing, methods=["GET"]),
    Route("/{municipality}/kalendere", feed_pages.post_feed, methods=["POST"]),
    Route("/{municipality}/kalendere/{feed:int}/tilbagekald", feed_pages.post_revocation, methods=["POST"]),
    Route("/{municipality}/maal", goal_pages.goals),
    Route("/{municipality}/log", goal_pages.events),
]


def create_app(installation_provider: Callable[[], Installation], clock: Callable[[], datetime]) -> Starlette:
    """Put the board together; nothing is opened before the first request asks for it."""
    static = [
        Mount("/static/dkfds", StaticFiles(directory=DESIGN_SYSTEM, check_dir=False)),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(
        routes=[*static, *ROUTES],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(KnownHosts),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={
            HTTPException: _refused,
            UserError: _wrong_input,
            OperationError: _failed,
            Exception: _unexpected,
        },
    )
    app.state.site = Site(installation_provider, clock)
    app.state.pace = Pace()
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    sentence = SENTENCES.get(error.status_code, UNKNOWN) if is_bare else error.detail
    return _error_page(request, error.status_code, sentence)


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
