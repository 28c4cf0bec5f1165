"""A real mail program is invited, answers, is moved and is told that the meeting is off: `make check-clients`.

Our own code writes the mails and reads the answers; Thunderbird does what a person does with its buttons.
The pictures, the mails and the answers are left in a folder that is named at the end.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr

from kvalitet.adapters import clock
from kvalitet.adapters.incoming.dealing import Reader, read_inbox
from kvalitet.adapters.incoming.inboxes import ImapInbox
from kvalitet.adapters.settings import Settings, SmtpSecurity
from kvalitet.adapters.store import Store, bookings, plans, upgrade
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.days import SchoolYear
from kvalitet.invites import Answer, Papers
from kvalitet.occurrences import Changes, Occurrence, plan
from kvalitet.timetable import Slot, local_slot
from tests.adapters.mail.samples import AARBY, DIALOGUE, KALUNDBORG
from tests.calendar_checkers.clients import thunderbird
from tests.calendar_checkers.clients.marionette import Marionette
from tests.calendar_checkers.clients.servers import PASSWORD, Post, Receiver, dovecot, smtp
from tests.calendar_checkers.clients.thunderbird import wait_for
from tests.calendar_checkers.cycle import Life, Mail

LEADER = AARBY.leader.address
GUIDE = Papers("# Før samtalen\n\nLæs skolens strategi- og handleplan.")
PROGRAMS = {"thunderbird": "thunderbird", "dovecot": "dovecot-imapd", "Xvfb": "xvfb"}


@dataclass
class Rehearsal:
    """One run: our store, the mail servers, the mail program, and what is seen on the way."""

    folder: Path
    store: Store
    post: Post
    receiver: Receiver
    remote: Marionette
    occurrence: Occurrence
    mails: int = 0

    def tell(self, what: str, step: Callable[[Life], list[Mail]]) -> None:
        """Let our code change the meeting, deliver what it writes to the leader, and open it."""
        with self.store.write() as connection:
            sent = step(Life(connection, KALUNDBORG, self.occurrence, clock.now() - timedelta(minutes=5)))
        (mail,) = [mail for mail in sent if mail.recipient == LEADER]
        self.mails += 1
        self.keep(what, mail.raw)
        self.post.deliver(LEADER, mail.raw)
        subject = wait_for(f"Mailen om {what}", lambda: self.remote.run(thunderbird.OPEN, self.mails) or None)
        print(f"{what}: »{subject}« er åbnet i Thunderbird")

    def press(self, what: str, button: str) -> None:
        """Press a button above the mail, as soon as it is there."""
        bar = wait_for(f"Knappen {button}", lambda: self._bar(button))
        self.remote.picture(self.folder / f"{self.mails}-{what}.png")
        label = self.remote.run(thunderbird.PRESS, button)
        print(f"{what}: »{bar['text']}«; »{label}« er trykket")

    def answer(self, what: str, expected: Answer) -> None:
        """Read the answer that the program sends with our own reader, and look at who comes."""
        sender, recipients, raw = self.receiver.mails.get(timeout=thunderbird.PATIENCE)
        assert (sender, recipients) == (LEADER, [KALUNDBORG.sender.address])
        self.keep(f"{what}-svar", raw)
        self.post.deliver(KALUNDBORG.sender.address, raw)
        reader = Reader(self.store, {KALUNDBORG.sender.address: KALUNDBORG.key})
        counted = read_inbox(reader, ImapInbox(self.settings()), now=clock.now())
        assert counted[IncomingKind.ANSWER] == 1, f"{what}: der er læst {counted}"
        said = self.said()
        assert said is expected, f"{what}: svaret står som {said}"
        print(f"{what}: svaret er læst, og skolelederen står som »{said.value}«")

    def settings(self) -> Settings:
        """Name the mailbox that invites, as an operator would."""
        return Settings(
            home=self.folder,
            imap_host="127.0.0.1",
            imap_port=self.post.port,
            imap_security=SmtpSecurity.NONE,
            imap_user=KALUNDBORG.sender.address,
            imap_password=SecretStr(PASSWORD),
        )

    def said(self) -> Answer:
        """Give what the school leader stands as."""
        with self.store.read() as connection:
            attendees = bookings.attendees(connection, self.occurrence.key)
        return next(attendee.answer for attendee in attendees if attendee.address == LEADER)

    def has(self, what: str, *slots: Slot) -> None:
        """Make sure that the program's own calendar has the meeting as it stands, or does not have it."""
        times = [[slot.starts_at.timestamp(), slot.ends_at.timestamp()] for slot in slots]

        def look() -> bool | None:
            found = self.remote.run(thunderbird.EVENTS) or []
            return [[one["starts"], one["ends"]] for one in found] == times or None

        wait_for(f"{what}: kalenderen med {len(slots)} møde", look)
        self.remote.picture(self.folder / f"{self.mails}-{what}-efter.png")
        print(f"{what}: Thunderbirds kalender har {len(slots)} møde, og tiden er den rette")

    def keep(self, name: str, raw: bytes) -> None:
        """Keep a mail for those who want to look."""
        (self.folder / f"{self.mails}-{name}.eml").write_bytes(raw)

    def _bar(self, button: str) -> dict[str, str] | None:
        bar = self.remote.run(thunderbird.BAR)
        return bar if bar and button in bar["buttons"] else None


