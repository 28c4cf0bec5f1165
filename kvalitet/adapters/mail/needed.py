"""Still needed? What may have happened between a mail's making and its sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.mail.needed_meetings import MEETINGS, judge_meeting
from kvalitet.adapters.store import facts, outbox, plans
from kvalitet.board import danish_date
from kvalitet.messages import Item, task_item, task_message
from kvalitet.occurrences import stands
from kvalitet.reminders import OPENING
from kvalitet.status import status_of
from kvalitet.wheel import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.outbox import Mail, NewMail
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.wheel import Activity

TASKS = frozenset(stage.value for stage in Stage)


@dataclass(frozen=True)
class NeededNow:
    """Stadig nødvendig: judges each mail by the store as it is when the mail is claimed."""

    municipalities: Mapping[str, Municipality]
    renderer: Renderer

    @classmethod
    def of(cls, municipalities: Iterable[Municipality], renderer: Renderer) -> NeededNow:
        """Know the municipalities of an installation by key."""
        return cls({municipality.key: municipality for municipality in municipalities}, renderer)

    def __call__(self, connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        """Judge one mail."""
        if mail.expires_at and mail.expires_at <= now:
            return Judgement("For sent: det, mailen handler om, er forbi.")
        municipality = self.municipalities.get(mail.municipality)
        if mail.template in MEETINGS:
            return judge_meeting(connection, mail, municipality)
        if mail.template in TASKS and municipality:
            return self._tasks(connection, mail, municipality, now)
        return STILL_NEEDED

    def _tasks(self, connection: Connection, mail: Mail, municipality: Municipality, now: datetime) -> Judgement:
        about = outbox.about(connection, mail.id)
        rest = self._unfinished(connection, mail, municipality, about, now)
        if not rest:
            return Judgement("Alt, som mailen handler om, er afleveret, fritaget eller ikke længere aktuelt.")
        person = _person(municipality, mail.recipient)
        if person is None:
            return Judgement("Modtageren står ikke længere i kommunens liste over kontakter.")
        if len(rest) == len(about):
            return STILL_NEEDED
        return Judgement(
            "Erstattet af en mail om det, der stadig mangler.", self._anew(mail, person, municipality, rest, now)
        )

    def _unfinished(
        self, connection: Connection, mail: Mail, municipality: Municipality, about: Mapping[str, str], now: datetime
    ) -> list[Item]:
        known = facts.of(connection, about)
        today = danish_date(now)
        escalated = mail.template == Stage.ESCALATION.value
        rest = []
        for key, step in about.items():
            occurrence = plans.occurrence(connection, key)
            if occurrence is None or plans.is_dropped(connection, key):
                continue
            if not stands(municipality, occurrence, today=today):
                continue
            stage = _stage(municipality.wheel.activity(occurrence.activity), step)
            done = status_of(occurrence, known[key], now=now, today=today).is_done
            if not done and not _stale(occurrence, stage, mail, now):
                rest.append(task_item(municipality, occurrence, stage, step, escalated=escalated))
        return rest

    def _anew(
        self, mail: Mail, person: Contact, municipality: Municipality, rest: list[Item], now: datetime
    ) -> NewMail:
        message = task_message(municipality, person, rest, today=danish_date(now), key=_next_key(mail.key))
        return self.renderer.render(message, now=now)


def _stage(activity: Activity, step: str) -> Stage:
    """Find the stage of a ladder step; one that the municipality has since removed is a reminder."""
    if step == OPENING:
        return Stage.OPENING
    return next((rung.stage for rung in activity.ladder if f"{rung.days:+d}" == step), Stage.REMINDER)


def _stale(occurrence: Occurrence, stage: Stage, mail: Mail, now: datetime) -> bool:
    """Tell whether a reminder made in time would arrive after the due date; the next step says it better."""
    return stage is Stage.REMINDER and danish_date(mail.created_at) <= occurrence.due < danish_date(now)


def _person(municipality: Municipality, address: str) -> Contact | None:
    everybody = (*municipality.contacts, *(school.leader for school in municipality.schools))
    return next((person for person in everybody if person.address == address), None)


def _next_key(key: str) -> str:
    stem, found, number = key.rpartition(":r")
    return f"{stem}:r{int(number) + 1}" if found and number.isdigit() else f"{key}:r2"
