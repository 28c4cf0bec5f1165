"""A played year, read back from what it leaves behind: its log and its mails."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from icalendar import Calendar, Event

from kvalitet.adapters.municipality_files import load
from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME, Municipality
from kvalitet.occurrences import Occurrence, plan
from kvalitet.simulation import play_year

DEPLOYMENTS = Path(__file__).parents[2] / "deployments"
TASKS = {"opening", "reminder", "overdue_notice", "escalation"}


@dataclass(frozen=True)
class Line:
    """One line of events.csv."""

    at: datetime
    event: str
    activity: str
    school: str
    recipient: str
    message_id: str
    detail: str

    @property
    def template(self) -> str:
        """The mail's folder in templates/email."""
        return self.detail.partition(":")[0]


@dataclass(frozen=True)
class Invited:
    """What a calendar reads in one invitation; `recipient` is the mail's."""

    recipient: str
    method: str
    uid: str
    sequence: int
    attendees: tuple[str, ...]
    organizer: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Played:
    """One municipality's year, played under one seed."""

    municipality: Municipality
    school_year: SchoolYear
    folder: Path

    @cached_property
    def columns(self) -> list[str]:
        """The first line of the log."""
        with (self.folder / "events.csv").open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file))

    @cached_property
    def lines(self) -> list[Line]:
        """The log in its own order."""
        with (self.folder / "events.csv").open(encoding="utf-8", newline="") as file:
            return [
                Line(
                    datetime.fromisoformat(row["at"]),
                    *(row[name] for name in ("event", "activity", "school", "recipient", "message_id", "detail")),
                )
                for row in csv.DictReader(file)
            ]

    def of(self, event: str) -> list[Line]:
        """List the lines of one kind of event."""
        return [line for line in self.lines if line.event == event]

    @cached_property
    def mails(self) -> list[EmailMessage]:
        """The mails in the order of their numbers."""
        files = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    @cached_property
    def plan(self) -> dict[str, Occurrence]:
        """The year's occurrences by key."""
        return {occurrence.key: occurrence for occurrence in plan(self.municipality, self.school_year)}

    @cached_property
    def invites(self) -> list[Invited]:
        """The mails that carry a calendar, with what a calendar reads in them."""
        return [
            invited(mail, str(part.get_content()))
            for mail in self.mails
            for part in mail.walk()
            if part.get_content_type() == "text/calendar"
        ]


def invited(mail: EmailMessage, text: str) -> Invited:
    """Read one invitation; it has one meeting, told in instants."""
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    return Invited(
        recipient=recipient(mail),
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(str(event["SEQUENCE"])),
        attendees=tuple(str(attendee).lower().removeprefix("mailto:") for attendee in attendees),
        organizer=str(event["ORGANIZER"]).lower().removeprefix("mailto:"),
        starts_at=_danish(event.decoded("DTSTART")),
        ends_at=_danish(event.decoded("DTEND")),
    )


def _danish(when: object) -> datetime:
    assert isinstance(when, datetime)
    return when.astimezone(DANISH_TIME)


def recipient(mail: EmailMessage) -> str:
    """Give the one address that a mail is to."""
    (address,) = mail["To"].addresses
    return str(address.addr_spec)


def play(key: str, start: int, folder: Path, *, seed: int, tell: Callable[[date], None] = lambda _day: None) -> Played:
    """Play a municipality's year into a folder."""
    municipality, school_year = load(DEPLOYMENTS / key), SchoolYear(start)
    play_year(municipality, school_year, folder, seed=seed, files=DEPLOYMENTS, tell=tell)
    return Played(municipality, school_year, folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder and its folders, except the hidden ones."""
    files = [file for file in sorted(folder.rglob("[!.]*")) if file.is_file() and file.parent.name[:1] != "."]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def danish_day(line: Line) -> date:
    """Give the Danish date of a line; the log is written in Danish time."""
    return line.at.date()
