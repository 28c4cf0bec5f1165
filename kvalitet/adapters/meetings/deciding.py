"""Deciding: what a meeting becomes and who is told what; it reads, and nothing has happened yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet import invites
from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.meetings.known import (
    Wording,
    as_contact,
    is_in_files,
    last_announced,
    last_revision,
    mark,
    wanted_people,
    with_agenda,
)
from kvalitet.adapters.store import bookings, revisions
from kvalitet.adapters.store.bookings import Booking
from kvalitet.announcements import Announcement, Meeting, cancellations, changes, invitations
from kvalitet.invites import NO_PAPERS, Answer, Papers
from kvalitet.status import BookingState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.bookings import Attendee
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.timetable import Slot

# Beyond these a time is a slip of the finger, and everybody's calendar would have it.
LONGEST, LATEST = timedelta(hours=12), timedelta(days=365)
LONGEST_AGENDA = 2000


@dataclass(frozen=True)
class Decision:
    """Beslutning: what a meeting's row becomes, and who is told what.

    `before` is the row as it was, and `people` are all whom the announcements are for, by address;
    `reason` is why, where nobody asked for it, and `by` is who asked.
    """

    municipality: Municipality
    occurrence: Occurrence
    booked: Booking
    before: Booking | None = None
    announcements: tuple[Announcement, ...] = ()
    people: Mapping[str, Contact] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    papers: Papers = NO_PAPERS
    reason: str = ""
    by: str = ""


def booking_of(  # noqa: PLR0913 -- ports first, then values that are named where they are given
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    place: str,
    now: datetime,
    papers: Papers = NO_PAPERS,
) -> Decision | None:
    """Decide on booking a meeting; None when it is booked just so already.

    One that was cancelled may be booked again; in calendars it is another meeting.
    """
    known = bookings.booking(connection, occurrence.key)
    _refuse(occurrence, slot, now=now)
    if known and known.state is BookingState.BOOKED:
        if (known.slot, known.place) == (slot, place):
            return None
        raise UserError(f"»{occurrence.title}« er allerede indkaldt; flyt mødet i stedet (»kvalitet move«).")
    papers = with_agenda(connection, occurrence, papers)
    uid = _fresh_name(connection, municipality, occurrence, known)
    revision = invites.first(uid, now=now, after=known.stamped_at if known else None)
    wording = Wording.of(municipality, occurrence, papers)
    booked = Booking(occurrence.key, BookingState.BOOKED, slot, place, 0, revision.stamped_at, uid, str(wording))
    people = wanted_people(municipality, occurrence)
    return Decision(municipality, occurrence, booked, known, invitations(revision, people), people, papers=papers)


def move_of(  # noqa: PLR0913 -- as booking_of
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    slot: Slot,
    *,
    now: datetime,
    place: str | None = None,
    papers: Papers = NO_PAPERS,
) -> Decision | None:
    """Decide on moving a meeting; without `place` it stays where it was held. None when it lies there already.

    A meeting that nobody is invited to yet is only proposed anew.
    """
    known = bookings.booking(connection, occurrence.key)
    _refuse(occurrence, slot, now=now)
    if known is None:
        raise UserError(f"»{occurrence.title}« har ingen dato at flytte; indkald i stedet (»kvalitet book«).")
    if known.state is BookingState.CANCELLED:
        raise UserError(f"»{occurrence.title}« er aflyst; indkald til det igen i stedet (»kvalitet book«).")
    wanted = replace(known, slot=slot, place=known.place if place is None else place)
    if wanted == known:
        return None
    if known.state is BookingState.PROPOSED:
        return Decision(municipality, occurrence, wanted, known)
    papers = with_agenda(connection, occurrence, papers)
    return _changed(connection, municipality, occurrence, known, wanted, papers, now=now)


def agenda_of(
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    text: str,
    *,
    now: datetime,
    papers: Papers = NO_PAPERS,
) -> Decision | None:
    """Decide on telling those who are invited what the meeting is about now; None when nobody is invited yet."""
    known = bookings.booking(connection, occurrence.key)
    if known is None or known.state is not BookingState.BOOKED:
        return None
    return _changed(connection, municipality, occurrence, known, known, replace(papers, agenda=text), now=now)


def agenda_text(occurrence: Occurrence, known: Booking | None, text: str, *, now: datetime) -> str:
    """Read an agenda as somebody wrote it; one that is too long, or of a meeting that is over, is a UserError."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    written = "\n".join(lines)
    if not occurrence.kind.is_meeting:
        raise UserError(f"»{occurrence.title}« er ikke et møde og har ingen dagsorden.")
    if len(written) > LONGEST_AGENDA:
        raise UserError(f"Dagsordenen er for lang; skriv højst {LONGEST_AGENDA} tegn, og vedhæft resten.")
    has_begun = known is not None and known.state is BookingState.BOOKED and known.slot.starts_at <= now
    if has_begun or (known and known.state is BookingState.CANCELLED):
        raise UserError(f"»{occurrence.title}« er aflyst eller begyndt; dagsordenen kan ikke ændres mere.")
    return written


