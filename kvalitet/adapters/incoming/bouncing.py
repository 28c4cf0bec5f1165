"""Bounces: a mail of ours that came back marks its address, so that a person looks before more is sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.store import address_marks, incoming
from kvalitet.adapters.store.incoming import IncomingKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.incoming.delivery_reports import DeliveryReport
    from kvalitet.adapters.incoming.reading import ReceivedMail

UNKNOWN = "Det fremgår ikke, hvilken af vores mails der kom retur."
FORWARDED = "Vores mail er videresendt fra {ours}, og det er {theirs}, der ikke kan modtage den."


def keep(
    connection: Connection, identity: int, mail: ReceivedMail, municipality: str | None, *, now: datetime
) -> IncomingKind:
    """Note what a delivery report says; it counts only for the mail whose id it returns and whose reader it names."""
    told = mail.report
    assert told
    ours = incoming.ours_by_message_id(connection, told.message_ids)
    if ours is None:
        incoming.place(connection, identity, municipality=municipality, detail=f"{said(told)} {UNKNOWN}")
        return mail.kind
    is_named = ours.recipient.lower() in told.addresses
    detail = said(told)
    if told.has_failed and is_named:
        incoming.mark_bounced(connection, ours.id, now=now)
        if told.is_permanent:
            address_marks.mark(connection, ours.municipality, ours.recipient, reason=detail, mail=ours.id, now=now)
    elif told.addresses and not is_named:
        detail = f"{detail} {FORWARDED.format(ours=ours.recipient, theirs=told.addresses[-1])}"
    incoming.place(
        connection, identity, municipality=ours.municipality, mail=ours.id, occurrence=ours.occurrence, detail=detail
    )
    return mail.kind


def said(told: DeliveryReport) -> str:
    """Say in Danish what happened, with the server's own words."""
    if told.is_permanent:
        happened = _WHY.get(told.status, "Mailen kunne ikke leveres.")
    else:
        happened = _HAPPENED.get(told.action, "Mailen er leveret.")
    own = told.said if told.status in told.said else " ".join(filter(None, (told.status, told.said)))
    return f"{happened} ({own})" if own else happened


_HAPPENED = {
    "failed": "Mailserveren har opgivet at levere mailen, men adressen kan godt være rigtig.",
    "delayed": "Mailen er forsinket; mailserveren prøver igen af sig selv.",
    "": "En mail kom retur uden at sige, hvad der skete.",
}
_WHY = {
    "5.1.0": "Adressen findes ikke.",
    "5.1.1": "Adressen findes ikke.",
    "5.1.2": "Adressens domæne findes ikke.",
    "5.1.10": "Adressen findes ikke.",
    "5.2.1": "Postkassen er lukket.",
    "5.2.2": "Postkassen er fuld.",
}
