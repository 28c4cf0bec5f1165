"""Streams: everything that happened to one school in a school year, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.adapters.schools.insight import addresses_of, is_inside
from kvalitet.adapters.store.agreements import contact_notes
from kvalitet.adapters.store.searches import events, mails
from kvalitet.adapters.store.searches.portion import Span
from kvalitet.municipality import DANISH_TIME
from kvalitet.rights import Right

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from kvalitet.adapters.store.agreements.contact_notes import ContactNote
    from kvalitet.adapters.store.log import Event
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.board import Board
    from kvalitet.days import SchoolYear
    from kvalitet.occurrences import Occurrence
    from kvalitet.rights import Viewer


class Subject(StrEnum):
    """Emne: what a happening is about, as a reader of the page chooses."""

    DELIVERIES = "deliveries"
    AGREEMENTS = "agreements"
    MEETINGS = "meetings"
    MAILS = "mails"
    NOTES = "notes"
    OTHER = "other"


SUBJECTS = {
    Subject.DELIVERIES: "Afleveringer og afgørelser",
    Subject.AGREEMENTS: "Frister, fritagelser og pauser",
    Subject.MEETINGS: "Møder og svar",
    Subject.MAILS: "Mails og påmindelser",
    Subject.NOTES: "Notater",
    Subject.OTHER: "Andet",
}
_OF_EVENTS = {
    Subject.DELIVERIES: {
        "delivered",
        "approved",
        "sent_back",
        "decision_undone",
        "file_received",
        "file_refused",
        "file_infected",
    },
    Subject.AGREEMENTS: {"waived", "extended", "extension_ended", "school_paused", "school_pause_ended"},
    Subject.MEETINGS: {
        "meeting_booked",
        "meeting_moved",
        "meeting_reworded",
        "meeting_cancelled",
        "agenda_written",
        "participant_added",
        "participant_removed",
        "answered",
    },
    Subject.MAILS: {"reminded", "mail_retry", "mail_hold", "mail_release", "mail_cancel"},
}
_SUBJECT_OF = {event: subject for subject, found in _OF_EVENTS.items() for event in found}
# The mail itself, or the note, stands in the stream.
_TOLD_ELSEWHERE = frozenset({"mail_sent", "called"})
# What the service found out on its way, which is for those who keep it running.
_FOR_OPERATORS = frozenset({"extract_waiting", "extract_failed", "extract_row_left_out"})
_LEFT_OUT = _TOLD_ELSEWHERE | _FOR_OPERATORS
# What concerns everybody at a meeting of several schools; the rest is told to the one whom it is about.
_TOLD_TO_ALL = frozenset({"meeting_booked", "meeting_moved", "meeting_reworded", "meeting_cancelled", "agenda_written"})


@dataclass(frozen=True, slots=True)
class Happening:
    """Hændelse i strømmen: an event, a mail or a note; `occurrence` is what it is about."""

    at: datetime
    subject: Subject
    occurrence: Occurrence | None = None
    event: Event | None = None
    mail: Mail | None = None
    note: ContactNote | None = None


def stream(connection: Connection, board: Board, number: str, viewer: Viewer) -> list[Happening]:
    """List what happened to a school, of what the board shows; mails, pauses and verdicts for those inside it."""
    municipality = board.municipality
    known = {row.occurrence.key: row.occurrence for row in board.of_school(number)}
    people = addresses_of(municipality, number)
    found = [
        _of_event(event, known)
        for event in events.about(connection, known)
        if event.event not in _LEFT_OUT and _concerns(event, known[event.occurrence], people)
    ]
    if is_inside(viewer, municipality, number):
        span = span_of(board.school_year)
        loose = events.of_school(connection, municipality.key, number, span)
        found += [_of_event(event, known) for event in loose if event.event not in _LEFT_OUT]
        sent = mails.about(connection, known, school=number, people=people)
        sent += mails.about_nothing(connection, municipality.key, school=number, span=span)
        if viewer.may(Right.SEE_MAILS, municipality):
            sent += mails.about(connection, [key for key, one in known.items() if one.school])
        each = {mail.id: mail for mail in sent}.values()
        found += [Happening(mail.sent_at or mail.created_at, Subject.MAILS, mail=mail) for mail in each]
    if viewer.may(Right.FOLLOW_UP, municipality, number):
        said = contact_notes.of_school(connection, municipality.key, number, board.school_year)
        found += [
            Happening(note.noted_at, Subject.NOTES, known[note.occurrence], note=note)
            for note in said
            if note.occurrence in known
        ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def span_of(school_year: SchoolYear) -> Span:
    """Give the instants of a school year, by the clock in Denmark."""
    first, after = school_year.first_day, school_year.last_day + timedelta(days=1)
    return Span(datetime.combine(first, time(), DANISH_TIME), datetime.combine(after, time(), DANISH_TIME))


def _of_event(event: Event, known: Mapping[str, Occurrence]) -> Happening:
    subject = _SUBJECT_OF.get(event.event, Subject.OTHER)
    return Happening(event.at, subject, known.get(event.occurrence), event=event)


def _concerns(event: Event, occurrence: Occurrence, people: tuple[str, ...]) -> bool:
    """Tell whether what happened to an occurrence that several schools share has to do with one of them."""
    if occurrence.school or event.event in _TOLD_TO_ALL or event.event not in _SUBJECT_OF:
        return True
    said = f"{event.key} {event.recipient}".lower()
    return any(f":{address}:" in f"{said.replace(' ', ':')}:" for address in people)
