"""A meeting's whole life, played by the product's own code into the mails that go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from kvalitet.adapters import meetings
from kvalitet.adapters.store import Store, outbox
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Occurrence
from kvalitet.timetable import Slot, local_slot
from kvalitet.wheel import Wheel
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

    def book(self, slot: Slot = SUMMER, place: str = PLACE) -> list[Mail]:
        """Invite, and give the mails that go out."""
        return self._sent_by(meetings.book, slot, place=place)

    def move(self, slot: Slot = WINTER, place: str | None = None) -> list[Mail]:
        """Choose another time or place, and give the mails."""
        return self._sent_by(meetings.move, slot, place=place)

    def cancel(self) -> list[Mail]:
        """Take the meeting back, and give the mails."""
        return self._sent_by(meetings.cancel)

    def _sent_by(self, step: Callable[..., bool], *slots: Slot, **values: object) -> list[Mail]:
        self.now += timedelta(minutes=5)
        before = len(self._mails())
        assert step(self.connection, RENDERER, self.municipality, self.occurrence, *slots, now=self.now, **values)
        return self._mails()[before:]

    def _mails(self) -> list[Mail]:
        return [Mail(mail.recipient, mail.content) for mail in outbox.mails(self.connection)[::-1]]


def municipality_with(text: str) -> Municipality:
    """Give a municipality whose meeting, people and sender are named with a text."""
    activity = replace(DIALOGUE, title=f"Samtale {text}"[:200], description=text)
    leader = replace(AARBY.leader, name=f"Leder {text}"[:120])
    return replace(
        KALUNDBORG,
        wheel=Wheel(tuple(activity if one.key == DIALOGUE.key else one for one in KALUNDBORG.wheel.activities)),
        schools=tuple(replace(one, leader=leader) if one == AARBY else one for one in KALUNDBORG.schools),
        sender=replace(KALUNDBORG.sender, name=f"Fagcenter {text}"[:120]),
    )


def whole_life(store: Store, text: str = LETTERS) -> list[Mail]:
    """Play a meeting that is booked before the clocks change, moved to after, and cancelled."""
    with store.write() as connection:
        samples.write_plan(connection)
        municipality = municipality_with(text)
        title = municipality.wheel.activity(DIALOGUE.key).title
        life = Life(connection, municipality, replace(MEETING, title=title))
        return [*life.book(place=text), *life.move(), *life.move(SUMMER, "Skolen"), *life.cancel()]
