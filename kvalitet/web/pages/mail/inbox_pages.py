"""The inbox: every mail that came back, what it turned out to be, and whether somebody has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.incoming.kinds import TITLES
from kvalitet.adapters.store import incoming, outbox, plans
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.store.incoming import Incoming
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

SHOWN_AT_ONCE = 100
MOST_SHOWN = 2000


def listing(request: Request) -> Response:
    """Show the inbox: what waits for a person first, then the newest."""
    view = view_of(request)
    kind = _kind(request.query_params.get("slags", ""))
    asked = request.query_params.get("antal", "")
    shown = min(max(int(asked), SHOWN_AT_ONCE), MOST_SHOWN) if asked.isdecimal() and asked.isascii() else SHOWN_AT_ONCE
    with view.installation.store.read() as connection:
        mails = incoming.listing(connection, view.municipality.key, kind=kind, limit=shown + 1)
        counts = incoming.counts(connection, view.municipality.key)
        attention = incoming.attention(connection, view.municipality.key)
    return render(
        request,
        "inbox.html",
        view=view,
        page="indbakke",
        mails=mails[:shown],
        has_more=len(mails) > shown and shown < MOST_SHOWN,
        shown=shown,
        counts=counts,
        total=sum(counts.values()),
        attention=attention,
        kind=kind,
        titles=TITLES,
    )


def show(request: Request) -> Response:
    """Show one mail: its text, never its HTML, for anybody may have written it."""
    view = view_of(request)
    mail = _mail(request, view)
    with view.installation.store.read() as connection:
        occurrence = plans.occurrence(connection, mail.occurrence) if mail.occurrence else None
        answered = outbox.mail(connection, mail.mail) if mail.mail else None
    return render(
        request,
        "incoming.html",
        view=view,
        page="indbakke",
        mail=mail,
        occurrence=occurrence,
        answered=answered,
        titles=TITLES,
    )


def source(request: Request) -> Response:
    """Give the mail as it came, to save; it is never shown as a page."""
    view = view_of(request)
    mail = _mail(request, view)
    with view.installation.store.read() as connection:
        content = incoming.content(connection, mail.id)
    headers = {"content-disposition": f'attachment; filename="indkommen-{mail.id}.eml"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


async def post_seen(request: Request) -> Response:
    """Note that a mail has been seen."""
    return await answer_form(request, _seen)


def _seen(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view = view_of(request)
    mail = _mail(request, view)
    with view.installation.store.write() as connection:
        incoming.handle(connection, view.municipality.key, mail.id, by=view.viewer.name, now=site_of(request).clock())
    return RedirectResponse(view.address("indbakke"), status_code=303)


def _mail(request: Request, view: View) -> Incoming:
    number = request.path_params["incoming"]
    with view.installation.store.read() as connection:
        mail = incoming.one(connection, number) if number <= outbox.LARGEST_NUMBER else None
    if mail is None or mail.municipality != view.municipality.key:
        raise HTTPException(404, f"Indkommen mail nr. {number} findes ikke hos {view.municipality.name}.")
    return mail


def _kind(text: str) -> IncomingKind | None:
    try:
        return IncomingKind(text) if text else None
    except ValueError as error:
        raise HTTPException(400, f"»{text}« er ikke en slags, som en indkommen mail kan være.") from error
