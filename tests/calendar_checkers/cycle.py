"""A meeting's whole life, played by the product's own code into the mails that go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from kvalitet.adapters import meetings
from kvalitet.adapters.store import Store, bookings, outbox
from kvalitet.invites import NO_PAPERS, Answer, Paper, Papers
from kvalitet.municipality import Municipality, Organizer
from kvalitet.occurrences import Occurrence
from kvalitet.timetable import Slot, local_slot
from kvalitet.wheel import Activity, Role, Wheel
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, KALUNDBORG, NOW, RENDERER
from tests.calendar_checkers.byte_rules import calendar_of

MEETING = samples.occurrence(DIALOGUE, AARBY)
SUMMER, WINTER = local_slot(date(2026, 10, 23), time(9, 0), 90), local_slot(date(2026, 10, 26), time(9, 0), 90)
PLACE = "Rådhuset, lokale 3"
LETTERS = "blåbærgrød på Ærø og Østerå"
# What stands in titles, places and descriptions; the last in a name too.
TEXTS = {
    "Danish letters": LETTERS,
    "emoji and other scripts": "Velkommen 👩‍🏫👍🏽 – Ἑλλάς, שלום, 中文, é",
    "commas and semicolons": "mål, delmål; indsats, opfølgning;",
    "backslashes": r"C:\skoler\nord\;\,\\",
    "line breaks": "Dagsorden:\n\n1. Mål\r\n2. Plan\rSlut",
    "quotation marks": "»Læring« \"i dag\" 'nu' ^n ^' ^^",
    "what looks like properties": "x\r\nATTENDEE:mailto:fremmed@andre.example\r\nEND:VEVENT",
    "control characters": "a\x00b\x07c\x0bd\x1be\x7ff\x85g\u2028h\tg",
    "a long text": "Planen er grundlaget for samtalen. " * 80 + "Slut",
    "long without a space": "ælæstørrelse" * 40,
    "nothing": "",
}


@dataclass(frozen=True)
class Mail:
    """One mail of the cycle: to whom, and its bytes."""

    recipient: str
    raw: bytes

    @property
    def calendar(self) -> bytes:
        """The calendar in it."""
        return calendar_of(self.raw)


@dataclass
class Life:
    """A meeting and the municipality that holds it; every step is taken five minutes after the last."""

    connection: Connection
    municipality: Municipality = KALUNDBORG
    occurrence: Occurrence = MEETING
    now: datetime = NOW

    def book(self, slot: Slot = SUMMER, place: str = PLACE, papers: Papers = NO_PAPERS) -> list[Mail]:
        """Invite, and give the mails that go out."""
        return self._sent_by(meetings.book, slot, place=place, papers=papers)

    def move(self, slot: Slot = WINTER, place: str | None = None, papers: Papers = NO_PAPERS) -> list[Mail]:
        """Choose another time or place, and give the mails."""
        return self._sent_by(meetings.move, slot, place=place, papers=papers)

    def cancel(self) -> list[Mail]:
        """Take the meeting back, and give the mails."""
        return self._sent_by(meetings.cancel)

    def reconcile(self, papers: Papers = NO_PAPERS) -> list[Mail]:
        """Follow what the files say by now, and give the mails."""
        return self._sent_by(meetings.reconcile, papers)

    def accept(self, address: str) -> None:
        """Let somebody say yes."""
        known = bookings.booking(self.connection, self.occurrence.key)
        assert known
        said = bookings.Answered(Answer.ACCEPTED, known.sequence, self.now)
        assert bookings.answer(self.connection, self.occurrence.key, address, said)

    def _sent_by(self, step: Callable[..., object], *given: object, **values: object) -> list[Mail]:
        self.now += timedelta(minutes=5)
        before = len(self._mails())
        assert step(self.connection, RENDERER, self.municipality, self.occurrence, *given, now=self.now, **values)
        return self._mails()[before:]

    def _mails(self) -> list[Mail]:
        return [Mail(mail.recipient, mail.content) for mail in outbox.mails(self.connection)[::-1]]


def municipality_with(text: str, *, on_behalf: bool = False) -> Municipality:
    """Give a municipality whose meeting, people and sender are named with a text."""
    leader = replace(AARBY.leader, name=f"Leder {text}"[:120])
    found = replace(
        KALUNDBORG,
        schools=tuple(replace(one, leader=leader) if one == AARBY else one for one in KALUNDBORG.schools),
        sender=replace(KALUNDBORG.sender, name=f"Fagcenter {text}"[:120]),
        organizers=(Organizer(Role.DIRECTOR, f"Direktør {text}"[:120], "direktionen@kalundborg.example"),),
    )
    meeting = replace(DIALOGUE.meeting, on_behalf_of=Role.DIRECTOR if on_behalf else None)
    return with_activity(found, replace(DIALOGUE, title=f"Samtale {text}"[:200], description=text, meeting=meeting))


def with_activity(municipality: Municipality, activity: Activity) -> Municipality:
    """Write an activity anew in the files."""
    written = tuple(activity if one.key == activity.key else one for one in municipality.wheel.activities)
    return replace(municipality, wheel=Wheel(written))


def whole_life(store: Store, text: str = LETTERS, *, on_behalf: bool = False) -> list[Mail]:
    """Play a meeting: booked before the clocks change, reworded, moved to after; somebody added and removed.

    Then moved back, cancelled, and booked again.
    """
    with store.write() as connection:
        samples.write_plan(connection)
        municipality = municipality_with(text, on_behalf=on_behalf)
        activity = municipality.wheel.activity(DIALOGUE.key)
        life = Life(connection, municipality, replace(MEETING, title=activity.title))
        mails = life.book(place=text)
        life.accept(AARBY.leader.address)
        papers = Papers(f"# Spørgsmål\n\n{text}", (Paper("Spørgeguide æøå.pdf", b"%PDF-1.4\n%\xe6\xf8\xe5\n"),))
        mails += [*life.reconcile(papers), *life.move(papers=papers)]
        more = replace(activity, participants=(*activity.participants, Role.CONSULTANT))
        life.municipality = with_activity(municipality, more)
        mails += life.reconcile(papers)
        life.municipality = municipality
        mails += life.reconcile(papers)
        return [*mails, *life.move(SUMMER, "Skolen", papers=papers), *life.cancel(), *life.book(papers=papers)]
