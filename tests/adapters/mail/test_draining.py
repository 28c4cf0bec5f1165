import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kvalitet.adapters.mail.draining import Drained
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.store import Store, log, outbox
from kvalitet.outgoing import INTERRUPTED, MailState, Rules
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, ACTION_PLAN, NOW, RENDERER, SUBGOALS
from tests.adapters.mail.sending import (
    SCHOOLS,
    accepted,
    drained,
    mails,
    queue,
    reminders,
    sent_events,
    smtp,
    states,
)
from tests.adapters.mail.servers import closed_port, keep_and_reset, mail_server, reset


def test_all_that_waits_is_sent_once_over_one_connection(store: Store) -> None:
    queue(store, *reminders())
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=3)
        assert drained(store, smtp(server.port)) == Drained()

        assert accepted(server) == sorted(mail.content for mail in mails(store))
        assert server.connections == 1
    assert states(store) == [MailState.SENT] * 3
    assert sent_events(store) == [school.leader.address for school in SCHOOLS]


def test_the_event_tells_who_got_what(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server() as server:
        drained(store, smtp(server.port))

    with store.read() as connection:
        (event,) = log.events(connection)
    (mail,) = mails(store)
    assert (event.at, event.event, event.municipality) == (NOW, "mail_sent", "kalundborg")
    assert (event.activity, event.school, event.message_id) == ("local_goals", "323001", mail.message_id)
    assert event.detail == "reminder: Lokale mål og delmål 2026/27 – Aarby Skole"


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": ["451 Later"]},
        {"dot": ["452 Full"]},
        {"DATA": ["451 Later"]},
        {"MAIL": ["450 Later"]},
        {"RCPT": [reset]},
        {"DATA": [reset]},
    ],
    ids=["451 recipient", "452 content", "451 data", "450 sender", "reset at recipient", "reset at data"],
)
def test_what_the_server_takes_later_waits_and_does_not_stop_the_others(
    store: Store, answers: dict[str, list[object]]
) -> None:
    queue(store, *reminders())
    with mail_server(**answers) as server:
        assert drained(store, smtp(server.port)) == Drained(sent=2, retried=1)
        assert drained(store, smtp(server.port)) == Drained()
        assert states(store) == [MailState.RETRY, MailState.SENT, MailState.SENT]
        assert drained(store, smtp(server.port), now=NOW + timedelta(minutes=5)) == Drained(sent=1)
        assert accepted(server) == sorted(mail.content for mail in mails(store))


@pytest.mark.parametrize("answers", [{"RCPT": ["550 Nobody"]}, {"dot": ["554 No"]}], ids=["recipient", "content"])
def test_what_the_server_never_takes_has_failed_and_does_not_stop_the_others(
    store: Store, answers: dict[str, list[object]]
) -> None:
    queue(store, *reminders())
    with mail_server(**answers) as server:
        assert drained(store, smtp(server.port)) == Drained(sent=2, failed=1)
        assert drained(store, smtp(server.port), now=NOW + timedelta(days=2)) == Drained()
    assert states(store) == [MailState.FAILED, MailState.SENT, MailState.SENT]
    assert mails(store)[0].reason.startswith("Mailserveren afviste mailen: 55")


def test_a_refused_sender_is_no_fault_of_the_mail(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server(MAIL=["550 5.7.1 Not you"]) as server:
        assert drained(store, smtp(server.port)) == Drained(retried=1)


@pytest.mark.parametrize("greeting", ["421 Busy", "554 Go away", None], ids=["421", "554", "refused"])
def test_a_dead_server_stops_the_batch_and_loses_nothing(store: Store, greeting: str | None) -> None:
    queue(store, *reminders())
    with mail_server(greeting=greeting) as server:
        outcome = drained(store, smtp(server.port if greeting else closed_port()))

    assert (outcome.sent, outcome.retried) == (0, 1)
    assert outcome.stopped.startswith("Mailserveren 127.0.0.1:")
    assert states(store) == [MailState.RETRY, MailState.QUEUED, MailState.QUEUED]
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=NOW + timedelta(minutes=5)) == Drained(sent=3)


