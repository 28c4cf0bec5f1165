"""Feeds: the page that makes and revokes them, and the addresses that calendars read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.feeds import keeping, subscribing
from kvalitet.adapters.feeds.subscribing import FILES, TITLES, state_of
from kvalitet.adapters.store.outbox import LARGEST_NUMBER
from kvalitet.feeds import FEED_STATES, ROLES, everybody
from kvalitet.rights import ACCESS_OF, Access, Right, standings_of
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.feeds.keeping import Feed
    from kvalitet.adapters.feeds.subscribing import Made
    from kvalitet.web.pace import Pace
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

# The address is a secret: no search engine, no other site and no cache in between is to keep it.
HEADERS = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
NO_SUCH = "Kalenderen findes ikke, eller adressen er tilbagekaldt. Bed forvaltningen om en ny."
TOO_OFTEN = "Kalenderen hentes for ofte; vent et minut."
NOT_YOURS = "Kalenderen findes ikke, eller den er ikke din."
PERSON = "person"
# What one person at a time is let in as; an account's own address may be another than the role's mailbox.
OF_ONE_PERSON = frozenset({Access.DIRECTOR, Access.SCHOOL_LEADER, Access.DEPUTY})
CONTENTS = {name: content for content, name in FILES.items()}


def calendar(request: Request) -> Response:
    """Give a feed to a calendar; unknown, revoked and expired addresses get one and the same answer."""
    site, now = site_of(request), site_of(request).clock()
    content = CONTENTS.get(request.path_params["name"])
    installation = site.installation_provider()
    known = subscribing.opened(installation, request.path_params["token"], now=now) if content else None
    if known is None or content is None:
        return PlainTextResponse(NO_SUCH, status_code=404, headers=HEADERS)
    pace: Pace = request.app.state.pace
    if seconds := pace.wait(known.id, now=now):
        return PlainTextResponse(TOO_OFTEN, status_code=429, headers={**HEADERS, "retry-after": str(seconds)})
    written = subscribing.content_of(installation, known, content, now=now)
    headers = {**HEADERS, "etag": f'W/"{hashlib.sha256(written).hexdigest()[:32]}"'}
    if _has_it(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="{FILES[content]}.ics"'
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def listing(request: Request) -> Response:
    """Show who subscribes, and the form that makes an address."""
    return _page(request, view_of(request))


async def post_feed(request: Request) -> Response:
    """Make a feed; its address is on this one page, and nowhere else."""
    return await answer_form(request, _post_feed)


async def post_revocation(request: Request) -> Response:
    """Let a feed's address work no more."""
    return await answer_form(request, _post_revocation)


def _post_feed(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, chosen = view_of(request), filled.text(PERSON)
    role, _, address = chosen.partition(" ")
    if role not in set(Role) or not _is_theirs(view, role, address):
        return _page(request, view, problem="Vælg, hvem kalenderen er til.", status=400)
    try:
        made = subscribing.create(
            view.installation,
            view.municipality,
            role=Role(role),
            address=address,
            now=site_of(request).clock(),
            by=view.viewer.name,
        )
    except UserError as error:
        return _page(request, view, problem=str(error), status=400)
    response = _page(request, view, made=made)
    response.headers["cache-control"] = "no-store"
    return response


def _post_revocation(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, number = view_of(request), request.path_params["feed"]
    if number > LARGEST_NUMBER or not any(number == one.id for one in _own(view)):
        raise HTTPException(404, NOT_YOURS)
    now = site_of(request).clock()
    subscribing.revoke(view.installation, view.municipality, number, now=now, by=view.viewer.name)
    return RedirectResponse(view.address("kalendere"), status_code=303)


def _page(request: Request, view: View, *, made: Made | None = None, problem: str = "", status: int = 200) -> Response:
    known = _own(view)
    mine = (one for one in everybody(view.municipality, today=view.today) if _is_theirs(view, one.role, one.address))
    people = sorted(mine, key=lambda person: sort_key(person.name))
    return render(
        request,
        "feeds.html",
        status=status,
        view=view,
        page="kalendere",
        rows=[(one, _owner(view, one), FEED_STATES[state_of(view.municipality, one, now=view.now)]) for one in known],
        people=people,
        person_field=PERSON,
        roles=ROLES,
        titles=TITLES,
        made=made,
        made_for=_owner(view, made.feed) if made else "",
        problem=problem,
    )


def _own(view: View) -> list[Feed]:
    """List the feeds that the viewer may see and revoke: their own, or everybody's."""
    with view.installation.store.read() as connection:
        known = keeping.feeds(connection, view.municipality.key)
    return [one for one in known if _is_theirs(view, one.role, one.address)]


def _is_theirs(view: View, role: str, address: str) -> bool:
    """Tell whether a calendar for a mailbox in a role is the viewer's own, or theirs to keep for others.

    Their own are those of what they are let in as; where several people may be let in as the same, of their address.
    """
    if view.may(Right.MANAGE_FEEDS):
        return True
    mine = set(view.viewer.of(view.municipality.key, Right.SUBSCRIBE))
    held = mine & set(standings_of(view.municipality, address, today=view.today))
    found = [standing for standing in held if standing.access is ACCESS_OF[Role(role)]]
    is_same = address.casefold() == view.viewer.address.casefold()
    return any(is_same or standing.access in OF_ONE_PERSON for standing in found)


def _owner(view: View, known: Feed) -> str:
    """Name whom a feed is for, as the files do now; by the address when they no longer do."""
    held = subscribing.readers(view.municipality, known, now=view.now)
    return held[0].name if held else known.address


def _has_it(request: Request, etag: str) -> bool:
    """Tell whether the calendar already has these bytes (RFC 9110 § 13.1.2: weak marks compare without their W/)."""
    wanted = request.headers.get("if-none-match", "")
    known = {mark.strip().removeprefix("W/") for mark in wanted.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
