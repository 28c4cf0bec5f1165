"""Decisions: what the director says of a delivery: approved, or sent back with a comment; and taken back again.

A decision is about one version: what is delivered after it is to be read anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.deliveries import deliverable
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.mail.enqueueing import enqueue_each, note
from kvalitet.adapters.store import deliveries, facts, hold, log, outbox, plans
from kvalitet.board import danish_date
from kvalitet.decided import Decided, decision_messages
from kvalitet.occurrences import stands
from kvalitet.reminders import look_after_return, steps
from kvalitet.status import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

MAILS = frozenset(Decision)
LONGEST_COMMENT = 2000
NO_COMMENT = "Skriv, hvad skolen skal rette; kommentaren kommer med i mailen."
TAKEN_BACK = "Afgørelsen er fortrudt, eller der er afleveret en ny udgave."


def decide(  # noqa: PLR0913 -- what a person says, each part named where it is given
    installation: Installation, key: str, decision: Decision, *, version: int, comment: str, by: str, now: datetime
) -> bool:
    """Approve a version or send it back, and write to the school; tells whether that was new, or is a UserError."""
    comment = comment.strip()
    if decision is Decision.SENT_BACK and not comment:
        raise UserError(NO_COMMENT)
    if len(comment) > LONGEST_COMMENT:
        raise UserError(f"Kommentaren er for lang; højst {LONGEST_COMMENT} tegn.")
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        occurrence, delivery = _newest(connection, key, version)
        if (delivery.decision, delivery.comment) == (decision.value, comment):
            return False
        deliveries.decide(connection, delivery.id, decision=decision.value, by=by, comment=comment, now=now)
        municipality = installation.municipality(occurrence.municipality)
        _wake(connection, municipality, occurrence, decision, now=now)
        decided = Decided(decision.value, delivery.version, comment, by, now)
        _tell(connection, decision.value, decided, occurrence)
        # What was decided stands, also when the mail about it cannot be written.
        _, failed = enqueue_each(
            connection, installation.renderer, decision_messages(municipality, occurrence, decided), now=now
        )
        note(connection, municipality, failed, now=now)
    return True


def undo(installation: Installation, key: str, *, version: int, by: str, now: datetime) -> bool:
    """Take a decision back: the version is delivered, and waits to be read; tells whether there was one."""
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        occurrence, delivery = _newest(connection, key, version)
        if delivery.decision is None:
            return False
        deliveries.decide(connection, delivery.id, decision=None, by="", comment="", now=now)
        plans.set_wake(connection, key, None)
        _tell(connection, "decision_undone", Decided("", delivery.version, "", by, now), occurrence)
    return True


def judge(connection: Connection, mail: Mail) -> Judgement:
    """Judge a mail about a decision: what was taken back, or is about an older version, is not told any more."""
    for key, word in outbox.about(connection, mail.id).items():
        decision, _, version = word.partition(":")
        newest = deliveries.newest(connection, key)
        if newest is None or (newest.decision, str(newest.version)) != (decision, version):
            return Judgement(TAKEN_BACK)
    return STILL_NEEDED


def _newest(connection: Connection, key: str, version: int) -> tuple[Occurrence, Delivery]:
    """Find the version that is decided on, which must be the newest: nobody approves what they have not read."""
    occurrence = deliverable(connection, key)
    delivery = deliveries.newest(connection, key)
    if delivery is None:
        raise UserError(f"»{occurrence.title}« er ikke afleveret endnu; der er intet at afgøre.")
    if facts.of(connection, [key])[key].waived:
        raise UserError(f"Skolen er fritaget for »{occurrence.title}«; der er intet at afgøre.")
    if delivery.version != version:
        raise UserError(f"Der er kommet en nyere udgave ({delivery.version}) af »{occurrence.title}«; læs den først.")
    return occurrence, delivery


def _wake(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, decision: Decision, *, now: datetime
) -> None:
    """Let the reminders of what was sent back come again, and end those of what is approved."""
    today = danish_date(now)
    if decision is Decision.APPROVED or not stands(municipality, occurrence, today=today):
        plans.set_wake(connection, occurrence.key, None)
        return
    ladder = steps(occurrence, municipality.wheel.activity(occurrence.activity), municipality.calendar)
    look = look_after_return(ladder, occurrence, municipality.calendar, today=today)
    plans.set_wake(connection, occurrence.key, look)


def _tell(connection: Connection, event: str, decided: Decided, occurrence: Occurrence) -> None:
    detail = f"udgave {decided.version}" + (f": {decided.comment}" if decided.comment else "")
    suffix, at = f":{decided.version}:{decided.decided_at.isoformat()}", decided.decided_at
    log.tell(connection, log.about(event, occurrence, at=at, suffix=suffix, detail=detail, actor=decided.by))
