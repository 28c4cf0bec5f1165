"""By hand: what a person decides about mails, done or refused in one Danish sentence, and told in the log."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import address_marks
from kvalitet.adapters.store.dispatch import handling
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.adapters.store.quiet.mail_pauses import EVERYBODY
from kvalitet.outgoing import WAITING, HeldFor, MailState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality

STATES = {
    MailState.QUEUED: "venter",
    MailState.IN_FLIGHT: "er ved at blive sendt",
    MailState.RETRY: "prøves igen",
    MailState.SENT: "sendt",
    MailState.FAILED: "fejlet",
    MailState.UNCERTAIN: "uvis",
    MailState.HELD: "holdt tilbage",
    MailState.CANCELLED: "annulleret",
}
LONGEST_REASON = 500


class Action(StrEnum):
    """Handling: what a person may do about one mail."""

    RETRY = "retry"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"


REFUSED = {
    Action.RETRY: "kan ikke prøves igen",
    Action.HOLD: "kan ikke holdes tilbage",
    Action.RELEASE: "kan ikke frigives",
    Action.CANCEL: "kan ikke annulleres",
}


def possible(mail: Mail) -> tuple[Action, ...]:
    """List what may be done about a mail as it is now."""
    found = {
        Action.RETRY: mail.state in handling.STUCK,
        Action.HOLD: mail.state in WAITING,
        Action.RELEASE: mail.state is MailState.HELD and mail.held_for is not HeldFor.ADDRESS,
        Action.CANCEL: mail.state in handling.CANCELLABLE,
    }
    return tuple(action for action, is_possible in found.items() if is_possible)


def act(connection: Connection, mail: Mail, action: Action, *, reason: str = "", now: datetime, by: str = "") -> None:
    """Do it and tell the log; what cannot be done is a UserError."""
    why = checked_reason(reason) if action in {Action.HOLD, Action.CANCEL} else ""
    if action is Action.RELEASE and mail.held_for is HeldFor.ADDRESS:
        raise UserError(
            f"Mail nr. {mail.id} holdes tilbage, fordi mails til {mail.recipient} kommer tilbage; "
            "sig, at adressen virker igen, så sendes den."
        )
    done = {
        Action.RETRY: lambda: handling.retry(connection, mail.id, now=now),
        Action.HOLD: lambda: handling.hold(connection, mail.id, reason=why),
        Action.RELEASE: lambda: handling.release(connection, mail.id, now=now),
        Action.CANCEL: lambda: handling.cancel(connection, mail.id, reason=why),
    }[action]()
    if not done:
        state = STATES[mail.state]
        raise UserError(f"Mail nr. {mail.id} {REFUSED[action]}; den er i tilstanden »{state}«.")
    handling.tell(connection, f"mail_{action.value}", mail, detail=why or mail.subject, now=now, by=by)


def pause(connection: Connection, municipality: Municipality | None, *, reason: str, by: str, now: datetime) -> bool:
    """Pause a municipality's mails, or all; tell whether that is new."""
    key = municipality.key if municipality else EVERYBODY
    return mail_pauses.pause(connection, key, reason=checked_reason(reason), by=by, now=now)


def resume(connection: Connection, municipality: Municipality | None, *, now: datetime, by: str = "") -> None:
    """Let mails go again; where they were not paused it is a UserError that says what is."""
    key = municipality.key if municipality else EVERYBODY
    if mail_pauses.resume(connection, key, now=now, by=by):
        return
    others = [pause.municipality for pause in mail_pauses.pauses(connection)]
    if not others:
        raise UserError("Afsendelsen er ikke sat på pause.")
    named = danish.list_text(["alle kommuner" if name == EVERYBODY else name for name in others])
    whose = f"for {municipality.name}" if municipality else "for alle kommuner"
    raise UserError(f"Afsendelsen er ikke sat på pause {whose}, men for {named}.")


def release_surge(connection: Connection, municipality: Municipality, *, now: datetime) -> int:
    """Let go what the surge guard holds; nothing to let go is a UserError."""
    number = handling.release_surge(connection, municipality.key, now=now)
    if not number:
        raise UserError(f"{municipality.name} har ingen mails, der holdes tilbage, fordi der kom mange på én gang.")
    return number


def unmark(connection: Connection, municipality: Municipality, address: str, *, now: datetime) -> int:
    """Say that an address works again; tell how many mails that lets go."""
    number = address_marks.clear(connection, municipality.key, address, now=now)
    if number is None:
        raise UserError(f"Adressen {address} er ikke mærket hos {municipality.name}.")
    return number


def checked_reason(reason: str) -> str:
    """Give a reason without needless space; none, or a whole story, is a UserError."""
    text = " ".join(reason.split())
    if not text:
        raise UserError("Skriv en begrundelse; den vises i udbakken.")
    if len(text) > LONGEST_REASON:
        raise UserError(f"Begrundelsen er for lang; skriv højst {LONGEST_REASON} tegn.")
    return text
