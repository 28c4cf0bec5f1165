"""Health: whether the process lives, and whether all that it needs is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kvalitet.adapters.errors import ShownError
from kvalitet.adapters.store import log
from kvalitet.adapters.store.database.upgrading import is_current
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.installation import Installation

PATIENCE = 1.0
FINE = "ok"
NO_PREFECT = "svarer ikke; statusoverblik og formularer virker, og mail venter i udbakken"


def alive(_request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse(FINE)


def ready(request: Request) -> Response:
    """Say what works: 503 when pages cannot be shown; Prefect may be down without that."""
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
    return JSONResponse(found, status_code=status, headers={"cache-control": "no-store"})


def prefect_answers(installation: Installation) -> bool:
    """Tell whether Prefect's server on this machine answers."""
    address = f"http://127.0.0.1:{installation.settings.prefect_port}/api/health"
    try:
        return httpx.get(address, timeout=PATIENCE, trust_env=False).is_success
    except httpx.HTTPError:
        return False
