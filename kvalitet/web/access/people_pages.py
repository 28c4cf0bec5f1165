"""Who is let in: people of the municipality's login, mailboxes of the files, and who is logged in now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.accounts import BY_PROVIDER
from kvalitet.adapters.access.logging_out import log_out
from kvalitet.adapters.access.visitors import by_mailbox
from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store.outbox import LARGEST_NUMBER
from kvalitet.board import danish_date
from kvalitet.rights import ACCESSES, possible_standings, standing_of, standings_of, text_of
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection
    from starlette.requests import Request

    from kvalitet.adapters.access.accounts import Account, Grant
    from kvalitet.adapters.access.sessions import Session
    from kvalitet.municipality import Municipality
    from kvalitet.rights import Standing
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

_NUMBER = re.compile("[0-9]{1,19}")
PERSON, AS, MAILBOX = "person", "adgang", "postkasse"
NOBODY_CHOSEN = "Vælg, hvem der skal lukkes ind."
NOTHING_CHOSEN = "Vælg, hvad personen skal lukkes ind som."
NO_SUCH = "Adgangen findes ikke; den kan være taget tilbage i forvejen."
NOTICES = {
    "lukket-ind": "Personen er lukket ind.",
    "taget-tilbage": "Adgangen er taget tilbage og gælder ikke mere.",
    "logget-ud": "Personen er logget ud alle steder.",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Person: an account, what it is let in as here, and how many browsers it is logged in with."""

    account: Account
    grants: tuple[Grant, ...]
    sessions: int


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Postkasse: one that may log in by a link, as what, and how many browsers it is logged in with."""

    address: str
    names: tuple[str, ...]
    standings: tuple[Standing, ...]
    sessions: int


def listing(request: Request) -> Response:
    """Show who is let in."""
    return _page(request, view_of(request))


async def post_grant(request: Request) -> Response:
    """Let somebody in."""
    return await answer_form(request, _post_grant)


async def post_revocation(request: Request) -> Response:
    """Take back what somebody was let in as."""
    return await answer_form(request, _post_revocation)


async def post_logout_of(request: Request) -> Response:
    """Log somebody out of all browsers."""
    return await answer_form(request, _post_logout_of)


def _post_grant(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, now = view_of(request), site_of(request).clock()
    standing = standing_of(view.municipality, filled.text(AS), today=danish_date(now))
    with view.installation.store.write() as connection:
        account = _account(connection, view.municipality, filled.text(PERSON))
        if account and standing:
            accounts.grant(connection, account.id, standing, by=view.viewer.name, now=now)
    if account is None or standing is None:
        problem, field = (NOTHING_CHOSEN, AS) if account else (NOBODY_CHOSEN, PERSON)
        chosen = {PERSON: filled.text(PERSON), AS: filled.text(AS)}
        return _page(request, view, problem=problem, problem_in=field, chosen=chosen, status=400)
    return _back(view, "lukket-ind")


def _post_revocation(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, number = view_of(request), request.path_params["grant"]
    with view.installation.store.write() as connection:
        is_taken = number <= LARGEST_NUMBER and accounts.revoke(
            connection, number, municipality=view.municipality.key, now=site_of(request).clock()
        )
    if not is_taken:
        raise HTTPException(404, NO_SUCH)
    return _back(view, "taget-tilbage")


def _post_logout_of(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, now = view_of(request), site_of(request).clock()
    mailbox = filled.text(MAILBOX)
    with view.installation.store.read() as connection:
        account = None if mailbox else _account(connection, view.municipality, filled.text(PERSON))
    if not mailbox and account is None:
        raise HTTPException(404, NO_SUCH)
    log_out(view.installation, view.municipality, mailbox=mailbox, accounts=[account.id] if account else [], now=now)
    return _back(view, "logget-ud")


def _account(connection: Connection, municipality: Municipality, text: str) -> Account | None:
    """Find an account by its number; one of another municipality's login is none."""
    is_number = _NUMBER.fullmatch(text) is not None and int(text) <= LARGEST_NUMBER
    found = accounts.account(connection, int(text)) if is_number else None
    return found if found and municipality.login.issuer and found.issuer == municipality.login.issuer else None


def _back(view: View, done: str) -> Response:
    return RedirectResponse(f"/{view.municipality.key}/adgang{view.query_with(sket=done)}", status_code=303)


def _page(
    request: Request,
    view: View,
    *,
    problem: str = "",
    problem_in: str = "",
    chosen: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    now = site_of(request).clock()
    people, mailboxes = _known(view, now=now)
    held = possible_standings(view.municipality, today=danish_date(now))
    possible = {text_of(found): describe(view.municipality, found) for found in held}
    return render(
        request,
        "people.html",
        status=status,
        view=view,
        page="adgang",
        waiting=[person for person in people if not person.grants],
        people=people,
        mailboxes=mailboxes,
        possible=possible,
        describe=describe,
        by_provider=BY_PROVIDER,
        fields={"person": PERSON, "as": AS, "mailbox": MAILBOX},
        notice=NOTICES.get(request.query_params.get("sket", ""), ""),
        problem=problem,
        problem_in=problem_in,
        chosen=chosen or {PERSON: "", AS: ""},
    )


def _known(view: View, *, now: datetime) -> tuple[list[Person], list[Mailbox]]:
    """List who is known: people who wait first, and who is logged in now, whatever day the page is seen from."""
    municipality, settings, today = view.municipality, view.installation.settings, danish_date(now)
    with view.installation.store.read() as connection:
        live = sessions.live(connection, settings, now=now)
        issuer = municipality.login.issuer
        known = accounts.accounts(connection, issuer) if issuer else []
        people = [_person(connection, municipality, account, live, today=today) for account in known]
    people.sort(key=lambda person: (bool(person.grants), sort_key(person.account.name)))
    return people, _mailboxes(view, live, today=today)


def _person(
    connection: Connection, municipality: Municipality, account: Account, live: list[Session], *, today: date
) -> Person:
    held = tuple(
        found
        for found in accounts.grants(connection, account.id)
        if found.standing.municipality == municipality.key and found.standing.holds(municipality, today=today)
    )
    return Person(account, held, sum(session.account == account.id for session in live))


def _mailboxes(view: View, live: list[Session], *, today: date) -> list[Mailbox]:
    """List the mailboxes that may log in by a link, in order of name."""
    municipality = view.municipality
    if not municipality.login.by_mail:
        return []
    names: dict[str, list[str]] = {}
    for person in (*municipality.contacts, *(school.leader for school in municipality.schools)):
        if standings_of(municipality, person.address, today=today):
            names.setdefault(person.address.lower(), []).append(person.name)
    for address in sorted(view.installation.settings.operator_addresses):
        names.setdefault(address, ["Driften"])
    found = [
        Mailbox(
            address,
            tuple(dict.fromkeys(held)),
            tuple(
                one
                for one in by_mailbox(view.installation, address, today=today)
                if one.municipality == municipality.key
            ),
            sum(session.address == address for session in live),
        )
        for address, held in names.items()
    ]
    return sorted(found, key=lambda mailbox: sort_key(mailbox.names[0]))


def describe(municipality: Municipality, standing: Standing) -> str:
    """Say as what somebody is let in, such as "skoleleder, Årby Skole"."""
    title = ACCESSES[standing.access]
    if standing.school:
        return f"{title}, {municipality.school(standing.school).name}"
    return f"{title}, {municipality.group(standing.school_group).name}" if standing.school_group else title
