"""Forms about mails: what a person decides about one, and about all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail import by_hand
from kvalitet.adapters.mail.by_hand import Action
from kvalitet.web.pages.mail import mail_pages
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request

    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

SURE = "sure"
NOT_SURE = "Sæt kryds ved »Ja«, hvis det er det, du vil."
# The last part of the form's address.
ACTIONS = {
    "proev-igen": Action.RETRY,
    "hold-tilbage": Action.HOLD,
    "frigiv": Action.RELEASE,
    "annuller": Action.CANCEL,
}
TO_BE_SURE_OF = frozenset({Action.RETRY, Action.RELEASE, Action.CANCEL})


async def post_mail(request: Request) -> Response:
    """Do something about one mail."""
    return await answer_form(request, _about_mail)


async def post_pause(request: Request) -> Response:
    """Pause the municipality's mails."""
    return await answer_form(request, partial(_about_all, change=_pause))


async def post_resumption(request: Request) -> Response:
    """Let the municipality's mails go again."""
    return await answer_form(request, partial(_about_all, change=_resume))


async def post_release(request: Request) -> Response:
    """Let go what the surge guard holds."""
    return await answer_form(request, partial(_about_all, change=_release))


async def post_unmarking(request: Request) -> Response:
    """Say that an address works again."""
    return await answer_form(request, partial(_about_all, change=_unmark))


def _about_mail(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    action = ACTIONS.get(request.path_params["action"])
    if action is None:
        raise HTTPException(404)
    view, mail, clock = view_of(request), mail_pages.found(request), site_of(request).clock
    try:
        if action in TO_BE_SURE_OF:
            _be_sure(filled)
        with view.installation.store.write() as connection:
            by_hand.act(connection, mail, action, reason=filled.text("reason"), now=clock(), by=view.viewer.name)
    except UserError as error:
        return mail_pages.page(request, view, mail, problem=str(error), status=400)
    address = view.address(f"mail/{mail.id}")
    return RedirectResponse(address, status_code=303, background=afterwards(view, clock))


def _about_all(
    request: Request, filled: Filled, *, change: Callable[[Connection, View, Filled, datetime], None]
) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, clock = view_of(request), site_of(request).clock
    try:
        with view.installation.store.write() as connection:
            change(connection, view, filled, clock())
    except UserError as error:
        return mail_pages.outbox_page(request, view, problem=str(error), status=400)
    return RedirectResponse(view.address("udbakke"), status_code=303, background=afterwards(view, clock))


def _pause(connection: Connection, view: View, filled: Filled, now: datetime) -> None:
    by_hand.pause(connection, view.municipality, reason=filled.text("reason"), by=view.viewer.name, now=now)


def _resume(connection: Connection, view: View, filled: Filled, now: datetime) -> None:
    _be_sure(filled)
    by_hand.resume(connection, view.municipality, now=now, by=view.viewer.name)


def _release(connection: Connection, view: View, filled: Filled, now: datetime) -> None:
    _be_sure(filled)
    by_hand.release_surge(connection, view.municipality, now=now)


def _unmark(connection: Connection, view: View, filled: Filled, now: datetime) -> None:
    by_hand.unmark(connection, view.municipality, filled.text("address"), now=now)


def _be_sure(filled: Filled) -> None:
    if not filled.text(SURE):
        raise UserError(NOT_SURE)
