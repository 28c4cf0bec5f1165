"""Reconciling: do people's calendars say what the municipality's files say by now? Where not, they are told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.enqueueing import note
from kvalitet.adapters.mail.writing.explaining import UnwritableMailError, told
from kvalitet.adapters.meetings.changing import reconcile
from kvalitet.adapters.meetings.known import Wording, is_in_files, wanted_people
from kvalitet.adapters.store import bookings, hold, log, plans
from kvalitet.adapters.store.agreements import agendas
from kvalitet.board import danish_date
from kvalitet.invites import NO_PAPERS, Papers
from kvalitet.wheel import Ring

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.bookings import Attendee, Booking
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True)
class Reconciled:
    """Afstemt: the meetings of which people were told something new, and what stood in the way."""

    meetings: tuple[Occurrence, ...] = ()
    failures: tuple[str, ...] = ()


def has_work(installation: Installation, municipality: Municipality, rings: Collection[Ring], *, now: datetime) -> bool:
    """Tell cheaply whether the files have changed since they were last compared, or a week has passed."""
    with installation.store.read() as connection:
        return is_due(connection, installation, municipality, rings, now=now)


def is_due(
    connection: Connection,
    installation: Installation,
    municipality: Municipality,
    rings: Collection[Ring],
    *,
    now: datetime,
) -> bool:
    """Tell so in the caller's transaction."""
    if not municipality.calendar.is_mail_day(danish_date(now)):
        return False
    return log.recall(connection, _name(municipality, rings)) != _mark(installation, municipality, now=now)


def reconcile_all(
    installation: Installation, municipality: Municipality, rings: Collection[Ring], *, now: datetime
) -> Reconciled:
    """Compare every meeting of some rings that people are invited to with the files; on days when mails are sent.

    A meeting whose activity the files no longer know counts among the school groups'.
    """
    if not has_work(installation, municipality, rings, now=now):
        return Reconciled()
    with installation.store.write() as connection:
        return put(connection, installation, municipality, rings, now=now)


def put(
    connection: Connection,
    installation: Installation,
    municipality: Municipality,
    rings: Collection[Ring],
    *,
    now: datetime,
    renderer: Renderer | None = None,
) -> Reconciled:
    """Do so in the caller's transaction."""
    failures: dict[str, str] = {}
    unwritable: list[UnwritableMailError] = []
    changed = []
    hold(connection, f"invite:{municipality.key}")
    papers: dict[str, Papers] = {}
    coming = _coming(connection, municipality, rings, now=now)
    own = agendas.agendas(connection, [occurrence.key for occurrence, _, _ in coming])
    for occurrence, known, attendees in coming:
        activity = occurrence.activity
        try:
            papers[activity] = papers.get(activity) or _papers(installation, municipality, activity)
        except UserError as error:
            failures[activity] = f"{occurrence.title}: {error.message}"
            continue
        agenda = own[occurrence.key].text if occurrence.key in own else ""
        wanted = replace(papers[activity], agenda=agenda)
        if _is_amiss(connection, municipality, occurrence, known, attendees, wanted):
            writer = renderer or installation.renderer
            try:
                # All of a meeting or nothing; what cannot be written holds up neither the others nor new invitations.
                with connection.begin_nested():
                    found = reconcile(connection, writer, municipality, occurrence, papers[activity], now=now)
            except UnwritableMailError as error:
                unwritable.append(error)
                continue
            changed += [occurrence] if found and found.announcements else []
    note(connection, municipality, unwritable, now=now)
    if not failures and not unwritable:
        log.remember(connection, _name(municipality, rings), _mark(installation, municipality, now=now))
    return Reconciled(tuple(changed), (*failures.values(), *told(unwritable)))


def _coming(
    connection: Connection, municipality: Municipality, rings: Collection[Ring], *, now: datetime
) -> list[tuple[Occurrence, Booking, list[Attendee]]]:
    known = {booking.occurrence: booking for booking in bookings.coming(connection, municipality.key, now=now)}
    occurrences = plans.with_keys(connection, known)
    attendees = bookings.attendees_of(connection, known)
    return [
        (occurrences[key], booking, attendees[key])
        for key, booking in known.items()
        if _ring(municipality, occurrences[key]) in rings
    ]


def _ring(municipality: Municipality, occurrence: Occurrence) -> Ring:
    if occurrence.activity not in municipality.wheel:
        return Ring.SCHOOL_GROUPS
    return municipality.wheel.activity(occurrence.activity).ring


def _papers(installation: Installation, municipality: Municipality, activity: str) -> Papers:
    if activity not in municipality.wheel:
        return NO_PAPERS
    return installation.papers(municipality, municipality.wheel.activity(activity))


def _is_amiss(
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    known: Booking,
    attendees: list[Attendee],
    papers: Papers,
) -> bool:
    """Tell whether a meeting is worth a closer look; most are as they should be."""
    if not is_in_files(connection, municipality, occurrence, known):
        return True
    wording = Wording.of(municipality, occurrence, papers)
    invited = {attendee.address for attendee in attendees}
    return str(wording) != known.wording or set(wanted_people(municipality, occurrence, attendees)) != invited


def _name(municipality: Municipality, rings: Collection[Ring]) -> str:
    return f"reconcile:{municipality.key}:{'+'.join(sorted(rings))}"


def _mark(installation: Installation, municipality: Municipality, *, now: datetime) -> str:
    """Mark all that calendars depend on in the files, and the week: a page may have booked by older files."""
    year, week, _ = danish_date(now).isocalendar()
    inviting = (municipality.sender, municipality.organizers)
    said = hashlib.sha256(f"{municipality.fingerprint}{inviting!r}".encode())
    for activity in municipality.wheel.activities:
        try:
            said.update(repr(_papers(installation, municipality, activity.key)).encode())
        except UserError as error:
            said.update(error.message.encode())
    return f"{said.hexdigest()}:{year}-W{week:02d}"
