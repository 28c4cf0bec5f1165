"""Telling: a decision becomes rows, mails and lines of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.meetings.known import title_of
from kvalitet.adapters.store import bookings, log, revisions
from kvalitet.announcements import CHANGES, Change, Meeting
from kvalitet.invites import Answer, Invite
from kvalitet.letters import News, cancellation, invitation, uninvited
from kvalitet.status import BookingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.meetings.deciding import Decision
    from kvalitet.adapters.store.bookings import Booking
    from kvalitet.announcements import Announcement
    from kvalitet.messages import Message

_ALL = {
    Change.INVITED: "meeting_booked",
    Change.MOVED: "meeting_moved",
    Change.REWORDED: "meeting_reworded",
    Change.CANCELLED: "meeting_cancelled",
}
_ONE = {Change.INVITED: "participant_added", Change.UNINVITED: "participant_removed"}


@dataclass(frozen=True, slots=True)
class Told:
    """Besked: somebody who is told about a meeting, and what."""

    name: str
    address: str
    change: Change

    @property
    def text(self) -> str:
        """Say in Danish what the person is told."""
        return CHANGES[self.change]


def announcements(decision: Decision | None) -> list[Told]:
    """List who would be told what, were a decision carried out."""
    told = decision.announcements if decision else ()
    people = decision.people if decision else {}
    return [Told(people[each.address].name, each.address, each.change) for each in told]


def carry_out(connection: Connection, renderer: Renderer, decision: Decision, *, now: datetime) -> None:
    """Do what was decided, in the caller's transaction."""
    key = decision.occurrence.key
    if decision.before and decision.before.state is not BookingState.BOOKED:
        bookings.forget_attendees(connection, key)
    bookings.save(connection, decision.booked, now=now)
    revisions.keep(connection, key, decision.announcements)
    for announcement in decision.announcements:
        _note(connection, decision, announcement, now=now)
        invite = _invite(decision, announcement)
        enqueue(connection, renderer, _letter(decision, announcement, invite), now=now, invite=invite)
    log.tell_all(connection, _events(decision, at=now))


def _note(connection: Connection, decision: Decision, announcement: Announcement, *, now: datetime) -> None:
    """Keep who is invited, and since which revision they owe an answer."""
    key, address, sequence = decision.occurrence.key, announcement.address, announcement.revision.sequence
    if announcement.change in {Change.INVITED, Change.MOVED}:
        bookings.invite(connection, key, address, decision.people[address].name, sequence=sequence)
    elif announcement.change is Change.UNINVITED:
        bookings.uninvite(connection, key, address, sequence=sequence, now=now)


def _invite(decision: Decision, announcement: Announcement) -> Invite:
    municipality, occurrence = decision.municipality, decision.occurrence
    is_leaving = announcement.change is Change.UNINVITED
    held = decision.before if is_leaving and decision.before else decision.booked
    activity = municipality.wheel.activity(occurrence.activity) if occurrence.activity in municipality.wheel else None
    stays = announcement.change is Change.REWORDED
    return Invite(
        revision=announcement.revision,
        starts_at=held.slot.starts_at,
        ends_at=held.slot.ends_at,
        title=title_of(municipality, occurrence),
        place=held.place,
        description="\n\n".join(filter(None, (activity.description if activity else "", decision.papers.agenda))),
        organizer=municipality.organizer(activity.meeting.on_behalf_of) if activity else None,
        answer=decision.answers.get(announcement.address, Answer.NEEDS_ACTION) if stays else Answer.NEEDS_ACTION,
        still_held=is_leaving,
        files=decision.papers.files,
    )


def _letter(decision: Decision, announcement: Announcement, invite: Invite) -> Message:
    municipality, occurrence = decision.municipality, decision.occurrence
    person = decision.people[announcement.address]
    if announcement.change is Change.CANCELLED:
        return cancellation(municipality, occurrence, person, invite)
    if announcement.change is Change.UNINVITED:
        return uninvited(municipality, occurrence, person, invite)
    before = decision.before if announcement.change is Change.MOVED else None
    news = News(announcement.change, Meeting(before.slot, before.place) if before else None, decision.papers)
    return invitation(municipality, occurrence, person, invite, news)


def _events(decision: Decision, *, at: datetime) -> Iterator[log.Event]:
    """Tell what happened: once for all, or once for each who came or went."""
    occurrence, booked = decision.occurrence, decision.booked
    if booked.state is BookingState.CANCELLED and not decision.announcements:
        yield log.about(
            "meeting_cancelled",
            occurrence,
            at=at,
            suffix=f":{at.isoformat()}",
            detail=_when(decision),
            actor=decision.by,
        )
    is_new = decision.before is None or decision.before.state is not BookingState.BOOKED
    told: set[str] = set()
    for each in decision.announcements:
        joins = each.change is Change.INVITED and not is_new
        event = _ONE[each.change] if joins or each.change is Change.UNINVITED else _ALL[each.change]
        name = decision.people[each.address].name if event in _ONE.values() else ""
        if event not in told or name:
            told.add(event)
            suffix = f":{each.revision.step}" + (f":{each.address}" if name else "")
            detail = name or _when(decision)
            yield log.about(event, occurrence, at=at, suffix=suffix, detail=detail, actor=decision.by)


def _when(decision: Decision) -> str:
    where = _place_and_time(decision.booked)
    return f"{where}: {decision.reason}" if decision.reason else where


def _place_and_time(booked: Booking) -> str:
    when = danish.span_text(booked.slot.starts_at, booked.slot.ends_at)
    return f"{when}, {booked.place}" if booked.place else when
