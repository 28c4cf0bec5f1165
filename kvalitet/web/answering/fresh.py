"""Fresh: a page that is asked for again, and of which nothing can have changed, is answered without being made.

What a page shows comes from the database, the files, the day and who looks. The files are read when the service
starts; so where the database's mark, the day, the browser's cookies and the address are the same, so is the page. It
is also still the same browser's to see: a session that is ended is a change of the database, and one that runs out
ends what is known here.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from kvalitet.adapters.access.sessions import SEEN_AGAIN, is_seen_lately
from kvalitet.board import danish_date
from kvalitet.municipality import DANISH_TIME

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from kvalitet.adapters.access.sessions import Session
    from kvalitet.adapters.installation import Installation
    from kvalitet.web.views import Site

MOST = 1000
ETAG, KNOWN, COOKIE = b"etag", b"if-none-match", b"cookie"
NOT_MODIFIED, OK = 304, 200
NO_MORE = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True, slots=True)
class Kept:
    """Husket: the ETag of a page, by which mark of which installation, and from when until when it is certain."""

    etag: bytes
    mark: str
    installation: Installation
    noted_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """Opslag: the database's mark before a page is made, so that whatever is committed meanwhile counts as news."""

    key: bytes
    mark: str | None
    at: datetime


class Fresh:
    """Kendte sider: what was last answered to each browser and address."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()

    async def look(self, request: Request) -> Look:
        """Take the mark."""
        return Look(_key(request.scope), await self._mark(self._site.installation_provider()), self._site.clock())

    async def unchanged(self, scope: Scope) -> bytes | None:
        """Give the ETag of what the browser has, when that is what it would get; None when it is not certain."""
        known = self._kept.get(_key(scope))
        if known is None or (KNOWN, known.etag) not in scope["headers"]:
            return None
        installation, now = self._site.installation_provider(), self._site.clock()
        if known.installation is not installation or not known.noted_at <= now < known.until:
            return None
        return known.etag if known.mark == await self._mark(installation) else None

    def note(self, request: Request, look: Look, response: Response) -> None:
        """Remember what was answered."""
        etag, session = response.headers.get("etag"), getattr(request.state, "session", None)
        if look.mark is None or session is None or etag is None or response.status_code not in {OK, NOT_MODIFIED}:
            return
        installation = self._site.installation_provider()
        until = _certain_until(installation, session, look.at)
        self._kept[look.key] = Kept(etag.encode(), look.mark, installation, look.at, until)
        self._kept.move_to_end(look.key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    async def _mark(self, installation: Installation) -> str | None:
        """Ask for the mark; where that means to wait for a server, others are served meanwhile."""
        marker = installation.store.marker
        return marker.mark_at_once() or await run_in_threadpool(marker.mark)


class Unchanged:
    """Uændret: answers that nothing has changed, before anything is looked up or made."""

    def __init__(self, app: ASGIApp, *, fresh: Fresh) -> None:
        self.app = app
        self._fresh = fresh

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        is_asked = scope["type"] == "http" and scope["method"] == "GET"
        etag = await self._fresh.unchanged(scope) if is_asked else None
        if etag is None:
            await self.app(scope, receive, send)
            return
        headers = [(ETAG, etag), (b"cache-control", b"private, no-cache"), (b"vary", b"Accept-Encoding")]
        await send({"type": "http.response.start", "status": NOT_MODIFIED, "headers": headers})
        await send(NO_MORE)


def _key(scope: Scope) -> bytes:
    """Tell browsers and addresses apart; what a browser says of itself is a secret, and not kept."""
    cookies = [value for name, value in scope["headers"] if name == COOKIE]
    return hashlib.sha256(repr((scope["path"], scope["query_string"], cookies)).encode()).digest()


def _certain_until(installation: Installation, session: Session, now: datetime) -> datetime:
    """Give when a page may be another one by the clock alone, or its browser is to be looked at again."""
    seen = session if is_seen_lately(session, now=now) else replace(session, seen_at=now)
    midnight = datetime.combine(danish_date(now) + timedelta(days=1), time(), DANISH_TIME)
    return min(midnight, seen.seen_at + SEEN_AGAIN, seen.runs_out(installation.settings))
