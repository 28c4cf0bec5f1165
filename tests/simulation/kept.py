"""A year played on a store that is kept, with every day's wheel turned once more than it needs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from flows import plan_year, send_mail, turn_wheel
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, deliveries, outbox, plans, upgrade
from kvalitet.adapters.store.outbox import Mail
from kvalitet.board import danish_date
from kvalitet.outgoing import MailState
from kvalitet.reminders import steps
from kvalitet.simulation.playing import DAILY, Play
from kvalitet.simulation.year import SECRET
from kvalitet.wheel import Kind
from tests.builders import instant
from tests.simulation.played import DEPLOYMENTS, TASKS, Played


@dataclass(frozen=True, order=True)
class Heard:
    """One person heard of one occurrence's ladder step on one day."""

    occurrence: str
    step: str
    recipient: str
    day: date


@dataclass
class Kept:
    """The store of a played year, and the mails that turning a day again led to."""

    installation: Installation
    play: Play
    again: list[str] = field(default_factory=list)

    def turn_again(self, day: date, _now: datetime) -> None:
        """Turn the day's wheel a second time, as Prefect may, and note every mail that comes of it."""
        before = self._keys()
        for clock in (time(5, 0), time(23, 30)):
            now = instant(day.isoformat(), f"{clock:%H:%M}")
            plan_year.run(self.installation, self.play.municipality, now=now, school_year=self.play.school_year)
            turn_wheel.run(self.installation, self.play.municipality, now=now, phases=DAILY)
            asyncio.run(send_mail.run(self.installation, now=partial(lambda now: now, now)))
        self.again += sorted(self._keys() - before)

    def _keys(self) -> set[str]:
        return {mail.key for mail in self.mails()}

    def mails(self) -> list[Mail]:
        """List all mails in the order of their making."""
        with self.installation.store.read() as connection:
            return sorted(outbox.mails(connection, self.play.municipality.key), key=lambda mail: mail.id)

    def heard(self) -> list[Heard]:
        """List who heard of which ladder step when."""
        found = []
        with self.installation.store.read() as connection:
            for mail in self.mails():
                if mail.template in TASKS and mail.state is MailState.SENT and mail.sent_at:
                    day = danish_date(mail.sent_at)
                    about = outbox.about(connection, mail.id)
                    found += [Heard(key, step, mail.recipient, day) for key, step in about.items()]
        return sorted(found)

    def expected(self) -> list[Heard]:
        """List who was to hear of which step: the ladder of each deliverable until it was done or the wheel ended."""
        municipality, found = self.play.municipality, []
        with self.installation.store.read() as connection:
            planned = plans.occurrences(connection, municipality.key, self.play.school_year)
        for occurrence in planned:
            if occurrence.kind is not Kind.DELIVERABLE:
                continue
            last = self._last_day_of(occurrence.key)
            for step in steps(occurrence, municipality.wheel.activity(occurrence.activity), municipality.calendar):
                for role in step.to if step.day <= last else ():
                    people = municipality.people(role, school=occurrence.school, school_group=occurrence.school_group)
                    found += [Heard(occurrence.key, step.key, person.address, step.day) for person in people]
        return sorted(found)

    def _last_day_of(self, key: str) -> date:
        """Give the last day with a mail about a deliverable: schools do what they do after the morning's mails."""
        with self.installation.store.read() as connection:
            versions, waiver = deliveries.versions(connection, key), deliveries.waiver(connection, key)
        if versions:
            return danish_date(versions[0].delivered_at)
        return danish_date(waiver.waived_at) if waiver else self.play.last_day()


def keep(played: Played, home: Path, *, seed: int, every: timedelta) -> Kept:
    """Play the same year again on a store that is kept; days so far apart are turned again."""
    url = "https://kvalitet.example"
    settings = Settings(home=home, municipalities=DEPLOYMENTS, database_url="", smtp_host="", base_url=url)
    upgrade(settings.store_url)
    store = Store.open(settings.store_url, throw_away=True)
    installation = Installation(settings, store, (played.municipality,), secret=SECRET)
    kept = Kept(installation, Play(installation, played.municipality, played.school_year, seed))
    first = kept.play.first_day()

    def after_day(day: date, now: datetime) -> None:
        if (day - first) % every == timedelta():
            kept.turn_again(day, now)

    kept.play.run(instant(kept.play.last_day().isoformat(), "23:59"), after_day=after_day)
    return kept
