"""What is known of a meeting: what was last announced and to whom, and what the files say by now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet import invites
from kvalitet.adapters.store import plans
from kvalitet.adapters.store.agreements import agendas
from kvalitet.announcements import Announced, Meeting
from kvalitet.board import danish_date
from kvalitet.invites import Papers, Revision
from kvalitet.messages import known_unit
from kvalitet.municipality import Contact
from kvalitet.occurrences import participants, stands
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.bookings import Attendee, Booking
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

_MARK = 32


@dataclass(frozen=True, slots=True)
class Wording:
    """Ordlyd: marks of the text that goes with an invitation, and of the place that the files name."""

    text: str
    place: str

    @classmethod
    def of(cls, municipality: Municipality, occurrence: Occurrence, papers: Papers) -> Wording:
        """Mark what the files say now."""
        activity = municipality.wheel.activity(occurrence.activity)
        files = [(paper.name, hashlib.sha256(paper.content).hexdigest()) for paper in papers.files]
        said = (title_of(municipality, occurrence), activity.description, papers.question_guide, files)
        own = (papers.agenda,) if papers.agenda else ()  # without one, the mark is as before there were any
        return cls(mark(repr((*said, *own))), mark(activity.meeting.place))

    @classmethod
    def read(cls, kept: str) -> Wording | None:
        """Read the marks that a booking keeps; None for one from before they were kept."""
        text, found, place = kept.partition(".")
        return cls(text, place) if found else None

    def __str__(self) -> str:
        return f"{self.text}.{self.place}"


def with_agenda(connection: Connection, occurrence: Occurrence, papers: Papers) -> Papers:
    """Put the meeting's own agenda among what goes with its invitation."""
    own = agendas.agenda(connection, occurrence.key)
    return replace(papers, agenda=own.text if own else "")


def mark(text: str) -> str:
    """Give a short mark of a text: the same mark means the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]


def title_of(municipality: Municipality, occurrence: Occurrence) -> str:
    """Name a meeting as calendars show it."""
    unit = known_unit(municipality, occurrence)
    return f"{occurrence.title} – {unit}" if unit else occurrence.title


def last_revision(municipality: Municipality, known: Booking, *, now: datetime) -> Revision:
    """Give the last revision of a meeting; before names were kept, they came of the occurrence's key."""
    uid = known.uid or invites.uid_of(known.occurrence, municipality.sender.domain)
    return Revision(uid, known.sequence, known.stamped_at or now.replace(microsecond=0))


def last_announced(
    municipality: Municipality, known: Booking, attendees: Iterable[Attendee], *, text: str, now: datetime
) -> Announced:
    """Gather what was last announced; `text` is the mark that counts where none was kept."""
    kept = Wording.read(known.wording)
    meeting = Meeting(known.slot, known.place, kept.text if kept else text)
    people = frozenset(attendee.address for attendee in attendees)
    return Announced(meeting, last_revision(municipality, known, now=now), people)


def wanted_people(
    municipality: Municipality, occurrence: Occurrence, attendees: Iterable[Attendee] = ()
) -> dict[str, Contact]:
    """List who is to be there by address, never a mailbox that invites.

    An address that is only written with other capitals is the same mailbox: the one that was invited, else the first.
    """
    activity = municipality.wheel.activity(occurrence.activity)
    invited = {attendee.address.lower(): attendee.address for attendee in attendees}
    found: dict[str, Contact] = {}
    for person in participants(municipality, activity, occurrence):
        if not municipality.is_inviting(person.address):
            address = invited.setdefault(person.address.lower(), person.address)
            found.setdefault(address, replace(person, address=address))
    return found


def is_in_files(connection: Connection, municipality: Municipality, occurrence: Occurrence, known: Booking) -> bool:
    """Tell whether the files still ask for a meeting on the day on which it is to be held."""
    held_on = danish_date(known.slot.starts_at)
    if not occurrence.kind.is_meeting or not stands(municipality, occurrence, today=held_on):
        return False
    return not plans.is_dropped(connection, occurrence.key)


def as_contact(attendee: Attendee) -> Contact:
    """Make somebody who was invited a recipient; which role it was is not kept, and no mail says it."""
    return Contact(Role.ADMINISTRATION, attendee.name, attendee.address)
