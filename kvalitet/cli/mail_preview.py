"""Mail preview: who gets what on a day, as things stand now, and why somebody gets nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flows import weekly_digest
from kvalitet.adapters import danish
from kvalitet.adapters.follow_up import digest, following
from kvalitet.adapters.store import facts, outbox, plans
from kvalitet.board import board_of, danish_date
from kvalitet.cli.clashes import closed_because
from kvalitet.days import SchoolYear
from kvalitet.messages import task_key, unit_name
from kvalitet.municipality import DANISH_TIME
from kvalitet.occurrences import participants
from kvalitet.outgoing import MailState
from kvalitet.reminders import steps
from kvalitet.status import State
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.board import Row
    from kvalitet.municipality import Municipality, School

WAITING = frozenset({MailState.QUEUED, MailState.RETRY})


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: one mail that somebody gets, or (`template` None) why a school leader gets none."""

    recipient: str
    recipient_name: str
    school: str | None
    template: str | None
    about: tuple[str, ...]
    reason: str

    def as_json(self) -> dict[str, object]:
        """Give the line with its stable keys."""
        return {**asdict(self), "about": list(self.about)}


def preview(installation: Installation, municipality: Municipality, day: date, *, now: datetime) -> list[Line]:
    """List the mails of a day, and then the school leaders who get none, each with the reason."""
    lines: list[Line] = []
    if municipality.calendar.is_mail_day(day):
        lines += _tasks(installation, municipality, day)
        with installation.store.read() as connection:
            lines += _invitations(connection, municipality, day)
        lines += _digest(installation, municipality, day, now=now)
    if day == danish_date(now):
        with installation.store.read() as connection:
            lines += _waiting(connection, municipality)
    told = {line.recipient for line in lines}
    with installation.store.read() as connection:
        quiet = list(_quiet(connection, municipality, day, told))
    return lines + quiet


def _tasks(installation: Installation, municipality: Municipality, day: date) -> Iterator[Line]:
    with installation.store.read() as connection:
        for message in following.due_messages(connection, municipality, today=day):
            found = [plans.occurrence(connection, key) for key in message.about]
            titles = tuple(dict.fromkeys(occurrence.title for occurrence in found if occurrence))
            yield Line(message.to.address, message.to.name, message.school, message.template, titles, "")


def _invitations(connection: Connection, municipality: Municipality, day: date) -> Iterator[Line]:
    for occurrence in plans.waking(connection, municipality.key, today=day):
        if occurrence.kind.is_meeting:
            activity = municipality.wheel.activity(occurrence.activity)
            unit = unit_name(municipality, occurrence)
            title = f"{occurrence.title} ({unit})" if unit else occurrence.title
            for person in participants(municipality, activity, occurrence):
                if person.address != municipality.sender.address:
                    yield Line(person.address, person.name, person.school, "invitation", (title,), "")


def _digest(installation: Installation, municipality: Municipality, day: date, *, now: datetime) -> Iterator[Line]:
    """The digest goes out on the week's first mail day that has not passed."""
    noon = datetime.combine(day, datetime.min.time(), tzinfo=now.tzinfo) + timedelta(hours=11)
    monday, today = day - timedelta(days=day.weekday()), danish_date(now)
    first = max(monday, today) if today <= day else monday
    if municipality.calendar.mail_day_from(first) == day and weekly_digest.has_work(installation, municipality, noon):
        with installation.store.read() as connection:
            for message in digest.messages(connection, municipality, now=noon):
                yield Line(message.to.address, message.to.name, None, message.template, (), "")


def _waiting(connection: Connection, municipality: Municipality) -> Iterator[Line]:
    for mail in reversed(outbox.mails(connection, municipality.key)):
        if mail.state in WAITING:
            reason = "ligger i udbakken" + (f": {mail.reason}" if mail.reason else "")
            yield Line(mail.recipient, mail.recipient_name, mail.school, mail.template, (mail.subject,), reason)


def _quiet(connection: Connection, municipality: Municipality, day: date, told: set[str]) -> Iterator[Line]:
    """Say of each school leader without a mail why there is none."""
    closed = closed_because(municipality.calendar, day)
    occurrences = plans.occurrences(connection, municipality.key)
    known = facts.of_year(connection, municipality.key)
    noon = datetime.combine(day, datetime.min.time(), tzinfo=DANISH_TIME) + timedelta(hours=12)
    board = board_of(municipality, SchoolYear.containing(day), occurrences, known, now=noon)
    for school in sorted(municipality.schools, key=lambda school: danish.sort_key(school.name)):
        if school.leader.address in told or not school.takes_part(day, day):
            continue
        rows = [
            row
            for row in board.rows
            if row.occurrence.school == school.number and row.occurrence.kind is Kind.DELIVERABLE
        ]
        reason = f"Lukket ({closed})." if closed else _why_none(connection, municipality, school, rows, day)
        yield Line(school.leader.address, school.leader.name, school.number, None, (), reason)


def _why_none(
    connection: Connection, municipality: Municipality, school: School, rows: Sequence[Row], day: date
) -> str:
    if outbox.exists(connection, task_key(municipality, school.leader.address, today=day)):
        return "Har fået dagens mail."
    begun = [row for row in rows if row.state is not State.NOT_OPEN]
    missing = [row for row in begun if not row.state.is_done]
    if not missing:
        return "Har afleveret alt, der er åbent." if begun else "Intet er åbent."
    coming = [
        step.day
        for row in missing
        for step in steps(row.occurrence, municipality.wheel.activity(row.occurrence.activity), municipality.calendar)
        if step.day > day
    ]
    if not coming:
        return "Mangler at aflevere, men der er ikke flere trin på rykkerstigen."
    return f"Mangler at aflevere; næste mail er {danish.date_text(min(coming))}."
