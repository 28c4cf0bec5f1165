"""A municipality's year with deliveries, waivers, pauses, reminders asked for and a moved due date mixed in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from flows import plan_year, send_mail, turn_wheel
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing, reminding
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail_preview import preview
from kvalitet.adapters.mail_preview.rehearsing import TURNING, rehearsed
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, outbox, upgrade
from kvalitet.days import RelativeDay, SchoolYear, days_between
from kvalitet.municipality import DANISH_TIME, Municipality
from kvalitet.simulation.playing import DAILY, Play
from kvalitet.wheel import Kind
from tests.simulation.played import DEPLOYMENTS

YEAR = SchoolYear(2026)
SEED = 1


@dataclass(frozen=True, order=True)
class Seen:
    """A mail as it was foreseen, or as it lies in the outbox."""

    key: str
    recipient: str
    template: str
    subject: str
    about: tuple[tuple[str, str], ...]
    content: bytes = field(repr=False)


@dataclass
class Played:
    """A year that goes on day by day, and the municipality as its files are that day."""

    installation: Installation
    municipality: Municipality
    random: Random

    @classmethod
    def of(cls, key: str, home: Path) -> Played:
        """Plan the year in a database of its own."""
        municipality = load(DEPLOYMENTS / key)
        settings = Settings(home=home, municipalities=DEPLOYMENTS, base_url="https://kvalitet.example")
        upgrade(settings.store_url)
        store = Store.open(settings.store_url, throw_away=True)
        return cls(Installation(settings, store, (municipality,)), municipality, Random(f"{SEED}:{key}"))  # noqa: S311 -- a play

    @property
    def play(self) -> Play:
        """The doings of the schools."""
        return Play(self.installation, self.municipality, YEAR, SEED)

    def days(self) -> Iterator[date]:
        """Live through the wheel; each day is given before its turn, and is turned afterwards."""
        first, last = self.play.first_day(), self.play.last_day()
        plan_year.run(self.installation, self.municipality, now=at(first, time(6)), school_year=YEAR)
        turn_wheel.run(self.installation, self.municipality, now=at(first - timedelta(days=1), TURNING), phases=DAILY)
        expected = self.play.doings_by_day()
        moved = first + (last - first) / 2
        for day in days_between(first, last):
            yield day
            turn_wheel.run(self.installation, self.municipality, now=at(day, TURNING), phases=DAILY)
            self.send(at(day, time(7, 5)))
            for doing in expected.get(day, ()):
                self._allowed(lambda doing=doing: self.play.do(doing))
            if self.random.random() < 0.1:
                self._allowed(lambda day=day: self._disturb(day))
            if day == moved:
                self._move_what_is_ahead(day)

    def send(self, now: datetime) -> None:
        """Empty the outbox."""
        asyncio.run(send_mail.run(self.installation, now=lambda: now))

    def foreseen(self, day: date, *, now: datetime) -> list[Seen]:
        """List the mails that a day's preview shows, with the bytes that it would show."""
        shown = preview(self.installation, self.municipality, day, now=now)
        with rehearsed(self.installation, self.municipality, day, now=now) as rehearsal:
            planned = rehearsal.planned
        mails = [(plan.message.about, plan.render(self.installation.renderer)) for plan in planned]
        assert [(mail.key, mail.recipient, mail.template, mail.subject) for _, mail in mails] == [
            (line.key, line.recipient, line.template, line.subject) for line in shown.mails if line.key
        ]
        return sorted(
            Seen(mail.key, mail.recipient, mail.template, mail.subject, tuple(sorted(about.items())), mail.content)
            for about, mail in mails
        )

    def made(self, now: datetime) -> list[Seen]:
        """List the mails that were made at an instant."""
        with self.installation.store.read() as connection:
            mails = outbox.mails(connection, self.municipality.key, limit=400)
            return sorted(
                Seen(
                    mail.key,
                    mail.recipient,
                    mail.template,
                    mail.subject,
                    tuple(sorted(outbox.about(connection, mail.id).items())),
                    mail.content,
                )
                for mail in mails
                if mail.created_at == now
            )

    def _disturb(self, day: date) -> None:
        """Pause a school for some weeks, end its pause, or remind somebody."""
        school = self.random.choice(self.municipality.schools)
        what = self.random.choice(("pause", "end", "remind"))
        noon = at(day, time(12))
        if what == "pause":
            pausing.pause(
                self.installation,
                self.municipality,
                school.number,
                first_day=day + timedelta(days=self.random.randint(0, 3)),
                last_day=day + timedelta(days=self.random.randint(4, 30)),
                reason="Prøve",
                by="Forvaltningen",
                now=noon,
            )
        elif what == "end":
            pausing.end(self.installation, self.municipality, school.number, now=noon)
        else:
            deliverables = [a for a in self.municipality.wheel.of(YEAR) if a.kind is Kind.DELIVERABLE]
            activity = self.random.choice(deliverables).key
            keys = reminding.of_activity(self.installation, self.municipality, activity, YEAR)[:4]
            reminding.remind(self.installation, self.municipality, keys, token=f"{day}", by="F", now=noon)
            self.send(noon + timedelta(minutes=1))

    def _move_what_is_ahead(self, day: date) -> None:
        """Give more time for what is open, by a new plan of changed files."""
        activities = []
        for activity in self.municipality.wheel.activities:
            opens, due = activity.window(YEAR)
            later = due + timedelta(days=9)
            is_open = activity.kind is Kind.DELIVERABLE and opens <= day <= due and later <= YEAR.last_day
            word = "start" if later.year == YEAR.start else "end"
            moved = RelativeDay.parse(f"{word}-{later.month:02d}-{later.day:02d}")
            activities.append(replace(activity, due=moved) if is_open else activity)
        wheel = replace(self.municipality.wheel, activities=tuple(activities))
        assert wheel != self.municipality.wheel
        self.municipality = replace(self.municipality, wheel=wheel)
        self.installation = replace(self.installation, municipalities=(self.municipality,))
        plan_year.run(self.installation, self.municipality, now=at(day, time(20)), school_year=YEAR)

    @staticmethod
    def _allowed(do: object) -> None:
        """Do what a person might try, which may be refused."""
        try:
            do()  # type: ignore[operator]
        except UserError:
            return


def at(day: date, moment: time) -> datetime:
    """Give the instant of a Danish day and time."""
    return datetime.combine(day, moment, tzinfo=DANISH_TIME).astimezone(UTC)


def evening_before(day: date) -> datetime:
    """Give when a careful administrator looks."""
    return at(day - timedelta(days=1), time(22))
