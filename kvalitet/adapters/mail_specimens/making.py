"""Making specimens: messages as the year would bring them, from the municipality's own schools, wheel and people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kvalitet import invites, letters, offers
from kvalitet.announcements import Change, Meeting
from kvalitet.board import board_of
from kvalitet.decided import Decided, decision_messages
from kvalitet.messages import Item, Message, task_message, unit_name
from kvalitet.municipality import DANISH_TIME
from kvalitet.occurrences import Occurrence, participants, plan
from kvalitet.status import Decision, Facts
from kvalitet.timetable import local_slot
from kvalitet.wheel import Kind, Role, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet.days import SchoolYear
    from kvalitet.invites import Invite, Papers
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.timetable import Slot

WEEK = timedelta(days=7)
SHOWN_SCHOOLS = 3
PLACE = "Rådhuset, lokale 3"


@dataclass(frozen=True, slots=True)
class Specimen:
    """Prøve: a mail of one kind, and when it would be written."""

    name: str
    message: Message
    at: datetime
    invite: Invite | None = None


@dataclass(frozen=True, slots=True)
class _HandedIn:
    version: int
    delivered_at: datetime
    delivered_by: str


def specimens(
    municipality: Municipality, school_year: SchoolYear, papers: Papers = invites.NO_PAPERS
) -> list[Specimen]:
    """Make one mail of every kind that the municipality's wheel can bring."""
    planned = plan(municipality, school_year)
    found: list[Specimen] = []
    handed_in = [o for o in planned if o.kind is Kind.DELIVERABLE and o.school]
    if handed_in:
        same = [o for o in handed_in if o.activity == handed_in[0].activity]
        found += _of_tasks(municipality, same[:SHOWN_SCHOOLS])
        found += _of_deliveries(municipality, same[0])
    talks = [o for o in planned if o.kind is Kind.DIALOGUE] or [o for o in planned if o.kind is Kind.MEETING]
    if talks:
        found += _of_meetings(municipality, talks[0], papers)
    middle = _at(handed_in[0].due + WEEK if handed_in else date(school_year.start, 10, 1))
    first = handed_in[0].activity if handed_in else ""
    late = {o.key for o in [o for o in handed_in if o.activity == first][:SHOWN_SCHOOLS]}
    begun = [o for o in handed_in if o.key not in late and o.opens <= middle.date()]
    done = {o.key: Facts(delivered_at=middle - WEEK) for n, o in enumerate(begun) if o.activity == first or n % 3}
    board = board_of(municipality, school_year, planned, done, now=middle)
    digests = letters.weekly_digest(board, waiting=letters.WaitingMail(unread=2, bouncing=1, held=1, astray=1))
    found += [Specimen("weekly_digest", message, middle) for message in digests[:1]]
    link = letters.login(municipality, municipality.sender.address, token="t" * 43, way="", expires_at=middle + WEEK)
    return [*found, Specimen("login", link, middle)]


def _of_tasks(municipality: Municipality, same: list[Occurrence]) -> Iterator[Specimen]:
    first, leader = same[0], _reader(municipality, same[0])
    days = {Stage.OPENING: first.opens, Stage.REMINDER: first.due - WEEK, Stage.OVERDUE_NOTICE: first.due + WEEK}
    for stage, today in days.items():
        items = [Item(first, stage, stage.value, unit_name(municipality, first))]
        yield Specimen(stage.value, task_message(municipality, leader, items, today=today), _at(today))
    today = first.due + 2 * WEEK
    late = [Item(o, Stage.ESCALATION, "escalation", unit_name(municipality, o), of_others=True) for o in same]
    people = [*municipality.people(Role.CONSULTANT), *municipality.people(Role.DIRECTOR), leader]
    yield Specimen("escalation", task_message(municipality, people[0], late, today=today), _at(today))


def _of_deliveries(municipality: Municipality, occurrence: Occurrence) -> Iterator[Specimen]:
    leader, at = _reader(municipality, occurrence), _at(occurrence.due - WEEK)
    handed_in = _HandedIn(1, at, leader.name)
    yield Specimen("receipt", letters.receipt(municipality, occurrence, handed_in, now=at), at)
    for word, comment in ((Decision.SENT_BACK, "Skriv også, hvem der har ansvaret."), (Decision.APPROVED, "")):
        decided = Decided(word.value, 1, comment, "Direktøren", at)
        (told, *_) = decision_messages(municipality, occurrence, decided)
        yield Specimen(word.value, told, at)
    attempt = offers.Attempt(
        municipality, leader, (offers.Choice(occurrence, unit_name(municipality, occurrence)),), incoming=1
    )
    received = offers.file_received(attempt, file_name="plan.pdf", token="t" * 43, expires_at=at + WEEK)
    yield Specimen("file_received", received, at)
    yield Specimen(
        "file_refused", offers.file_refused(attempt, reason="Filen »plan.pdf« er tom.", rules="Højst 10 MB."), at
    )


def _of_meetings(municipality: Municipality, talk: Occurrence, papers: Papers) -> Iterator[Specimen]:
    activity = municipality.wheel.activity(talk.activity)
    people = participants(municipality, activity, talk)
    person = next((each for each in people if each.role is Role.SCHOOL_LEADER), people[0])
    day = municipality.calendar.mail_day_from(talk.opens + WEEK)
    slot, before = (
        local_slot(day, time(9), 90),
        local_slot(municipality.calendar.mail_day_from(talk.opens), time(13), 90),
    )
    at = _at(talk.opens - 2 * WEEK)
    first = _invite(municipality, talk, slot, at)
    moved = letters.News(Change.MOVED, Meeting(before, PLACE), papers)
    later = replace(first, revision=invites.moved(first.revision, now=at))
    gone = replace(first, revision=invites.cancelled(first.revision, now=at))
    news = letters.News(papers=papers)
    yield Specimen("invitation", letters.invitation(municipality, talk, person, first, news), at, first)
    yield Specimen("moved_invitation", letters.invitation(municipality, talk, person, later, moved), at, later)
    yield Specimen("cancellation", letters.cancellation(municipality, talk, person, gone), at, gone)
    left_out = replace(gone, still_held=True)
    yield Specimen("uninvited", letters.uninvited(municipality, talk, person, left_out), at, left_out)


def _invite(municipality: Municipality, talk: Occurrence, slot: Slot, at: datetime) -> Invite:
    unit = unit_name(municipality, talk)
    return invites.Invite(
        revision=invites.first(invites.uid_of(talk.key, municipality.sender.domain), now=at),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=f"{talk.title} – {unit}" if unit else talk.title,
        place=PLACE,
        description=municipality.wheel.activity(talk.activity).description,
    )


def _reader(municipality: Municipality, occurrence: Occurrence) -> Contact:
    owner = municipality.wheel.activity(occurrence.activity).owner
    owners = municipality.people(owner, school=occurrence.school, school_group=occurrence.school_group)
    return owners[0] if owners else municipality.school(occurrence.school or "").leader


def _at(day: date) -> datetime:
    return datetime.combine(day, time(7), tzinfo=DANISH_TIME)
