"""Fresh: a page that is asked for again, and of which nothing can have changed, is answered without being made.

What a page shows comes from the database, the files, the day and who looks. The files are read when the service
starts; so where the database's mark, the day, the browser and the address are the same, so is the page. It is also
still the same browser's to see: a session that is ended is a change of the database, and one that runs out ends what
is known here.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kvalitet.adapters.access.sessions import SEEN_AGAIN, is_seen_lately
from kvalitet.board import danish_date
from kvalitet.municipality import DANISH_TIME
from kvalitet.web.access.cookies import session_token
from kvalitet.web.security import cookie_name
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.access.sessions import Session
    from kvalitet.adapters.installation import Installation

MOST = 1000
ETAG, KNOWN = "etag", "if-none-match"
NOT_MODIFIED, OK = 304, 200


@dataclass(frozen=True, slots=True)
class Kept:
    """Husket: the ETag of a page, by which mark of which installation, and from when until when it is certain."""

    etag: str
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

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()

    async def look(self, request: Request) -> Look:
        """Take the mark; where that means to wait for a server, others are served meanwhile."""
        site = site_of(request)
        installation = site.installation_provider()
        marker = installation.store.marker
        mark = marker.mark() if marker.is_instant else await run_in_threadpool(marker.mark)
        token = session_token(request, installation.settings)
        parts = (token, request.cookies.get(cookie_name(request), ""), request.url.path, request.url.query)
        return Look(hashlib.sha256("\0".join(parts).encode()).digest(), mark, site.clock())

    def unchanged(self, request: Request, look: Look) -> Response | None:
        """Answer that nothing has changed; None when that is not certain."""
        known = self._kept.get(look.key)
        if known is None or look.mark is None or known.mark != look.mark or request.headers.get(KNOWN) != known.etag:
            return None
        is_same = known.installation is site_of(request).installation_provider()
        if not is_same or not known.noted_at <= look.at < known.until:
            return None
        return Response(status_code=NOT_MODIFIED, headers={ETAG: known.etag, "cache-control": "private, no-cache"})

    def note(self, request: Request, look: Look, response: Response) -> None:
        """Remember what was answered."""
        etag, session = response.headers.get(ETAG), getattr(request.state, "session", None)
        if look.mark is None or session is None or etag is None or response.status_code not in {OK, NOT_MODIFIED}:
            return
        installation = site_of(request).installation_provider()
        until = _certain_until(installation, session, look.at)
        self._kept[look.key] = Kept(etag, look.mark, installation, look.at, until)
        self._kept.move_to_end(look.key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _certain_until(installation: Installation, session: Session, now: datetime) -> datetime:
    """Give when a page may be another one by the clock alone, or its browser is to be looked at again."""
    seen = session if is_seen_lately(session, now=now) else replace(session, seen_at=now)
    midnight = datetime.combine(danish_date(now) + timedelta(days=1), time(), DANISH_TIME)
    return min(midnight, seen.seen_at + SEEN_AGAIN, seen.runs_out(installation.settings))
