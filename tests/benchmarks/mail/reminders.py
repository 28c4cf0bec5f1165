"""Ten thousand reminders that wait: of a thousand schools and ten deliverables, each about its own occurrence."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kvalitet.adapters.mail.addresses import mailbox
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.store import Store, plans
from kvalitet.messages import Message, task_messages
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Changes, plan
from kvalitet.reminders import steps
from tests import builders
from tests.adapters.mail.samples import TEMPLATES
from tests.benchmarks import big

SCHOOLS, DELIVERABLES = 1000, 10
MADE_AT = builders.instant("2026-09-16", "07:00")
RENDERER = Renderer(TEMPLATES, "https://kvalitet.example")


@dataclass(frozen=True)
class Waiting:
    """Ventende mails: a municipality and the reminders that it is about to send."""

    municipality: Municipality
    messages: tuple[Message, ...]

    @classmethod
    def of(cls, count: int) -> Waiting:
        """Make the first so many reminders of a municipality of a thousand schools."""
        deliverables = [builders.activity(f"deliverable_{number}") for number in range(DELIVERABLES)]
        everything = big.municipality()
        whole = replace(
            builders.municipality(*deliverables, schools=everything.schools[:SCHOOLS], groups=everything.groups),
            sender=replace(everything.sender, name="Fagcenter Børn og Læring"),
        )
        messages = (message for activity in deliverables for message in _reminders(whole, activity.key))
        return cls(whole, tuple(islice(messages, count)))

    @property
    def needed(self) -> NeededNow:
        """Give what the product asks before each mail: is it still needed."""
        return NeededNow.of((self.municipality,), RENDERER)

    def fill(self, store: Store) -> None:
        """Put the plan and the mails into a store."""
        planned = plan(self.municipality, builders.YEAR)
        positions = {occurrence.key: place for place, occurrence in enumerate(planned)}
        with store.write() as connection:
            changes = Changes(planned, (), ())
            plans.write(connection, changes, positions=positions, wake_on=dict.fromkeys(positions), now=MADE_AT)
            for message in self.messages:
                assert enqueue(connection, RENDERER, message, now=MADE_AT)

    def export(self, path: Path) -> Path:
        """Write the same mails down for others, one JSON object a line."""
        sender = self.municipality.sender
        with path.open("w", encoding="utf-8") as file:
            for message in self.messages:
                parts = RENDERER.parts(message)
                mail = {
                    "from": str(mailbox(sender.name, sender.address)),
                    "to": str(mailbox(message.to.name, message.to.address)),
                    "subject": parts.subject,
                    "text": parts.text,
                    "html": parts.html,
                }
                file.write(f"{json.dumps(mail)}\n")
        return path


def _reminders(whole: Municipality, activity: str) -> list[Message]:
    found = whole.wheel.activity(activity)
    occurrences = [each for each in plan(whole, builders.YEAR) if each.activity == activity]
    due = [(each, steps(each, found, whole.calendar)[0]) for each in occurrences]
    today = MADE_AT.date()
    # Each deliverable has its day here, since a person gets one mail a day.
    return [replace(each, key=f"{each.key}:{activity}") for each in task_messages(whole, due, today=today)]
