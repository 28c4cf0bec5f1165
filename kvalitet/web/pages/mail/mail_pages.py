"""The outbox: every mail, what became of it, and what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.mail import by_hand
from kvalitet.adapters.store import address_marks, outbox, plans
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.adapters.store.searches import mails as mail_search
from kvalitet.adapters.store.searches.mails import Wanted
from kvalitet.messages import KINDS
from kvalitet.outgoing import HeldFor, MailState
from kvalitet.rights import Right
from kvalitet.web import filters
from kvalitet.web.filters import Paging
from kvalitet.web.pages.mail.letters_read import read
from kvalitet.web.pages.matrix.returning import DONE, REMINDED
from kvalitet.web.rendering import render
from kvalitet.web.security import MAIL_POLICY
from kvalitet.web.views import LONGEST_SHOWN, municipality_of, site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.web.views import View

AT_ONCE = 100


def listing(request: Request) -> Response:
    """Show the outbox, newest first."""
    return outbox_page(request, view_of(request))


def outbox_page(request: Request, view: View, *, problem: str = "", status: int = 200) -> Response:
    """Give the outbox, with what is wrong when a form could not be followed."""
    key, reads = view.municipality.key, view.may(Right.READ_MAILS)
    number = filters.page_number(request)
    chosen = {name: filters.text_of(request, name) for name in ("tilstand", "slags", "skole", "modtager", "emne")}
    state, day = _state(chosen["tilstand"]), filters.day_of(request, "dag")
    chosen["dag"] = day.isoformat() if day else ""
    wanted = Wanted(
        state=state,
        kind=chosen["slags"],
        school=chosen["skole"],
        recipient=chosen["modtager"],
        # Who may not read subjects may not find out what they say either.
        subject=chosen["emne"] if reads else "",
        span=filters.span_of(day),
    )
    with view.installation.store.read() as connection:
        found = mail_search.search(connection, key, wanted, skip=(number - 1) * AT_ONCE, limit=AT_ONCE)
        kinds = mail_search.kinds(connection, key)
        counts = outbox.counts(connection, key)
        held = outbox.counts_held(connection, key)
        pauses = mail_pauses.pauses(connection, key)
        marks = address_marks.marked(connection, key)
    paging = Paging(number, AT_ONCE, found.total)
    return render(
        request,
        "outbox.html",
        status=status,
        problem=problem,
        has_reminded=request.query_params.get(DONE) == REMINDED,
        view=view,
        page="udbakke",
        mails=found.items,
        reads=reads,
        paging=paging,
        chosen=chosen,
        links=filters.links(view, "udbakke", chosen, paging),
        state_options=[(one.value, title) for one, title in by_hand.STATES.items()],
        kind_options=sorted(((one, KINDS.get(one, one)) for one in kinds), key=lambda one: sort_key(one[1])),
        school_options=filters.school_options(view),
        counts=counts,
        total=sum(counts.values()),
        held={reason.value: held.get(reason, 0) for reason in HeldFor},
        uncertain=counts.get(MailState.UNCERTAIN, 0),
        is_paused_here=any(pause.municipality == key for pause in pauses),
        pauses=pauses,
        marks=marks,
        state=state,
        states=by_hand.STATES,
        kinds=KINDS,
    )


def show(request: Request) -> Response:
    """Show one mail."""
    return page(request, view_of(request), found(request))


def page(request: Request, view: View, mail: Mail, *, problem: str = "", status: int = 200) -> Response:
    """Give one mail's page, with what is wrong when a form could not be followed.

    Who may not read mails sees what became of it, and neither its subject nor what it says.
    """
    reads = view.may(Right.READ_MAILS)
    with view.installation.store.read() as connection:
        about = [plans.occurrence(connection, key) for key in outbox.about(connection, mail.id)]
    values: dict[str, Any] = {
        "mail": mail,
        "letter": read(mail.content) if reads else None,
        "title": mail.subject if reads else f"Mail nr. {mail.id}",
        "about": [occurrence for occurrence in about if occurrence] if reads else [],
        "possible": {action.value for action in by_hand.possible(mail)} if view.may(Right.HANDLE_MAILS) else set(),
        "problem": problem,
    }
    return render(
        request, "mail.html", status=status, view=view, page="udbakke", states=by_hand.STATES, kinds=KINDS, **values
    )


def html(request: Request) -> Response:
    """Give a mail's HTML for the frame that shows it: no scripts, no addresses, nothing but its own style."""
    letter = read(found(request).content)
    return HTMLResponse(
        letter.html, headers={"content-security-policy": MAIL_POLICY, "cache-control": "private, no-cache"}
    )


def source(request: Request) -> Response:
    """Give the mail's bytes to save."""
    mail = found(request)
    headers = {"content-disposition": f'attachment; filename="mail-{mail.id}.eml"'}
    return Response(mail.content, media_type="message/rfc822", headers=headers)


def found(request: Request) -> Mail:
    """Find the mail that an address names; one that the municipality does not have is a 404."""
    installation = site_of(request).installation_provider()
    municipality = municipality_of(installation, request.path_params["municipality"])
    number = request.path_params["mail"]
    with installation.store.read() as connection:
        mail = outbox.mail(connection, number) if number <= outbox.LARGEST_NUMBER else None
    if mail is None or mail.municipality != municipality.key:
        raise HTTPException(404, f"Mail nr. {request.path_params['mail']} findes ikke hos {municipality.name}.")
    return mail


def _state(text: str) -> MailState | None:
    try:
        return MailState(text) if text else None
    except ValueError as error:
        raise HTTPException(400, f"»{text[:LONGEST_SHOWN]}« er ikke en tilstand, som en mail kan have.") from error
