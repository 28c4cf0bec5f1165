"""Letters: the mails that are no part of a reminder ladder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from kvalitet.announcements import Change, Meeting
from kvalitet.board import danish_date, progress_of
from kvalitet.extensions import shared_due
from kvalitet.invites import NO_PAPERS, Papers
from kvalitet.messages import Message, known_unit, unit_name
from kvalitet.municipality import Contact
from kvalitet.occurrences import participants
from kvalitet.status import State
from kvalitet.wheel import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from kvalitet.board import Board, Row
    from kvalitet.invites import Invite
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.status import Progress

COMING_DAYS = 7
LIFE_OF_A_DIGEST = timedelta(days=3)


class HandedIn(Protocol):
    """Det afleverede: what a receipt says about a delivery."""

    @property
    def version(self) -> int:
        """How many times it has been delivered."""
        ...

    @property
    def delivered_at(self) -> datetime:
        """When it was delivered, in UTC."""
        ...

    @property
    def delivered_by(self) -> str:
        """Who delivered it."""
        ...


@dataclass(frozen=True, slots=True)
class ActivityProgress:
    """Aktivitetens fremdrift: how far one activity is, and whose delivery is missing."""

    title: str
    due: date
    progress: Progress
    missing: tuple[str, ...]
    overdue: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """På vej: something that opens, falls due or is held in the coming week."""

    day: date
    what: str
    title: str
    unit: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class News:
    """Nyt: what a mail about a meeting says beside the meeting itself.

    `before` is what was announced last, where that has changed.
    """

    change: Change = Change.INVITED
    before: Meeting | None = None
    papers: Papers = NO_PAPERS


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """Ventende mail: what of the mail waits for a person: written to us and unread, held back, or gone astray.

    `bouncing` counts addresses whose mails come back, the others count mails.
    """

    unread: int = 0
    bouncing: int = 0
    held: int = 0
    astray: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.unread or self.bouncing or self.held or self.astray)


def invitation(
    municipality: Municipality, occurrence: Occurrence, person: Contact, invite: Invite, news: News = News()
) -> Message:
    """Invite one person to a meeting, or tell what is new about it; it expires when the meeting begins."""
    activity = municipality.wheel.activity(occurrence.activity)
    people = tuple(other.name for other in participants(municipality, activity, occurrence))
    values = {
        "change": news.change.value,
        "before": news.before,
        "people": people,
        "question_guide": news.papers.question_guide,
        "files": tuple(paper.name for paper in news.papers.files),
    }
    return _about_meeting("invitation", municipality, occurrence, person, invite, values)


def cancellation(municipality: Municipality, occurrence: Occurrence, person: Contact, invite: Invite) -> Message:
    """Tell one person that a meeting is not held."""
    return _about_meeting("cancellation", municipality, occurrence, person, invite, {})


def uninvited(municipality: Municipality, occurrence: Occurrence, person: Contact, invite: Invite) -> Message:
    """Tell one person that a meeting is held without him or her."""
    return _about_meeting("uninvited", municipality, occurrence, person, invite, {})


def receipt(municipality: Municipality, occurrence: Occurrence, delivery: HandedIn, *, now: datetime) -> Message:
    """Thank for a delivery: to the one who owns the activity for that school."""
    activity = municipality.wheel.activity(occurrence.activity)
    people = municipality.people(activity.owner, school=occurrence.school, school_group=occurrence.school_group)
    return Message(
        key=f"receipt:{occurrence.key}:{delivery.version}:{people[0].address}",
        template="receipt",
        municipality=municipality,
        to=people[0],
        thread=occurrence.key,
        about={occurrence.key: f"receipt:{delivery.version}"},
        values={
            "occurrence": occurrence,
            "unit": unit_name(municipality, occurrence),
            "delivery": delivery,
            "late": danish_date(delivery.delivered_at) > occurrence.due,
            "today": danish_date(now),
        },
        school=occurrence.school,
        activity=occurrence.activity,
    )


def weekly_digest(board: Board, ending: Board | None = None, waiting: WaitingMail | None = None) -> tuple[Message, ...]:
    """Sum up the week for those whom the municipality names: who is missing, what is coming, which mail waits.

    `ending` is the year before, while its wheel still turns beside the one that has begun.
    """
    boards = (ending, board) if ending else (board,)
    municipality, today = board.municipality, board.today
    week = f"{today.isocalendar().year}-W{today.isocalendar().week:02d}"
    rows = tuple(sorted((row for each in boards for row in _progress(each)), key=_by_urgency))
    coming = tuple(sorted((line for each in boards for line in _coming(each)), key=_by_day))
    values = {"rows": rows, "coming": coming, "today": today, "school_year": board.school_year}
    values["waiting"] = waiting or WaitingMail()
    people = {person.address: person for role in municipality.digest_to for person in municipality.people(role)}
    return tuple(
        Message(
            key=f"digest:{municipality.key}:{board.school_year.key}:{week}:{person.address}",
            template="weekly_digest",
            municipality=municipality,
            to=person,
            thread=f"{municipality.key}.{board.school_year.key}.digest",
            values=values,
            expires_at=board.now + LIFE_OF_A_DIGEST,
        )
        for person in people.values()
    )


def login(municipality: Municipality, address: str, *, token: str, way: str, expires_at: datetime) -> Message:
    """Give whoever reads a mailbox the link that lets them in once; what it is made from stays out of its key."""
    known = municipality.person_at(address) or Contact(Role.ADMINISTRATION, address, address)
    mark = hashlib.sha256(token.encode()).hexdigest()
    return Message(
        key=f"login:{mark}",
        template="login",
        municipality=municipality,
        to=known,
        thread=f"{municipality.key}.login.{mark}",
        values={"token": token, "way": way, "until": expires_at},
        expires_at=expires_at,
    )


def _about_meeting(
    template: str,
    municipality: Municipality,
    occurrence: Occurrence,
    person: Contact,
    invite: Invite,
    values: Mapping[str, object],
) -> Message:
    step = invite.revision.step
    return Message(
        key=f"invite:{occurrence.key}:{step}:{person.address}",
        template=template,
        municipality=municipality,
        to=person,
        thread=occurrence.key,
        about={occurrence.key: step},
        values={
            "occurrence": occurrence,
            "unit": known_unit(municipality, occurrence),
            "invite": invite,
            **values,
        },
        school=occurrence.school,
        activity=occurrence.activity,
        expires_at=invite.starts_at,
    )


def _progress(board: Board) -> tuple[ActivityProgress, ...]:
    found = []
    for activity, rows in board.activities():
        begun = [row for row in rows if row.state is not State.NOT_OPEN]
        if activity.kind is Kind.DELIVERABLE and begun:
            missing = [row for row in begun if not row.state.is_done]
            late = [row for row in missing if row.state is State.OVERDUE]
            due = shared_due(row.occurrence for row in begun)
            found.append(
                ActivityProgress(activity.title, due, progress_of(begun), _names(board, missing), _names(board, late))
            )
    return tuple(found)


def _names(board: Board, rows: Iterable[Row]) -> tuple[str, ...]:
    named = ((unit_name(board.municipality, row.occurrence), row.pause) for row in rows)
    return tuple(f"{name} (på pause)" if pause else name for name, pause in named)


def _coming(board: Board) -> tuple[Coming, ...]:
    """List what happens in the coming week; the same event of many schools is one line."""
    found: dict[tuple[date, str, str], list[Row]] = {}
    for row in board.rows:
        for day, what in _events(row):
            if board.today <= day < board.today + timedelta(days=COMING_DAYS):
                found.setdefault((day, what, row.occurrence.title), []).append(row)
    lines = (_line(board, *place, rows) for place, rows in found.items())
    return tuple(sorted(lines, key=_by_day))


def _by_urgency(row: ActivityProgress) -> tuple[bool, date]:
    """Put what is missing first, and of that what is due first."""
    return not row.missing, row.due


def _by_day(line: Coming) -> tuple[date, str, str]:
    return line.day, line.what, line.title


def _line(board: Board, day: date, what: str, title: str, rows: list[Row]) -> Coming:
    unit = unit_name(board.municipality, rows[0].occurrence) if len(rows) == 1 else ""
    return Coming(day, what, title, unit, rows[0].occurrence.key, len(rows))


def _events(row: Row) -> Iterator[tuple[date, str]]:
    occurrence = row.occurrence
    if occurrence.kind.is_meeting:
        if row.facts.starts_at and row.state in {State.BOOKED, State.PROPOSED}:
            yield danish_date(row.facts.starts_at), "holdes" if row.state is State.BOOKED else "foreslået"
    elif occurrence.kind is Kind.DELIVERABLE and not row.state.is_done:
        yield occurrence.opens, "åbner"
        yield occurrence.due, "frist"
