"""Rows 1 to 5 and 19: what a mail server may answer, or not, and what a mail may look like."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import update

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.transport import SmtpTransport
from kvalitet.adapters.settings import SmtpSecurity
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import FIRST_PAUSE, INTERRUPTED, MOST_TRIES, MailState, Rules, Uncertain
from tests.adapters.mail.servers import Conversation, closed_port, keep_and_reset, mail_server, reset
from tests.faults.nursery import needed
from tests.faults.outgoing import NOW, figures, mails, put, states

STOPPED = "Mailserveren 127.0.0.1:"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """Give the embedded database; what PostgreSQL does differently is tried by killing workers."""
    opened = Store.open(sqlite_url, throw_away=True)
    yield opened
    opened.close()


def drained(
    store: Store,
    port: int,
    *,
    now: datetime = NOW,
    host: str = "127.0.0.1",
    security: SmtpSecurity = SmtpSecurity.NONE,
    timeout: float = 5,
    policy: Uncertain = Uncertain.RESEND,
) -> Drained:
    transport = SmtpTransport(host=host, port=port, security=security, timeout=timeout)
    return asyncio.run(drain(store, transport, needed, now=lambda: now, worker="w", rules=Rules(uncertain=policy)))


@pytest.mark.parametrize("code", [421, 450, 451, 452])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "dot"])
def test_row_1_what_is_refused_for_now_waits_and_goes_later(store: Store, command: str, code: int) -> None:
    put(store, 3)
    with mail_server(**{command: [f"{code} 4.7.1 Senere"]}) as server:
        assert drained(store, server.port) == Drained(sent=2, retried=1)
        (waiting,) = (mail for mail in mails(store) if mail.state is MailState.RETRY)
        assert FIRST_PAUSE * 0.8 < waiting.not_before - NOW <= FIRST_PAUSE
        assert str(code) in waiting.reason
        assert drained(store, server.port) == Drained()
        assert drained(store, server.port, now=NOW + FIRST_PAUSE) == Drained(sent=1)
        found = figures(store, server)
    assert (found.lost, found.doubled) == (0, 0)


def test_row_1_what_is_always_refused_for_now_ends_in_a_failure_that_is_seen(store: Store) -> None:
    put(store, 1)
    now, tries = NOW, 0
    with mail_server(RCPT="450 4.2.1 Senere") as server:
        while states(store) != {"failed": 1}:
            assert drained(store, server.port, now=now).sent == 0
            now, tries = mails(store)[0].not_before, tries + 1
    assert tries == MOST_TRIES
    assert mails(store)[0].reason == (
        "Mailen er opgivet efter 24 forsøg; ret fejlen, og prøv igen. Mailserveren afviste mailen: 450 4.2.1 Senere"
    )


@pytest.mark.parametrize("code", [550, 554])
@pytest.mark.parametrize("command", ["RCPT", "DATA", "dot"])
def test_row_2_what_is_refused_for_good_has_failed_and_is_not_tried_again(
    store: Store, command: str, code: int
) -> None:
    put(store, 3)
    with mail_server(**{command: [f"{code} 5.1.1 Ukendt"]}) as server:
        assert drained(store, server.port) == Drained(sent=2, failed=1)
        for days in range(1, 5):
            assert drained(store, server.port, now=NOW + timedelta(days=days)) == Drained()
        assert len(server.recipients) == 3
    assert states(store) == {"sent": 2, "failed": 1}


def test_row_2_a_sender_that_is_refused_for_good_is_tried_until_the_end_since_an_operator_can_mend_it(
    store: Store,
) -> None:
    put(store, 1)
    now = NOW
    with mail_server(MAIL="550 5.7.60 Må ikke sende som") as server:
        while states(store) != {"failed": 1}:
            drained(store, server.port, now=now)
            now = mails(store)[0].not_before
        assert server.accepted == []
    assert mails(store)[0].attempts == MOST_TRIES


def hang(conversation: Conversation) -> None:
    """Say nothing until the other side has had enough."""
    conversation.connection.settimeout(30)
    while conversation.connection.recv(4096):
        pass
    raise ConnectionError


@pytest.mark.parametrize("greeting", ["421 4.3.2 Lukker", "554 Nej", reset, hang], ids=["421", "554", "reset", "hang"])
def test_row_3_a_server_that_does_not_let_us_in_stops_the_batch_at_once(
    store: Store, greeting: str | Callable[[Conversation], None]
) -> None:
    put(store, 20)
    with mail_server(greeting=greeting) as server:
        began = monotonic()
        outcome = drained(store, server.port, timeout=0.3)
        assert monotonic() - began < 5
        assert server.connections == 1
    assert (outcome.sent, outcome.retried, outcome.stopped.startswith(STOPPED)) == (0, 1, True)
    assert states(store) == {"queued": 19, "retry": 1}
    with mail_server() as server:
        assert drained(store, server.port, now=NOW + FIRST_PAUSE) == Drained(sent=20)
    assert not any(mail.may_be_doubled for mail in mails(store))


@pytest.mark.parametrize("fault", ["refused", "no such name", "no name at all", "no TLS"])
def test_row_3_a_server_that_cannot_be_reached_stops_the_batch_and_counts_as_no_try(store: Store, fault: str) -> None:
    put(store, 5)
    with mail_server(EHLO="250 mail.example") as server:
        for minutes in (0, 5, 10):
            now = NOW + timedelta(minutes=minutes)
            if fault == "refused":
                outcome = drained(store, closed_port(), now=now)
            elif fault == "no such name":
                outcome = drained(store, 25, host="mailserver.invalid", now=now)
            elif fault == "no name at all":
                outcome = drained(store, 25, host="mailserver..invalid", now=now)
            else:
                outcome = drained(store, server.port, security=SmtpSecurity.STARTTLS, now=now)
            assert outcome.stopped.startswith("Mailserveren ")
        assert server.accepted == []
    assert [mail.attempts for mail in mails(store)] == [0] * 5
    assert sum(states(store).values()) == 5
    assert set(states(store)) <= {"queued", "retry"}


def test_row_3_a_server_that_is_down_for_weeks_costs_no_mail(store: Store) -> None:
    put(store, 1)
    for day in range(21):
        assert drained(store, closed_port(), now=NOW + timedelta(days=day)).retried == 1
    with mail_server() as server:
        assert drained(store, server.port, now=NOW + timedelta(days=21)) == Drained(sent=1)


LONG = "\r\n".join(["x" * 70] * 30_000)


def reset_in_the_middle(conversation: Conversation) -> None:
    """Take some of a mail, and break the connection."""
    conversation.say("354 Go on")
    conversation.lines.read(100_000)
    conversation.reset()


def stall_in_the_middle(conversation: Conversation) -> None:
    """Take some of a mail, and then nothing more."""
    conversation.say("354 Go on")
    conversation.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    conversation.lines.read(1000)
    conversation.connection.settimeout(30)
    conversation.lines.read(len(LONG) * 2)
    raise ConnectionError


@pytest.mark.parametrize("break_off", [reset_in_the_middle, stall_in_the_middle], ids=["reset", "stall"])
def test_row_4_a_mail_broken_off_in_the_middle_is_sent_again_and_arrives_once(
    store: Store, break_off: Callable[[Conversation], None]
) -> None:
    # Where the network had taken the whole mail, it is flagged besides: then nobody on our side can know better.
    put(store, 2, body=LONG)
    with mail_server(DATA=[break_off]) as server:
        assert drained(store, server.port, timeout=1) == Drained(sent=1, retried=1)
        assert drained(store, server.port, now=NOW + FIRST_PAUSE) == Drained(sent=1)
        found = figures(store, server)
    assert (found.lost, found.doubled) == (0, 0)


def keep_and_hang(conversation: Conversation) -> None:
    """Take the mail, and never say so."""
    conversation.accepted.append(conversation.content)
    hang(conversation)


LOST_AFTER_THE_DOT = pytest.mark.parametrize(
    ("break_off", "doubled"), [(reset, 0), (keep_and_reset, 1), (keep_and_hang, 1)], ids=["lost", "taken", "hang"]
)


@LOST_AFTER_THE_DOT
def test_row_5_a_mail_lost_after_the_final_dot_is_sent_again_as_it_was_and_flagged(
    store: Store, break_off: Callable[[Conversation], None], doubled: int
) -> None:
    put(store, 3)
    with mail_server(dot=[break_off]) as server:
        assert drained(store, server.port, timeout=0.5) == Drained(sent=2, retried=1)
        assert drained(store, server.port, now=NOW + FIRST_PAUSE) == Drained(sent=1)
        found = figures(store, server)
    assert (found.lost, found.doubled, found.doubled_unflagged, found.differing_copies) == (0, doubled, 0, 0)
    assert [(mail.state.value, mail.may_be_doubled, mail.reason) for mail in mails(store)] == [
        ("sent", True, INTERRUPTED),
        ("sent", False, ""),
        ("sent", False, ""),
    ]


@LOST_AFTER_THE_DOT
def test_row_5_where_a_person_decides_it_waits_for_that_and_is_never_doubled(
    store: Store, break_off: Callable[[Conversation], None], doubled: int
) -> None:
    put(store, 3)
    with mail_server(dot=[break_off]) as server:
        assert drained(store, server.port, timeout=0.5, policy=Uncertain.ASK) == Drained(sent=2, uncertain=1)
        later = NOW + timedelta(days=2)
        assert drained(store, server.port, now=later, policy=Uncertain.ASK) == Drained()
        found = figures(store, server)
    assert (found.lost, found.doubled) == (1 - doubled, 0)
    assert states(store) == {"sent": 2, "uncertain": 1}


def test_row_5_a_server_that_breaks_every_time_is_left_alone_after_three_mails(store: Store) -> None:
    put(store, 20)
    with mail_server(dot=keep_and_reset) as server:
        assert drained(store, server.port).retried == 3
        assert len(server.accepted) == 3
    assert states(store) == {"queued": 17, "retry": 3}


@contextmanager
def poisoned(store: Store, **values: object) -> Iterator[None]:
    """Spoil the second of three mails."""
    put(store, 3)
    with store.write() as connection:
        row = mail_schema.mail
        connection.execute(update(row).where(row.c.key == "mail:1").values(**values))
    yield


@pytest.mark.parametrize(
    "recipient",
    [
        "skole@kalundborg.example>\r\nRCPT TO:<fremmed@x.example",
        "skole@kalundborg.example\r\nDATA",
        "skole@kalundborg.example, fremmed@x.example",
        "<skole@kalundborg.example>",
        "åse@kalundborg.example",
        "skole",
        "",
        "@",
        "=cmd|' /C calc'!A0",
        "😀",
        "a b@kalundborg.example",
    ],
)
def test_row_19_a_recipient_that_is_no_address_fails_alone_and_nobody_else_is_written_to(
    store: Store, recipient: str
) -> None:
    with poisoned(store, recipient=recipient), mail_server() as server:
        assert drained(store, server.port) == Drained(sent=2, failed=1)
        assert sorted(server.recipients) == [
            b"RCPT TO:<skole0@kalundborg.example>",
            b"RCPT TO:<skole2@kalundborg.example>",
        ]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"Subject: uden afsender\r\n\r\nHej", b"From: \r\n\r\nHej", b"From: <\r\n\r\nHej"],
    ids=["empty", "bytes", "no sender", "empty sender", "half a sender"],
)
def test_row_19_a_mail_that_cannot_be_read_fails_alone(store: Store, content: bytes) -> None:
    with poisoned(store, content=content), mail_server() as server:
        assert drained(store, server.port) == Drained(sent=2, failed=1)
        assert len(server.accepted) == 2


def test_row_19_a_body_cannot_end_the_mail_and_begin_another(store: Store) -> None:
    body = "\r\n.\r\nMAIL FROM:<x@x.example>\r\nRCPT TO:<fremmed@x.example>\r\nDATA\r\nSubject: falsk\r\n"
    put(store, 1, body=body)
    with mail_server() as server:
        assert drained(store, server.port) == Drained(sent=1)
        assert server.accepted == [mail.content for mail in mails(store)]
        assert server.recipients == [b"RCPT TO:<skole0@kalundborg.example>"]
