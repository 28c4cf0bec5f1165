"""Still needed? What may have happened to a meeting between its mail's making and its sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.store import bookings, outbox, revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.adapters.store.outbox import Mail

MEETINGS = frozenset({"invitation", "uninvited", "cancellation"})
_OVERTAKEN = {
    "invitation": "Der er nyt om mødet; en nyere indkaldelse er på vej.",
    "uninvited": "Modtageren er ikke længere indkaldt til mødet.",
    "cancellation": "Mødet er aflyst.",
}


def judge_meeting(connection: Connection, mail: Mail) -> Judgement:
    """Judge a mail about a meeting: the newest one to a person says it all, and nothing is taken back unsaid."""
    for key, step in outbox.about(connection, mail.id).items():
        booking = bookings.booking(connection, key)
        if booking is None or booking.stamped_at is None:
            return Judgement("Der er ikke længere et møde.")
        lives = {revision.step: revision.uid for revision in revisions.of(connection, key)}
        others = revisions.other_mails(connection, mail, key)
        same = [other for other in others if lives.get(other.step) == lives.get(step)]
        newer = [other for other in same if other.id > mail.id]
        earlier = [other for other in same if other.id < mail.id]
        if newer:
            return Judgement(_OVERTAKEN[newer[-1].template])
        if mail.template != "invitation" and earlier and not any(other.may_be_known for other in earlier):
            return Judgement("Modtageren nåede ikke at få indkaldelsen, så der er intet at tage tilbage.")
    return STILL_NEEDED
