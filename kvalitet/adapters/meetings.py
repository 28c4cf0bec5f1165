"""Meetings: booking, moving and cancelling, each with the mails that tell the participants."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet import invites
from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.store import bookings, log
from kvalitet.adapters.store.bookings import Booking
from kvalitet.invites import Invite, Revision
from kvalitet.letters import cancellation, invitation
from kvalitet.messages import unit_name
from kvalitet.occurrences import participants
from kvalitet.status import BookingState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.timetable import Slot

# Beyond these a time is a slip of the finger, and everybody's calendar would have it.
LONGEST, LATEST = timedelta(hours=12), timedelta(days=365)


def book(  # noqa: PLR0913 -- ports first, then values that are named where they are given
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    place: str,
    now: datetime,
    question_guide: str = "",
) -> bool:
    """Book a meeting and invite its participants, in the caller's transaction; tells whether that was new.

    `question_guide` is the Markdown text that stands in the invitation.
    """
    known = bookings.booking(connection, occurrence.key)
    _refuse(occurrence, known, slot, now=now)
    if known and known.state is BookingState.BOOKED:
        if (known.slot, known.place) == (slot, place):
            return False
        raise UserError(f"»{occurrence.title}« er allerede indkaldt; flyt mødet i stedet (»kvalitet move«).")
    revision = invites.first(invites.uid_of(occurrence.key, municipality.sender.domain), now=now)
    booked = Booking(occurrence.key, BookingState.BOOKED, slot, place, revision.sequence, revision.stamped_at)
    _announce(connection, renderer, municipality, occurrence, booked, question_guide=question_guide, now=now)
    return True


def move(  # noqa: PLR0913 -- ports first, then values that are named where they are given
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    now: datetime,
    place: str | None = None,
    question_guide: str = "",
) -> bool:
    """Move a meeting and tell the participants; without `place` it stays where it was held.

    A meeting that nobody is invited to yet is only proposed anew. Tells whether anything changed.
    """
    known = bookings.booking(connection, occurrence.key)
    _refuse(occurrence, known, slot, now=now)
    if known is None:
        raise UserError(f"»{occurrence.title}« har ingen dato at flytte; indkald i stedet (»kvalitet book«).")
    wanted = replace(known, slot=slot, place=known.place if place is None else place)
    if wanted == known:
        return False
    if known.state is BookingState.PROPOSED:
        bookings.save(connection, wanted, now=now)
        return True
    revision = invites.moved(_last(municipality, known, now), now=now)
    wanted = replace(wanted, sequence=revision.sequence, stamped_at=revision.stamped_at)
    _announce(connection, renderer, municipality, occurrence, wanted, question_guide=question_guide, now=now)
    return True


def cancel(
    connection: Connection, renderer: Renderer, municipality: Municipality, occurrence: Occurrence, *, now: datetime
) -> bool:
    """Cancel a meeting and tell those who were invited; tells whether that was new."""
    known = bookings.booking(connection, occurrence.key)
    if known is None:
        raise UserError(f"»{occurrence.title}« har ingen dato at aflyse.")
    if known.state is BookingState.CANCELLED:
        return False
    if known.state is BookingState.BOOKED and known.slot.ends_at <= now:
        raise UserError(f"»{occurrence.title}« er holdt; et møde, der er forbi, kan ikke aflyses.")
    invited = bookings.attendees(connection, occurrence.key)
    revision = invites.cancelled(_last(municipality, known, now), now=now)
    state = replace(known, state=BookingState.CANCELLED, sequence=revision.sequence, stamped_at=revision.stamped_at)
    bookings.save(connection, state, now=now)
    detail = _told(state)
    log.tell(connection, log.about("meeting_cancelled", occurrence, at=now, detail=detail))
    if known.state is BookingState.BOOKED:
        invite = _invite(municipality, occurrence, state, revision)
        addresses = {attendee.address for attendee in invited}
        for person in _invited(municipality, occurrence):
            if person.address in addresses:
                enqueue(
                    connection, renderer, cancellation(municipality, occurrence, person, invite), now=now, invite=invite
                )
    return True


def _announce(  # noqa: PLR0913 -- as book
    connection: Connection,
    renderer: Renderer,
    municipality: Municipality,
    occurrence: Occurrence,
    booked: Booking,
    *,
    question_guide: str,
    now: datetime,
) -> None:
    bookings.save(connection, booked, now=now)
    revision = _last(municipality, booked, now)
    invite = _invite(municipality, occurrence, booked, revision)
    for person in _invited(municipality, occurrence):
        bookings.invite(connection, occurrence.key, person.address, person.name, sequence=revision.sequence)
        message = invitation(municipality, occurrence, person, invite, question_guide=question_guide)
        enqueue(connection, renderer, message, now=now, invite=invite)
    told = log.about("meeting_booked", occurrence, at=now, suffix=f":{revision.step}", detail=_told(booked))
    log.tell(connection, told)


def _invite(municipality: Municipality, occurrence: Occurrence, booked: Booking, revision: Revision) -> Invite:
    unit = unit_name(municipality, occurrence)
    activity = municipality.wheel.activity(occurrence.activity)
    return Invite(
        revision=revision,
        starts_at=booked.slot.starts_at,
        ends_at=booked.slot.ends_at,
        title=f"{occurrence.title} – {unit}" if unit else occurrence.title,
        place=booked.place,
        description=activity.description,
    )


def _invited(municipality: Municipality, occurrence: Occurrence) -> list[Contact]:
    """List whom to invite: not the mailbox that invites, since nobody can answer himself."""
    activity = municipality.wheel.activity(occurrence.activity)
    people = participants(municipality, activity, occurrence)
    return [person for person in people if person.address != municipality.sender.address]


def _last(municipality: Municipality, known: Booking, now: datetime) -> Revision:
    uid = invites.uid_of(known.occurrence, municipality.sender.domain)
    return Revision(uid, known.sequence, known.stamped_at or now.replace(microsecond=0))


def _refuse(occurrence: Occurrence, known: Booking | None, slot: Slot, *, now: datetime) -> None:
    if not occurrence.kind.is_meeting:
        raise UserError(f"»{occurrence.title}« er ikke et møde og kan ikke få en mødedato.")
    if known and known.state is BookingState.CANCELLED:
        raise UserError(f"»{occurrence.title}« er aflyst; et aflyst møde kan ikke indkaldes igen.")
    if slot.ends_at <= slot.starts_at:
        raise UserError("Mødet slutter, før det begynder; ret sluttidspunktet.")
    if slot.starts_at <= now:
        when = danish.span_text(slot.starts_at, slot.ends_at)
        raise UserError(f"Mødet ville ligge i fortiden ({when}); vælg et senere tidspunkt.")
    if slot.ends_at - slot.starts_at > LONGEST:
        raise UserError("Mødet ville vare mere end tolv timer; ret tidspunkterne.")
    if (slot.starts_at.date() - occurrence.due).days > LATEST.days:
        raise UserError("Mødet ville ligge mere end et år efter sit tidsrum i årshjulet; ret datoen.")


def _told(booked: Booking) -> str:
    when = danish.span_text(booked.slot.starts_at, booked.slot.ends_at)
    return f"{when}, {booked.place}" if booked.place else when
