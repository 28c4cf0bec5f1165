"""Whatever is done with a meeting, in whatever order mails arrive, each calendar ends up as ours."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection

from kvalitet.adapters import meetings
from kvalitet.adapters.mail.draining import drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.transport import MailboxTransport
from kvalitet.adapters.store import Store, bookings, outbox, revisions
from kvalitet.adapters.store.bookings import Booking
from kvalitet.invites import NO_PAPERS
from kvalitet.municipality import Contact, Municipality
from kvalitet.outgoing import MailState
from kvalitet.status import BookingState
from kvalitet.timetable import local_slot
from kvalitet.wheel import Role, Wheel
from tests.adapters.calendars.client import Client, Entry
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, DIRECTOR, KALUNDBORG, NOW, RENDERER
from tests.databases import copy_of_sqlite

MEETING = samples.occurrence(DIALOGUE, AARBY)
PEOPLE = tuple(f"deltager.{number}@kalundborg.example" for number in range(3))
EVERYBODY = (DIRECTOR.address, AARBY.leader.address, *PEOPLE)
SLOTS = tuple(local_slot(date(2026, 9, day), time(hour, 0), 60) for day in (14, 21) for hour in (9, 13))
PLACES = ("", "Rådhuset", "Skolen, lokale 3")
# Minutes that the clock goes on between two things, or back.
MINUTES = st.integers(-600, 600)


def files(people: frozenset[str], description: str) -> Municipality:
    """Give the municipality as its files have it: who takes part beside director and leader, and the text."""
    activity = replace(DIALOGUE, participants=(Role.SCHOOL_LEADER, Role.UNIONS), description=description)
    unions = [Contact(Role.UNIONS, f"Deltager {address[9]}", address) for address in sorted(people)]
    return replace(KALUNDBORG, wheel=Wheel((activity,)), contacts=(*KALUNDBORG.contacts, *unions))


class Life(RuleBasedStateMachine):
    """A meeting's life: booked, moved, reworded, cancelled and booked again, with a clock that also goes back."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kvalitet-calendars-"))
        self.store = Store.open(copy_of_sqlite(self.template, self.folder / "kvalitet.db"))
        with self.store.write() as connection:
            samples.write_plan(connection)
        self.now = NOW
        self.people: frozenset[str] = frozenset()
        self.description = "Tag planen med."
        self.clients = {address: Client(address) for address in EVERYBODY}
        self.received = 0
        self.mailbox = self.folder / "mailbox"

    def teardown(self) -> None:
        self.any_order_ends_alike()
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(place=st.sampled_from(PLACES))
    def begin(self, place: str) -> None:
        with self.store.write() as connection:
            meetings.book(connection, RENDERER, self.files, MEETING, SLOTS[0], place=place, now=self.now)

    @property
    def files(self) -> Municipality:
        return files(self.people, self.description)

    def tick(self, minutes: int) -> None:
        self.now = min(max(self.now + timedelta(minutes=minutes), NOW - timedelta(days=3)), NOW + timedelta(days=3))

    def known(self, connection: Connection) -> Booking:
        found = bookings.booking(connection, MEETING.key)
        assert found
        return found

    @property
    def is_booked(self) -> bool:
        with self.store.read() as connection:
            return self.known(connection).state is BookingState.BOOKED

    @precondition(lambda self: self.is_booked)
    @rule(slot=st.sampled_from(SLOTS), place=st.sampled_from(PLACES), minutes=MINUTES)
    def move(self, slot: object, place: str, minutes: int) -> None:
        self.tick(minutes)
        with self.store.write() as connection:
            meetings.move(connection, RENDERER, self.files, MEETING, slot, place=place, now=self.now)  # type: ignore[arg-type]
        self.reconcile(0)

    @rule(people=st.frozensets(st.sampled_from(PEOPLE)), minutes=MINUTES)
    def change_people(self, people: frozenset[str], minutes: int) -> None:
        self.people = people
        self.reconcile(minutes)

    @rule(description=st.sampled_from(["Tag planen med.", "Tag tallene med.", "Æ, ø; å\nog \\ mere"]), minutes=MINUTES)
    def reword(self, description: str, minutes: int) -> None:
        self.description = description
        self.reconcile(minutes)

    @rule(minutes=MINUTES)
    def reconcile(self, minutes: int) -> None:
        self.tick(minutes)
        with self.store.write() as connection:
            meetings.reconcile(connection, RENDERER, self.files, MEETING, NO_PAPERS, now=self.now)
            assert meetings.reconcile(connection, RENDERER, self.files, MEETING, NO_PAPERS, now=self.now) is None

    @precondition(lambda self: self.is_booked)
    @rule(minutes=MINUTES)
    def cancel(self, minutes: int) -> None:
        self.tick(minutes)
        with self.store.write() as connection:
            meetings.cancel(connection, RENDERER, self.files, MEETING, now=self.now)

    @precondition(lambda self: not self.is_booked)
    @rule(slot=st.sampled_from(SLOTS), minutes=MINUTES)
    def book_again(self, slot: object, minutes: int) -> None:
        self.tick(minutes)
        with self.store.write() as connection:
            meetings.book(connection, RENDERER, self.files, MEETING, slot, place="Skolen", now=self.now)  # type: ignore[arg-type]

    @rule()
    def send(self) -> None:
        """Send what waits, as far as it is still needed."""
        needed = NeededNow.of((self.files,), RENDERER)
        later = NOW + timedelta(days=4)
        asyncio.run(drain(self.store, MailboxTransport(self.mailbox), needed, now=lambda: later, worker="w"))

    def ours(self, connection: Connection) -> dict[str, dict[str, Entry]]:
        """Give what each person's calendar is to show."""
        known = self.known(connection)
        wanted: dict[str, dict[str, Entry]] = {address: {} for address in EVERYBODY}
        if known.state is BookingState.BOOKED:
            assert known.uid
            title = "Ledelseslæringssamtale – Aarby Skole"
            entry = Entry(known.slot.starts_at, known.slot.ends_at, title, known.place, self.description)
            for attendee in bookings.attendees(connection, MEETING.key):
                wanted[attendee.address][known.uid] = entry
            assert {a.address for a in bookings.attendees(connection, MEETING.key)} == {*EVERYBODY[:2], *self.people}
        return wanted

    def calendars(self, mails: list[tuple[str, bytes]]) -> dict[str, dict[str, Entry]]:
        clients = {address: Client(address) for address in EVERYBODY}
        for address, content in mails:
            clients[address].receive(content)
        return {address: client.entries for address, client in clients.items()}

    @invariant()
    def every_calendar_is_ours(self) -> None:
        mails, wanted = self.mails_and_ours()
        for address, content in mails[self.received :]:
            self.clients[address].receive(content)
        self.received = len(mails)
        assert {address: client.entries for address, client in self.clients.items()} == wanted

    def any_order_ends_alike(self) -> None:
        mails, wanted = self.mails_and_ours()
        shuffled = random.Random(len(mails)).sample(mails, len(mails))  # noqa: S311 -- an order, not a secret
        for order in (mails[::-1], shuffled):
            assert self.calendars(order) == wanted

    def mails_and_ours(self) -> tuple[list[tuple[str, bytes]], dict[str, dict[str, Entry]]]:
        with self.store.read() as connection:
            # In the order in which they were made: the clock may say another one.
            made = sorted(outbox.mails(connection), key=lambda mail: mail.id)
            mails = [(mail.recipient, mail.content) for mail in made]
            return mails, self.ours(connection) if mails else {address: {} for address in EVERYBODY}

    @invariant()
    def revisions_never_go_back(self) -> None:
        with self.store.read() as connection:
            made = revisions.of(connection, MEETING.key)
        stamps = [each.stamped_at for each in made]
        assert stamps == sorted(set(stamps))
        for uid in {each.uid for each in made}:
            sequences = [each.sequence for each in made if each.uid == uid]
            assert sequences == sorted(sequences)

    @invariant()
    def what_is_sent_is_enough(self) -> None:
        """Once nothing waits, the mails that were really sent make the same calendars."""
        with self.store.read() as connection:
            mails = outbox.mails(connection)
            if not mails or any(mail.state is MailState.QUEUED for mail in mails):
                return
            wanted = self.ours(connection)
        sent = [(mail.recipient, mail.content) for mail in reversed(mails) if mail.state is MailState.SENT]
        assert self.calendars(sent) == wanted


@pytest.mark.slow
def test_every_calendar_follows_whatever_is_done_and_in_whatever_order_mails_arrive(migrated_sqlite: Path) -> None:
    Life.template = migrated_sqlite
    quiet = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Life, settings=quiet)
