"""Announcements: who is told what, when what a meeting is now is not what was last announced.

People's calendars are reached by mails alone, so each is told as little as keeps its calendar right:
whoever stays hears of a new time, place or text, whoever is added is invited, and whoever no longer
takes part has the meeting taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet import invites

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from kvalitet.invites import Revision
    from kvalitet.timetable import Slot


class Change(StrEnum):
    """Ændring: what a mail about a meeting tells its reader."""

    INVITED = "invited"
    MOVED = "moved"
    REWORDED = "reworded"
    UNINVITED = "uninvited"
    CANCELLED = "cancelled"


CHANGES: dict[Change, str] = {
    Change.INVITED: "bliver indkaldt",
    Change.MOVED: "får det nye tidspunkt eller sted og svarer igen",
    Change.REWORDED: "får den nye tekst; svaret gælder stadig",
    Change.UNINVITED: "er ikke længere indkaldt; mødet bliver taget ud af kalenderen",
    Change.CANCELLED: "får en aflysning",
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Møde: when and where it is held, and a mark of the text that goes with it."""

    slot: Slot
    place: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """Meddelt: what calendars were last told, by which revision, and whose they are (by address)."""

    meeting: Meeting
    revision: Revision
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Announcement:
    """Meddelelse: a revision that one person (by address) is to get."""

    change: Change
    revision: Revision
    address: str


def invitations(revision: Revision, people: Iterable[str]) -> tuple[Announcement, ...]:
    """Invite everybody (by address) for the first time."""
    return tuple(Announcement(Change.INVITED, revision, address) for address in dict.fromkeys(people))


def cancellations(last: Announced, *, now: datetime) -> tuple[Announcement, ...]:
    """Take the meeting out of everybody's calendar."""
    revision = invites.cancelled(last.revision, now=now)
    return tuple(Announcement(Change.CANCELLED, revision, address) for address in sorted(last.people))


def changes(last: Announced, meeting: Meeting, people: Iterable[str], *, now: datetime) -> tuple[Announcement, ...]:
    """Tell each of those who were and those who are to be there (by address) what is new to them."""
    wanted = tuple(dict.fromkeys(people))
    gone = tuple(_uninvited(last.revision, sorted(last.people.difference(wanted)), now=now))
    newest = gone[-1].revision if gone else last.revision
    stays = [address for address in wanted if address in last.people]
    added = [address for address in wanted if address not in last.people]
    before = last.meeting
    if (meeting.slot, meeting.place) != (before.slot, before.place):
        revision = invites.moved(newest, now=now)
        told = [Announcement(Change.MOVED, revision, address) for address in stays]
        return (*gone, *told, *invitations(revision, added))
    if meeting.wording != before.wording:
        revision = invites.reworded(newest, now=now)
        told = [Announcement(Change.REWORDED, revision, address) for address in stays]
        return (*gone, *told, *invitations(revision, added))
    return (*gone, *_added(newest, added, now=now))


def _uninvited(last: Revision, people: Iterable[str], *, now: datetime) -> Iterator[Announcement]:
    """Take the meeting out of some calendars alone, each by a revision of its own (RFC 5546 § 4.2.10)."""
    for address in people:
        last = invites.cancelled(last, now=now)
        yield Announcement(Change.UNINVITED, last, address)


def _added(last: Revision, people: Iterable[str], *, now: datetime) -> Iterator[Announcement]:
    for address in people:
        last = invites.reworded(last, now=now)
        yield Announcement(Change.INVITED, last, address)
