"""Answers to invitations: the newest one of each invited person counts; the rest is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.store import bookings, incoming, log, plans
from kvalitet.adapters.store.bookings import Answered
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.invites import ANSWERS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.incoming.calendar_answers import CalendarAnswer
    from kvalitet.adapters.incoming.reading import ReceivedMail
    from kvalitet.adapters.store.bookings import Attendee
    from kvalitet.occurrences import Occurrence

UNKNOWN_MEETING = "Svaret er på et møde, som ikke findes her."
NOT_INVITED = "{who} er ikke indkaldt til mødet, men har svaret »{answer}«."
OLDER_INVITATION = "Svarede »{answer}« på en tidligere indkaldelse; mødet er ændret siden."
OTHER_INVITATION = "Svarede »{answer}« på en indkaldelse, som ikke gælder (længere)."
OLDER_ANSWER = "Svarede »{answer}«, men et nyere svar var kommet."
UNCONFIRMED = "Svarede »{answer}«, men afsenderen er ubekræftet, og der er et bekræftet svar."


@dataclass(frozen=True, slots=True)
class _Outcome:
    kind: IncomingKind
    detail: str


def keep(
    connection: Connection, identity: int, mail: ReceivedMail, municipality: str | None, *, now: datetime
) -> IncomingKind:
    """Note an answer; what no machine should decide is left to a person."""
    given = mail.answer
    assert given
    key = bookings.occurrence_with(connection, given.uid)
    occurrence = plans.occurrence(connection, key) if key else None
    if occurrence is None:
        outcome = _Outcome(IncomingKind.HUMAN, mail.detail or UNKNOWN_MEETING)
        place = municipality
    else:
        outcome = _counted(connection, occurrence, mail, given, now=now)
        place = occurrence.municipality
    incoming.place(
        connection,
        identity,
        municipality=place,
        occurrence=key if occurrence else None,
        kind=outcome.kind.value,
        detail=outcome.detail,
    )
    return outcome.kind


def _counted(
    connection: Connection, occurrence: Occurrence, mail: ReceivedMail, given: CalendarAnswer, *, now: datetime
) -> _Outcome:
    if given.answer is None:
        return _Outcome(IncomingKind.HUMAN, given.remark)
    word = ANSWERS[given.answer]
    invited = {found.address.lower(): found for found in bookings.attendees(connection, occurrence.key)}
    attendee = invited.get(given.attendee)
    if attendee is None:
        return _Outcome(IncomingKind.HUMAN, NOT_INVITED.format(who=given.attendee, answer=word))
    at = min(given.stamped_at, now)
    said = Answered(given.answer, given.sequence, at, given.comment, mail.is_from_the_attendee)
    if not bookings.answer(connection, occurrence.key, given.attendee, said, uid=given.uid):
        return _Outcome(IncomingKind.SET_ASIDE, _why_not(attendee, said).format(answer=word))
    told = f"{attendee.name} {word}" + ("" if said.is_confirmed else " (ubekræftet)")
    suffix = f":{given.attendee}:{said.sequence}:{said.at.isoformat()}"
    log.tell(connection, log.about("answered", occurrence, at=now, suffix=suffix, detail=told))
    return _Outcome(IncomingKind.ANSWER, told)


def _why_not(attendee: Attendee, said: Answered) -> str:
    if said.sequence < attendee.sequence:
        return OLDER_INVITATION
    if attendee.answered_at is None:
        return OTHER_INVITATION
    if attendee.is_confirmed and not said.is_confirmed:
        return UNCONFIRMED
    return OLDER_ANSWER if said.at <= attendee.answered_at else OTHER_INVITATION