def rehearse(rehearsal: Rehearsal, first: Slot, second: Slot) -> None:
    """Invite, reword, move, cancel, invite again and let the leader go."""
    rehearsal.tell("indkaldelse", lambda life: life.book(first))
    rehearsal.press("indkaldelse", "imipAcceptButton")
    rehearsal.answer("indkaldelse", Answer.ACCEPTED)
    rehearsal.has("indkaldelse", first)

    rehearsal.tell("ny-tekst", lambda life: life.reconcile(GUIDE))
    rehearsal.press("ny-tekst", "imipUpdateButton")  # nobody is asked again
    assert rehearsal.said() is Answer.ACCEPTED
    rehearsal.has("ny-tekst", first)

    rehearsal.tell("flytning", lambda life: life.move(second, "Skolen", GUIDE))
    assert rehearsal.said() is Answer.NEEDS_ACTION
    rehearsal.press("flytning", "imipTentativeButton")
    rehearsal.answer("flytning", Answer.TENTATIVE)
    rehearsal.has("flytning", second)

    rehearsal.tell("aflysning", lambda life: life.cancel())
    rehearsal.press("aflysning", "imipDeleteButton")
    rehearsal.has("aflysning")

    rehearsal.tell("igen", lambda life: life.book(first))
    rehearsal.press("igen", "imipAcceptButton")
    rehearsal.answer("igen", Answer.ACCEPTED)
    rehearsal.has("igen", first)

    successor = replace(AARBY, leader=replace(AARBY.leader, address="ny.skoleleder@kalundborg.example"))
    changed = replace(KALUNDBORG, schools=(successor, *KALUNDBORG.schools[1:]))
    rehearsal.tell("afbud", lambda life: replace(life, municipality=changed).reconcile())
    rehearsal.press("afbud", "imipDeleteButton")
    rehearsal.has("afbud")


def planned(folder: Path, now: datetime) -> tuple[Store, Occurrence]:
    """Make a store with this school year's plan in it, and give the meeting."""
    url = f"sqlite:///{folder / 'kvalitet.sqlite'}"
    upgrade(url)
    store = Store.open(url)
    occurrences = plan(KALUNDBORG, SchoolYear.containing(now.date()))
    places = {one.key: place for place, one in enumerate(occurrences)}
    with store.write() as connection:
        changes = Changes(occurrences, (), ())
        plans.write(connection, changes, positions=places, wake_on=dict.fromkeys(places), now=now)
    meeting = next(one for one in occurrences if (one.activity, one.school) == (DIALOGUE.key, AARBY.number))
    return store, meeting


def main() -> None:
    """Run it all in a new folder."""
    for program, package in PROGRAMS.items():
        if not shutil.which(program, path="/usr/bin:/usr/sbin:/usr/local/bin"):
            sys.exit(f"{program} mangler. På Debian og Ubuntu: apt install --no-install-recommends {package}")
    folder, now = Path(tempfile.mkdtemp(prefix="kvalitet-clients-")), clock.now()
    store, meeting = planned(folder, now)
    day = now.date() + timedelta(days=14)
    slots = local_slot(day, time(9, 0), 90), local_slot(day + timedelta(days=7), time(13, 0), 90)
    try:
        with dovecot(folder) as post, smtp() as (port, receiver):
            preferences = thunderbird.settings(LEADER, post.port, port)
            with thunderbird.thunderbird(folder, preferences) as remote:
                rehearsal = Rehearsal(folder, store, post, receiver, remote, meeting)
                try:
                    rehearse(rehearsal, *slots)
                except Exception:
                    remote.picture(folder / "fejl.png")
                    raise
    finally:
        store.close()
        print(f"Billeder, mails og svar ligger i {folder}")
    print("Hele vejen er gået: indkaldt, ny tekst, flyttet, aflyst, indkaldt igen og til sidst ikke længere med.")


if __name__ == "__main__":
    main()
