"""Health: whether the process lives, and whether all that it needs is there."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kvalitet.adapters.errors import ShownError
from kvalitet.adapters.store import log
from kvalitet.adapters.store.database.upgrading import is_current
from kvalitet.rights import RIGHTS, Right
from kvalitet.web.access.networks import is_at_the_machine
from kvalitet.web.views import site_of, viewer_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation

PATIENCE = 1.0
FINE, NOT_FINE = "ok", "not ok"
NO_PREFECT = "svarer ikke; statusoverblik og formularer virker, og mail venter i udbakken"


def alive(_request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse(FINE)


def ready(request: Request) -> Response:
    """Say what works: 503 when pages cannot be shown; Prefect may be down without that. Strangers are told no more."""
    site = site_of(request)
    found: dict[str, object] = {"store": FINE, "migrations": FINE, "heartbeats": {}, "prefect": FINE}
    status = 200
    try:
        installation = site.installation_provider()
        found["prefect"] = FINE if prefect_answers(installation) else NO_PREFECT
        if not is_current(installation.store):
            found["migrations"], status = "mangler; kør »kvalitet db upgrade«", 503
        with installation.store.read() as connection:
            beats = log.heartbeats(connection)
        now = site.clock()
        found["heartbeats"] = {
            name: f"for {int((now - at).total_seconds())} sekunder siden" for name, at in beats.items()
        }
    except ShownError as error:
        found["store"], status = str(error), 503
    shown = found if _may_know(request) else {"status": FINE if status == HTTPStatus.OK else NOT_FINE}
    return JSONResponse(shown, status_code=status, headers={"cache-control": "no-store"})


def _may_know(request: Request) -> bool:
    """Tell whether somebody is at the machine itself, or is let in to what goes on there."""
    accesses = {standing.access for standing in viewer_of(request).standings}
    return is_at_the_machine(request) or any(Right.SEE_LOG in RIGHTS[access] for access in accesses)


def prefect_answers(installation: Installation) -> bool:
    """Tell whether Prefect's server on this machine answers."""
    address = f"http://127.0.0.1:{installation.settings.prefect_port}/api/health"
    try:
        return httpx.get(address, timeout=PATIENCE, trust_env=False).is_success
    except httpx.HTTPError:
        return False
