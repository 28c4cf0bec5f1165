"""Still needed? What may have happened to a meeting between its mail's making and its sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.store import bookings, outbox
from kvalitet.invites import Revision, uid_of
from kvalitet.status import BookingState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality

MEETINGS = frozenset({"invitation", "cancellation"})


def judge_meeting(connection: Connection, mail: Mail, municipality: Municipality | None) -> Judgement:
    """Judge a mail about a meeting."""
    for key, step in outbox.about(connection, mail.id).items():
        booking = bookings.booking(connection, key)
        if booking is None or booking.stamped_at is None:
            return Judgement("Der er ikke længere et møde.")
        if booking.state is BookingState.CANCELLED and mail.template == "invitation":
            return Judgement("Mødet er aflyst.")
        domain = municipality.sender.domain if municipality else ""
        current = Revision(uid_of(key, domain), booking.sequence, booking.stamped_at)
        if mail.template == "invitation" and step != current.step:
            return Judgement("Mødet er flyttet; en nyere indkaldelse er på vej.")
    return STILL_NEEDED
