"""What the fault tests put into the outbox, and the figures of what came out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes

from sqlalchemy import select

from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.outbox import Mail, NewMail
from kvalitet.adapters.store.tables import mail_schema
from tests.adapters.mail.servers import MailServer

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)


def put(store: Store, count: int, *, first: int = 0, now: datetime = NOW, body: str = "Hej æøå.") -> None:
    with store.write() as connection:
        for number in range(first, first + count):
            assert outbox.enqueue(connection, a_mail(number, body), now=now)


def a_mail(number: int, body: str = "Hej æøå.") -> NewMail:
    message_id = f"<{number}@kalundborg.example>"
    head = (
        "From: Fagcenter <kvalitet@kalundborg.example>\r\nTo: skole@kalundborg.example\r\n"
        f"Message-ID: {message_id}\r\nDate: Tue, 01 Sep 2026 08:00:{number % 60:02} +0200\r\nSubject: Nr. {number}"
    )
    return NewMail(
        municipality="kalundborg",
        key=f"mail:{number}",
        template="receipt",
        recipient=f"skole{number}@kalundborg.example",
        recipient_name="Skolen",
        subject=f"Nr. {number}",
        message_id=message_id,
        content=f"{head}\r\n\r\n{body}\r\n".encode(),
        about={},
    )


def mails(store: Store) -> list[Mail]:
    with store.read() as connection:
        return outbox.mails(connection)[::-1]


def states(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {state.value: number for state, number in outbox.counts(connection).items()}


def in_flight(store: Store) -> int:
    return states(store).get("in_flight", 0)


@dataclass(frozen=True)
class Figures:
    """What a server has got of what was to be sent."""

    mails: int
    lost: int
    doubled: int
    doubled_unflagged: int
    differing_copies: int


def figures(store: Store, server: MailServer) -> Figures:
    """Compare what the server took with the outbox: copies are alike when every byte is."""
    with store.read() as connection:
        rows = connection.execute(select(mail_schema.mail.c.content, mail_schema.mail.c.may_be_doubled)).all()
    flagged = {row.content: row.may_be_doubled for row in rows}
    taken = Counter(server.accepted)
    doubled = [content for content, copies in taken.items() if copies > 1]
    known = {message_from_bytes(content)["Message-ID"] for content in flagged}
    return Figures(
        mails=len(rows),
        lost=sum(1 for content in flagged if content not in taken),
        doubled=sum(taken[content] - 1 for content in doubled),
        doubled_unflagged=sum(1 for content in doubled if not flagged.get(content)),
        differing_copies=sum(
            1 for content in taken if content not in flagged and message_from_bytes(content)["Message-ID"] in known
        ),
    )
