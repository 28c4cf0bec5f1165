"""A leader who has been asked for something by mail, and what their answers become."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from sqlalchemy import insert, update

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.offers.receiving import Came, Outcome, receive
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.messages import Message, task_item, task_message
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Occurrence, plan
from kvalitet.wheel import Stage
from tests.adapters.offers.mails import File, answer
from tests.adapters.store import planned
from tests.builders import AARBY, YEAR, activity, file_field, instant, municipality, text_field

NOW = instant("2026-09-01", "12:00")
LEADER = AARBY.leader.address
GOALS = activity(fields=(text_field(), file_field(required=False)))
PLAN = activity("action_plan", title="Handleplan", due="start-10-31", fields=(file_field(),))
FORM = activity("survey", title="Skema", fields=(text_field(),))
LATER = activity("absence_plan", title="Fraværsplan", opens="start-10-01", due="start-11-30", fields=(file_field(),))
TOWN = municipality(GOALS, PLAN, FORM, LATER)
STEM = "proeveby.2026-27"


@dataclass
class Asked:
    """An installation whose leader has got a mail about some deliverables."""

    installation: Installation
    mail: Mail
    came: int = 0

    def answers(
        self, *files: File, sender: str = LEADER, now: datetime = NOW, to: Mail | None = None, logo: bool = False
    ) -> Outcome | None:
        """Let an answer come in, and give what became of it."""
        self.came += 1
        ours = to or self.mail
        raw = answer(ours.message_id, *files, sender=sender, message_id=f"<svar-{self.came}@skole.example>", logo=logo)
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        with self.installation.store.write() as connection:
            values = {"key": f"<svar-{self.came}@skole.example>", "municipality": "proeveby", "kind": "human"}
            texts = {"sender": sender, "subject": "SV", "text": "", "content": raw, "is_confirmed": True}
            row = insert(mail_schema.incoming).values(received_at=now, mail=ours.id, **values, **texts)
            (identity,) = connection.execute(row).inserted_primary_key or (0,)
            return receive(connection, self.installation, mail, Came(identity, ours.id, sender), now=now)

    def written(self, template: str) -> list[Mail]:
        """List the mails of a kind that we have written, newest first."""
        with self.installation.store.read() as connection:
            return [mail for mail in outbox.mails(connection) if mail.template == template]

    def token(self) -> str:
        """Read the newest link that confirms, as its reader does."""
        return str(re.findall(r"/bekraeft/([\w-]+)", text_of(self.written("file_received")[0]))[0])


def text_of(mail: Mail) -> str:
    """Give the text part of a mail."""
    read = message_from_bytes(mail.content, policy=default)
    assert isinstance(read, EmailMessage)
    part = read.get_body(("plain",))
    assert part
    return str(part.get_content())


def key(of: str, school: str = "323001") -> str:
    return f"{STEM}.{of}.{school}"


def asked(store: Store, home: Path, *about: str, town: Municipality = TOWN) -> Asked:
    """Write the plan, and send the leader of Aarby Skole a reminder about some deliverables (by key)."""
    occurrences = plan(town, YEAR)
    planned.write(store, occurrences)
    settings = Settings(home=home, base_url="https://kvalitet.example", templates=CHECKOUT / "templates" / "email")
    installation = Installation(settings, store, (town,))
    found = {one.key: one for one in occurrences}
    with store.write() as connection:
        message = reminder(town, [found[one] for one in about])
        enqueue(connection, installation.renderer, message, now=NOW)
    with store.read() as connection:
        (mail,) = outbox.mails(connection)
    with store.write() as connection:
        sent = update(mail_schema.mail).where(mail_schema.mail.c.id == mail.id)
        connection.execute(sent.values(state="sent", sent_at=NOW))
    return Asked(installation, mail)


def reminder(town: Municipality, occurrences: list[Occurrence]) -> Message:
    items = [task_item(town, one, Stage.REMINDER, "reminder:-14", address=LEADER) for one in occurrences]
    return task_message(town, AARBY.leader, items, today=NOW.date())