def cancellation_of(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, *, now: datetime, reason: str = ""
) -> Decision | None:
    """Decide on cancelling a meeting; None when it is cancelled already."""
    known = bookings.booking(connection, occurrence.key)
    if known is None:
        raise UserError(f"»{occurrence.title}« har ingen dato at aflyse.")
    if known.state is BookingState.CANCELLED:
        return None
    if known.state is BookingState.PROPOSED:
        dropped = replace(known, state=BookingState.CANCELLED)
        return Decision(municipality, occurrence, dropped, known, reason=reason)
    if known.slot.ends_at <= now:
        raise UserError(f"»{occurrence.title}« er holdt; et møde, der er forbi, kan ikke aflyses.")
    attendees = bookings.attendees(connection, occurrence.key)
    last = last_announced(municipality, known, attendees, text="", now=now)
    told = cancellations(last, now=now)
    revision = invites.cancelled(last.revision, now=now)
    cancelled = replace(
        known,
        state=BookingState.CANCELLED,
        sequence=revision.sequence,
        stamped_at=revision.stamped_at,
        uid=revision.uid,
    )
    people = {attendee.address: as_contact(attendee) for attendee in attendees}
    return Decision(municipality, occurrence, cancelled, known, told, people, reason=reason)


def reconciliation_of(
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    known: Booking,
    papers: Papers,
    *,
    now: datetime,
) -> Decision | None:
    """Decide on what the files ask for of a meeting that people are invited to; None when all is as it should be."""
    if not is_in_files(connection, municipality, occurrence, known):
        reason = "findes ikke længere i kommunens årshjul"
        return cancellation_of(connection, municipality, occurrence, now=now, reason=reason)
    papers = with_agenda(connection, occurrence, papers)
    wording = Wording.of(municipality, occurrence, papers)
    kept = Wording.read(known.wording)
    place = known.place
    # A place that came of the files follows them; one that somebody chose for this meeting stays.
    if kept and kept.place != wording.place and mark(known.place) == kept.place:
        place = municipality.wheel.activity(occurrence.activity).meeting.place
    decision = _changed(connection, municipality, occurrence, known, replace(known, place=place), papers, now=now)
    return decision if decision.announcements or decision.booked.wording != known.wording else None


def _changed(  # noqa: PLR0913 -- as booking_of
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    known: Booking,
    wanted: Booking,
    papers: Papers,
    *,
    now: datetime,
) -> Decision:
    """Decide on what a meeting that people are invited to is to be from now on."""
    attendees = bookings.attendees(connection, occurrence.key)
    wording = Wording.of(municipality, occurrence, papers)
    last = last_announced(municipality, known, attendees, text=wording.text, now=now)
    people = wanted_people(municipality, occurrence, attendees)
    told = changes(last, Meeting(wanted.slot, wanted.place, wording.text), people, now=now)
    newest = told[-1].revision if told else last.revision
    booked = replace(
        wanted,
        sequence=newest.sequence,
        stamped_at=newest.stamped_at,
        uid=newest.uid,
        wording=str(wording),
    )
    everybody = {attendee.address: as_contact(attendee) for attendee in attendees} | people
    return Decision(municipality, occurrence, booked, known, told, everybody, _answers(attendees), papers)


def _answers(attendees: list[Attendee]) -> dict[str, Answer]:
    return {attendee.address: attendee.answer for attendee in attendees}


def _fresh_name(
    connection: Connection, municipality: Municipality, occurrence: Occurrence, known: Booking | None
) -> str:
    """Give the first name in calendars that this meeting has never had."""
    used = {revision.uid for revision in revisions.of(connection, occurrence.key)}
    if known and known.stamped_at:
        used.add(last_revision(municipality, known, now=known.stamped_at).uid)
    life = 1
    while (uid := invites.uid_of(occurrence.key, municipality.sender.domain, life=life)) in used:
        life += 1
    return uid


def _refuse(occurrence: Occurrence, slot: Slot, *, now: datetime) -> None:
    if not occurrence.kind.is_meeting:
        raise UserError(f"»{occurrence.title}« er ikke et møde og kan ikke få en mødedato.")
    if slot.ends_at <= slot.starts_at:
        raise UserError("Mødet slutter, før det begynder; ret sluttidspunktet.")
    if slot.starts_at <= now:
        when = danish.span_text(slot.starts_at, slot.ends_at)
        raise UserError(f"Mødet ville ligge i fortiden ({when}); vælg et senere tidspunkt.")
    if slot.ends_at - slot.starts_at > LONGEST:
        raise UserError("Mødet ville vare mere end tolv timer; ret tidspunkterne.")
    if (slot.starts_at.date() - occurrence.due).days > LATEST.days:
        raise UserError("Mødet ville ligge mere end et år efter sit tidsrum i årshjulet; ret datoen.")
