"""Sending in tests: what is queued, drained and seen afterwards."""

import asyncio
from datetime import date, datetime

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.transport import SmtpTransport, Transport
from kvalitet.adapters.settings import SmtpSecurity
from kvalitet.adapters.store import Store, log, outbox
from kvalitet.adapters.store.outbox import Mail
from kvalitet.messages import Message
from kvalitet.municipality import School
from kvalitet.outgoing import MailState
from kvalitet.wheel import Activity
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, KALUNDBORG, NOW, RENDERER, ROESNAES, ZACHARIAS
from tests.adapters.mail.servers import MailServer

NEEDED = NeededNow.of((KALUNDBORG,), RENDERER)
SCHOOLS = (AARBY, ROESNAES, ZACHARIAS)


def queue(store: Store, *messages: Message, now: datetime = NOW) -> None:
    with store.write() as connection:
        samples.write_plan(connection)
        for message in messages:
            assert enqueue(connection, RENDERER, message, now=now)


def reminders(*activities: Activity, of: tuple[School, ...] = SCHOOLS) -> tuple[Message, ...]:
    return samples.tasks(date(2026, 8, 24), *activities, of=of)


def smtp(port: int) -> SmtpTransport:
    return SmtpTransport(host="127.0.0.1", port=port, security=SmtpSecurity.NONE, timeout=5)


def drained(store: Store, transport: Transport, *, now: datetime = NOW, worker: str = "w") -> Drained:
    return asyncio.run(drain(store, transport, NEEDED, now=lambda: now, worker=worker))


def mails(store: Store) -> list[Mail]:
    with store.read() as connection:
        return outbox.mails(connection)[::-1]


def states(store: Store) -> list[MailState]:
    return [mail.state for mail in mails(store)]


def sent_events(store: Store) -> list[str]:
    with store.read() as connection:
        return [event.recipient for event in log.events(connection) if event.event == "mail_sent"]


def accepted(server: MailServer) -> list[bytes]:
    return sorted(server.accepted)
