"""`kvalitet book`, `move` and `cancel`: meetings, and who is told what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import Connection

from kvalitet.adapters import clock, danish, meetings
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import bookings
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import clock_of, day_of, opened, planned_occurrence
from kvalitet.timetable import Slot, local_slot

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.invites import Papers
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

Date = Annotated[str | None, typer.Option("--date", metavar="DATO", help="Mødedagen, fx 2026-11-02.")]
Time = Annotated[str | None, typer.Option("--time", metavar="KLOKKESLÆT", help="Hvornår mødet begynder, fx 9:30.")]
Place = Annotated[str | None, typer.Option("--place", metavar="STED", help="Hvor mødet holdes.")]
Decide = Callable[[Connection], meetings.Decision | None]
app = typer.Typer(cls=Group, rich_markup_mode=None)


@dataclass(frozen=True)
class Meeting:
    """Møde: the occurrence that is to be booked, moved or cancelled, and all that it takes."""

    installation: Installation
    municipality: Municipality
    occurrence: Occurrence
    now: datetime

    @classmethod
    def find(cls, installation: Installation, key: str) -> Meeting:
        """Find the meeting by its key."""
        municipality, occurrence = planned_occurrence(installation, key)
        if not occurrence.kind.is_meeting:
            raise UserError(f"»{occurrence.title}« er ikke et møde og kan ikke få en mødedato.")
        return cls(installation, municipality, occurrence, clock.now())

    def slot(self, date: str | None, time: str | None) -> Slot:
        """Give the slot that is asked for; what is not said stays as it is proposed or booked."""
        with self.installation.store.read() as connection:
            known = bookings.booking(connection, self.occurrence.key)
        minutes = self.municipality.wheel.activity(self.occurrence.activity).meeting.minutes
        if known and not (date or time):
            return known.slot
        if known:
            start = danish.local(known.slot.starts_at)
            return local_slot(day_of(date) if date else start.date(), clock_of(time) if time else start.time(), minutes)
        if date and time:
            return local_slot(day_of(date), clock_of(time), minutes)
        raise UserError(f"»{self.occurrence.title}« har intet forslag til dato; angiv både --date og --time.")

    def papers(self) -> Papers:
        """Read what goes with the invitation."""
        activity = self.municipality.wheel.activity(self.occurrence.activity)
        return self.installation.papers(self.municipality, activity)


@app.command(cls=Command)
def book(  # noqa: PLR0913 -- each is an option of the command
    key: options.Key,
    date: Date = None,
    time: Time = None,
    place: Place = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Indkald til et møde.

    Uden --date og --time bruges den foreslåede tid. Først vises, hvem der får hvilken mail.
    Et møde, der er aflyst, kan indkaldes igen; i kalenderen er det et nyt møde.
    """
    with opened(home, files) as installation:
        meeting = Meeting.find(installation, key)
        usual = meeting.municipality.wheel.activity(meeting.occurrence.activity).meeting.place
        there = usual if place is None else place
        decide = partial(_at, meeting, meetings.booking_of, meeting.slot(date, time), there)
        _carry_out(meeting, decide, "Skal mødet indkaldes?", yes=yes, as_json=as_json)


@app.command(cls=Command)
def move(  # noqa: PLR0913 -- each is an option of the command
    key: options.Key,
    date: Date = None,
    time: Time = None,
    place: Place = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Flyt et møde, og giv deltagerne besked.

    Et møde, som ingen er indkaldt til endnu, får blot et nyt forslag.
    """
    if not (date or time or place):
        raise UserError("Skriv, hvad der skal være anderledes: --date, --time eller --place.")
    with opened(home, files) as installation:
        meeting = Meeting.find(installation, key)
        decide = partial(_at, meeting, meetings.move_of, meeting.slot(date, time), place)
        _carry_out(meeting, decide, "Skal mødet flyttes?", yes=yes, as_json=as_json)


@app.command(cls=Command)
def cancel(
    key: options.Key,
    home: options.Home = None,
    files: options.Files = None,
    *,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Aflys et møde, og giv deltagerne besked."""
    with opened(home, files) as installation:
        meeting = Meeting.find(installation, key)

        def decide(connection: Connection) -> meetings.Decision | None:
            return meetings.cancellation_of(connection, meeting.municipality, meeting.occurrence, now=meeting.now)

        _carry_out(meeting, decide, "Skal mødet aflyses?", yes=yes, as_json=as_json)


def _at(
    meeting: Meeting,
    change: Callable[..., meetings.Decision | None],
    slot: Slot,
    place: str | None,
    connection: Connection,
) -> meetings.Decision | None:
    """Decide on holding the meeting at a time and place: what booking and moving share."""
    municipality, occurrence = meeting.municipality, meeting.occurrence
    return change(connection, municipality, occurrence, slot, place=place, now=meeting.now, papers=meeting.papers())


def _carry_out(meeting: Meeting, decide: Decide, question: str, *, yes: bool, as_json: bool) -> None:
    """Show whom the change would tell, ask, and then do it as things stand by then."""
    with meeting.installation.store.read() as connection:
        told = meetings.announcements(decide(connection))
    if not as_json:
        lines = [(f"{person.name} <{person.address}>", person.text) for person in told]
        output.table(("Hvem", "Hvad de får at vide"), lines, empty="Ingen får en mail om det.")
    output.ask(question, yes=yes)
    with meeting.installation.store.write() as connection:
        decision = meetings.decide_and_do(
            connection, meeting.installation.renderer, meeting.occurrence, decide, now=meeting.now
        )
        known = bookings.booking(connection, meeting.occurrence.key)
    assert known
    if as_json:
        mails = [_told_json(person) for person in meetings.announcements(decision)]
        output.say_json({**_booking_json(known), "changed": decision is not None, "mails": mails})
    else:
        when = danish.span_text(known.slot.starts_at, known.slot.ends_at)
        done = f"{meeting.occurrence.title}: {when}, {_STATES[known.state.value]}."
        output.say(done if decision else "Det var sket i forvejen.")


_STATES = {"proposed": "foreslået", "booked": "indkaldt; mails ligger i udbakken", "cancelled": "aflyst"}


def _booking_json(known: bookings.Booking) -> dict[str, Any]:
    return {
        "key": known.occurrence,
        "state": known.state.value,
        "starts_at": known.slot.starts_at.isoformat(),
        "ends_at": known.slot.ends_at.isoformat(),
        "place": known.place,
    }


def _told_json(person: meetings.Told) -> dict[str, str]:
    return {"recipient": person.address, "recipient_name": person.name, "change": person.change.value}