@pytest.mark.parametrize("break_off", [reset, keep_and_reset], ids=["lost", "taken"])
def test_a_mail_lost_after_the_dot_is_sent_again_with_the_same_bytes_and_flagged(
    store: Store, break_off: object
) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server(dot=[break_off]) as server:
        assert drained(store, smtp(server.port)) == Drained(retried=1)
        assert mails(store)[0].reason == INTERRUPTED
        assert drained(store, smtp(server.port), now=NOW + timedelta(minutes=5)) == Drained(sent=1)
        (mail,) = mails(store)
        assert server.accepted[-1] == mail.content
    assert (mail.state, mail.reason) == (MailState.SENT, INTERRUPTED)


def test_after_a_day_it_is_left_to_a_person_whether_a_lost_mail_is_sent_again(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server(dot=[reset]) as server:
        assert drained(store, smtp(server.port), now=NOW + timedelta(hours=25)) == Drained(uncertain=1)
    assert mails(store)[0].reason.startswith("Ingen ved, om mailen kom frem;")


def test_a_connection_lost_at_goodbye_loses_nothing(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server(QUIT=reset) as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1)


def test_lines_that_begin_with_a_dot_arrive_as_they_were(store: Store) -> None:
    (message,) = reminders(of=(AARBY,))
    new = replace(RENDERER.render(message, now=NOW), content=b"From: a@b.example\r\n\r\n.\r\n..\r\n.x\r\n")
    with store.write() as connection:
        outbox.enqueue(connection, replace(new, about={}, template="receipt"), now=NOW)
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1)
        assert server.accepted == [new.content]


def test_two_drains_at_once_send_each_mail_once(store: Store) -> None:
    queue(store, *reminders(), *samples.tasks(date(2026, 8, 10), SUBGOALS, ACTION_PLAN, of=SCHOOLS))
    outcomes: list[Drained] = []
    with mail_server() as server:
        threads = [
            threading.Thread(target=lambda name=name: outcomes.append(drained(store, smtp(server.port), worker=name)))
            for name in ("a", "b", "c")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert accepted(server) == sorted(mail.content for mail in mails(store))
    assert sum(outcome.sent for outcome in outcomes) == 6


def test_the_same_message_is_put_into_the_outbox_once(store: Store) -> None:
    (message,) = reminders(of=(AARBY,))
    queue(store, message)
    with store.write() as connection:
        assert not enqueue(connection, RENDERER, message, now=NOW + timedelta(hours=1))
    assert len(mails(store)) == 1


KILLED = """
import asyncio, os, signal, sys
from datetime import datetime
from kvalitet.adapters.mail.draining import STILL_NEEDED, drain
from kvalitet.adapters.store import Store

class Killed:
    async def send(self, mail):
        if sys.argv[2] == "after":
            open(sys.argv[3], "wb").write(mail.content)
        os.kill(os.getpid(), signal.SIGKILL)
    async def close(self):
        pass

now = datetime.fromisoformat(sys.argv[4])
store = Store.open(sys.argv[1])
asyncio.run(drain(store, Killed(), lambda connection, mail, *, now: STILL_NEEDED, now=lambda: now, worker="killed"))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_around_the_sending_loses_nothing(
    store: Store, database_url: str, tmp_path: Path, moment: str
) -> None:
    queue(store, *reminders(of=(AARBY,)))
    copy = tmp_path / "copy.eml"
    script = [sys.executable, "-c", KILLED, database_url, moment, str(copy), NOW.isoformat()]
    killed = subprocess.run(script, check=False, cwd=Path(__file__).parents[3], env={**os.environ})

    assert killed.returncode == -signal.SIGKILL
    assert states(store) == [MailState.IN_FLIGHT]
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained()
        assert drained(store, smtp(server.port), now=NOW + Rules().lease) == Drained(sent=1)
        assert accepted(server) == [mail.content for mail in mails(store)]
        assert moment == "before" or server.accepted == [copy.read_bytes()]
    assert mails(store)[0].reason == INTERRUPTED
