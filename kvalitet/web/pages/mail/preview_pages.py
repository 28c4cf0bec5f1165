"""The preview: who gets which mail on a day, with the very mails, and why others get none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from kvalitet.adapters.mail_preview import letter, preview
from kvalitet.board import danish_date
from kvalitet.messages import KINDS
from kvalitet.web.pages.mail.letters_read import read
from kvalitet.web.rendering import render
from kvalitet.web.security import MAIL_POLICY
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.views import View

KEY = "noegle"


def show(request: Request) -> Response:
    """Show the mails of a day; without `dato` those of today."""
    view, day = _asked(request)
    return render(
        request,
        "preview.html",
        view=view,
        page="forhaandsvisning",
        shown=preview(view.installation, view.municipality, day, now=view.now),
        day=day,
        kinds=KINDS,
        key_name=KEY,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
    )


def html(request: Request) -> Response:
    """Give the HTML of one mail that is still to be made, for the frame that shows it."""
    view, day = _asked(request)
    key = request.query_params.get(KEY, "")
    content = letter(view.installation, view.municipality, day, key, now=view.now)
    if content is None:
        raise HTTPException(404, "Den mail er der ikke længere; hent forhåndsvisningen igen.")
    headers = {"content-security-policy": MAIL_POLICY, "cache-control": "private, no-cache"}
    return HTMLResponse(read(content).html, headers=headers)


def _asked(request: Request) -> tuple[View, date]:
    """Read the day; the page is always seen from now, whatever day it shows."""
    view = view_of(request)
    now = site_of(request).clock()
    day = view.asked_day or danish_date(now)
    if not date(2000, 1, 1) <= day <= date(2098, 12, 31):
        raise HTTPException(400, "Datoen ligger for langt væk; vælg en anden.")
    return replace(view, now=now, asked_day=None), day
