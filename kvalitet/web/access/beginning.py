"""Beginning: a session for whoever has proved who they are, and where they go then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.access import sessions
from kvalitet.adapters.access.visitors import visitor
from kvalitet.web.access.cookies import keep_session
from kvalitet.web.views import NOBODY, first_page, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.access.sessions import Entry

LONGEST_WAY = 2000


def way_of(text: str) -> str:
    """Read which of our own pages somebody wants to come back to; "" for anything else."""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and len(text) <= LONGEST_WAY
    return text if is_ours and text.isprintable() and "\\" not in text else ""


def begin_session(request: Request, entry: Entry, way: str) -> Response:
    """Let the browser in with a new session, whatever it had before, and lead it to where it was going."""
    site = site_of(request)
    installation, now = site.installation_provider(), site.clock()
    with installation.store.write() as connection:
        if earlier := getattr(request.state, "session", None):
            sessions.end(connection, earlier, now=now)
        token = sessions.begin(connection, entry, now=now)
    found = visitor(installation, token, now=now)
    if found:  # the audit is to say who it was
        request.state.viewer, request.state.entered = found.viewer, entry.municipality
    # Who is let in nowhere is told so, on the front page.
    is_let_in = found is not None and bool(found.viewer.standings)
    start = first_page(found.viewer if found else NOBODY, entry.municipality)
    response = RedirectResponse((way or start) if is_let_in else "/", status_code=303)
    keep_session(response, installation.settings, token)
    return response
