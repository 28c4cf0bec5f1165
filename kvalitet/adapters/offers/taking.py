"""Taking: what the reader of the inbox does with each mail that a person wrote, so that files in them are offers."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING

from kvalitet.adapters.offers.receiving import Came, Outcome, receive, refuse_too_large
from kvalitet.adapters.store import incoming
from kvalitet.adapters.store.incoming import IncomingKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.incoming.dealing import OnHuman, Placed
    from kvalitet.adapters.incoming.reading import ReceivedMail
    from kvalitet.adapters.installation import Installation

DETAILS: dict[Outcome, str] = {
    Outcome.OFFERED: "Filen er gemt, og afsenderen er bedt om at bekræfte, at den er afleveringen.",
    Outcome.REFUSED: "Filen kunne ikke tages imod; afsenderen har fået at vide hvorfor.",
}


def taker(installation: Installation, *, now: datetime) -> OnHuman:
    """Give what takes the file of a mail; a mail that has none to take still waits for a person."""

    def take(connection: Connection, placed: Placed, mail: ReceivedMail) -> IncomingKind:
        if placed.ours is None or mail.is_overgrown:
            return mail.kind
        came = Came(placed.id, placed.ours.id, mail.sender)
        if mail.is_cut:
            outcome = refuse_too_large(connection, installation, came, now=now)
        else:
            outcome = receive(connection, installation, _parsed(mail), came, now=now)
        if outcome is None:
            return mail.kind
        incoming.place(connection, placed.id, kind=IncomingKind.FILE.value, detail=DETAILS[outcome])
        return IncomingKind.FILE

    return take


def _parsed(mail: ReceivedMail) -> EmailMessage:
    parsed = message_from_bytes(mail.content, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed
