"""Invites: the iCalendar revisions of a meeting, from the first invitation to the cancellation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.municipality import Organizer


class Method(StrEnum):
    """Metode: what a calendar is asked to do (RFC 5546 § 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Answer(StrEnum):
    """Svar: what a participant said to an invitation."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


ANSWERS: dict[Answer, str] = {
    Answer.NEEDS_ACTION: "ikke svaret",
    Answer.ACCEPTED: "deltager",
    Answer.TENTATIVE: "måske",
    Answer.DECLINED: "deltager ikke",
}


@dataclass(frozen=True, slots=True)
class Revision:
    """Udgave: one state of a meeting in people's calendars.

    Calendars compare (sequence, stamped_at) and drop the older one (RFC 5546 § 2.1.5), so neither
    ever goes back, whatever the clock does. `uid` is the same for the meeting's whole life.
    """

    uid: str
    sequence: int
    stamped_at: datetime
    method: Method = Method.REQUEST

    @property
    def step(self) -> str:
        """Name the revision where mails say what they are about."""
        return f"{self.method.value.lower()}:{self.sequence}:{self.stamped_at:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Paper:
    """Bilag: a file that goes with an invitation."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Papers:
    """Mødemateriale: the question guide (Markdown), files that go with an invitation, and the meeting's own agenda."""

    question_guide: str = ""
    files: tuple[Paper, ...] = ()
    agenda: str = ""


NO_PAPERS = Papers()


@dataclass(frozen=True, slots=True)
class Invite:
    """Indkaldelse: what one person's calendar shows in one revision; instants are UTC.

    `organizer` is there when somebody else's mailbox invites than the one that mails come from;
    `answer` is what the person has said to the meeting as it stands; `still_held` marks a meeting
    that is taken out of this calendar alone.
    """

    revision: Revision
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    description: str
    organizer: Organizer | None = None
    answer: Answer = Answer.NEEDS_ACTION
    still_held: bool = False
    files: tuple[Paper, ...] = ()


def uid_of(occurrence_key: str, domain: str, *, life: int = 1) -> str:
    """Give the meeting's name in all calendars: nobody's name in it, and ours alone.

    A meeting that is booked again after a cancellation gets a name of its own: calendars remember the old one.
    """
    return f"{occurrence_key}@{domain}" if life == 1 else f"{occurrence_key}~{life}@{domain}"


def first(uid: str, *, now: datetime, after: datetime | None = None) -> Revision:
    """Make the revision that invites; `after` is the stamp of whatever was said of the meeting before."""
    invited = Revision(uid, 0, now.replace(microsecond=0))
    return invited if after is None else Revision(uid, 0, _later(Revision(uid, 0, after), now))


def moved(last: Revision, *, now: datetime) -> Revision:
    """Make the next revision when time or place changes: everybody must answer again."""
    return Revision(last.uid, last.sequence + 1, _later(last, now))


def reworded(last: Revision, *, now: datetime) -> Revision:
    """Make the next revision when only the text changes: answers still stand."""
    return Revision(last.uid, last.sequence, _later(last, now))


def cancelled(last: Revision, *, now: datetime) -> Revision:
    """Make the revision that takes the meeting out of the calendars."""
    return Revision(last.uid, last.sequence + 1, _later(last, now), Method.CANCEL)


def _later(last: Revision, now: datetime) -> datetime:
    return max(now.replace(microsecond=0), last.stamped_at + timedelta(seconds=1))
