"""Rows 6, 7 and 8: workers that are killed, told to stop, or work at the same time."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from kvalitet.adapters.store import Store
from kvalitet.outgoing import Rules
from tests.adapters.mail.servers import Conversation, MailServer, mail_server
from tests.faults.nursery import Nursery, Order
from tests.faults.outgoing import NOW, figures, in_flight, mails, put, states

KILLS = int(os.environ.get("KVALITET_TEST_KILLS", "12"))
LATER = (NOW + Rules().lease + timedelta(hours=1)).isoformat()


class Killer:
    """Kills the worker when the server has come to a point; the worker's number is told before it is needed."""

    def __init__(self) -> None:
        self._pid = 0
        self._known = threading.Event()

    def aim(self, pid: int) -> None:
        self._pid = pid
        self._known.set()

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self._known.wait(10)
        os.kill(self._pid, number)


def at_mail(number: int, answer: str, then: Callable[[Conversation], None]) -> list[object]:
    """Answer as usual until the mail of that number, then do something."""
    return [*[answer] * (number - 1), then]


# Where the worker dies, and how many copies of that mail more than one its reader then gets.
POINTS = [("claimed", 0), ("answered", 1), ("committing", 1)]


@pytest.mark.parametrize(("point", "doubled"), POINTS)
def test_a_worker_killed_at_a_point_of_its_own_loses_nothing(
    store: Store, database_url: str, nursery: Nursery, point: str, doubled: int
) -> None:
    put(store, 4)
    with mail_server() as server:
        order = Order(database_url, server.port, NOW.isoformat(), killed=point, at_mail=2)
        assert nursery.run(order) == -signal.SIGKILL
        assert in_flight(store) == 1
        assert nursery.run(Order(database_url, server.port, LATER)) == 0
        found = figures(store, server)
    assert states(store) == {"sent": 4}
    assert (found.lost, found.doubled, found.doubled_unflagged, found.differing_copies) == (0, doubled, 0, 0)
    assert [mail.may_be_doubled for mail in mails(store)] == [False, True, False, False]


@pytest.mark.parametrize(("command", "doubled"), [("MAIL", 0), ("RCPT", 0), ("DATA", 0), ("dot", 1)], ids=str)
def test_a_worker_killed_in_the_middle_of_a_conversation_loses_nothing(
    store: Store, database_url: str, nursery: Nursery, command: str, doubled: int
) -> None:
    put(store, 4)
    killer = Killer()

    def die(conversation: Conversation) -> None:
        if command == "dot":  # the mail is the server's from here on, though it has not said so
            conversation.accepted.append(conversation.content)
        killer.kill()
        raise ConnectionError

    usual = "354 Go on" if command == "DATA" else "250 OK"
    with mail_server(**{command: at_mail(2, usual, die)}) as server:
        pid = nursery.start(Order(database_url, server.port, NOW.isoformat()))
        killer.aim(pid)
        assert nursery.wait(pid) == -signal.SIGKILL
        assert in_flight(store) == 1
        assert nursery.run(Order(database_url, server.port, LATER)) == 0
        found = figures(store, server)
    assert states(store) == {"sent": 4}
    assert (found.lost, found.doubled, found.doubled_unflagged, found.differing_copies) == (0, doubled, 0, 0)


class Marksman(MailServer):
    """A server that has its worker killed a moment after a command of a drawn number."""

    def __init__(self, draw: random.Random) -> None:
        super().__init__()
        self.draw = draw
        self.killer = Killer()
        self.left = -1
        self.timer: threading.Timer | None = None

    def aim(self) -> Killer:
        self.killer, self.left = Killer(), self.draw.randrange(1, 60)
        return self.killer

    def _obey(self, conversation: Conversation, command: bytes) -> bool:
        self.left -= 1
        if self.left == 0:
            self.timer = threading.Timer(self.draw.uniform(0, 0.01), self.killer.kill)
            self.timer.start()
        return super()._obey(conversation, command)


def test_many_workers_killed_at_any_moment_lose_nothing_and_double_at_most_one_mail_each(
    store: Store, database_url: str, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    server = Marksman(random.Random(20260901))  # noqa: S311 -- a drawing that can be repeated, not a secret
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    kills, rounds = 0, 0
    while kills < KILLS:
        now = NOW + rounds * (Rules().lease + timedelta(minutes=1))
        put(store, 15, first=15 * rounds, now=now)
        killer = server.aim()
        pid = nursery.start(Order(database_url, server.port, now.isoformat()))
        killer.aim(pid)
        kills += server_killed(nursery.wait(pid), server)
        rounds += 1
    server.left = -1
    end = NOW + rounds * (Rules().lease + timedelta(minutes=1)) + timedelta(hours=1)
    assert nursery.run(Order(database_url, server.port, end.isoformat())) == 0
    found = figures(store, server)
    server.stop()
    thread.join(5)
    flagged = sum(mail.may_be_doubled for mail in mails(store))
    told = f"{found.mails} mails, {kills} kills, {found.lost} lost, {found.doubled} doubled, {flagged} flagged"
    record_property("figures", told)
    print(f"\n{'SQLite' if store.is_sqlite else 'PostgreSQL'}: {told}")  # noqa: T201 -- the figures of docs/fault-matrix.md
    assert states(store) == {"sent": found.mails}
    assert (found.mails, found.lost) == (15 * rounds, 0)
    assert found.doubled <= flagged <= kills
    assert (found.doubled_unflagged, found.differing_copies) == (0, 0)


def server_killed(code: int, server: Marksman) -> int:
    """Count a kill; a worker that was quicker than its killer is none."""
    if server.timer:
        server.timer.cancel()
        server.timer.join()
        server.timer = None
    assert code in {0, -signal.SIGKILL}
    return int(code == -signal.SIGKILL)


def test_a_worker_told_to_stop_ends_with_the_mail_in_flight(store: Store, database_url: str, nursery: Nursery) -> None:
    put(store, 4)
    killer = Killer()

    def stop(conversation: Conversation) -> None:
        killer.kill(signal.SIGTERM)
        conversation.accepted.append(conversation.content)
        conversation.say("250 Queued")

    with mail_server(dot=at_mail(2, "250 Queued", stop)) as server:
        pid = nursery.start(Order(database_url, server.port, NOW.isoformat()))
        killer.aim(pid)
        assert nursery.wait(pid) == -signal.SIGTERM
        assert states(store) == {"sent": 2, "queued": 2}
        assert nursery.run(Order(database_url, server.port, LATER)) == 0
        found = figures(store, server)
    assert (found.lost, found.doubled) == (0, 0)
    assert not any(mail.may_be_doubled for mail in mails(store))


def test_a_worker_told_to_stop_does_not_wait_for_the_rate(store: Store, database_url: str, nursery: Nursery) -> None:
    put(store, 4)
    killer = Killer()

    def stop_soon(conversation: Conversation) -> None:
        conversation.accepted.append(conversation.content)
        conversation.say("250 Queued")
        killer.kill(signal.SIGTERM)

    with mail_server(dot=at_mail(2, "250 Queued", stop_soon)) as server:
        pid = nursery.start(Order(database_url, server.port, NOW.isoformat(), rate=2))
        killer.aim(pid)
        assert nursery.wait(pid) == -signal.SIGTERM
    assert states(store) == {"sent": 2, "queued": 2}


def test_two_workers_at_once_send_every_mail_once(store: Store, database_url: str, nursery: Nursery) -> None:
    put(store, 60)
    seen: list[Conversation] = []
    both = threading.Event()

    def greet(conversation: Conversation) -> None:
        seen.append(conversation)
        if len(seen) == 2:
            both.set()
        conversation.say("220 mail.example")

    def wait_for_the_other(conversation: Conversation) -> None:
        assert both.wait(30)
        conversation.accepted.append(conversation.content)
        conversation.say("250 Queued")

    with mail_server(greeting=greet, dot=[wait_for_the_other]) as server:
        order = Order(database_url, server.port, NOW.isoformat(), timeout=40)
        workers = [nursery.start(order) for _ in range(2)]
        assert [nursery.wait(pid) for pid in workers] == [0, 0]
        found = figures(store, server)
    assert both.is_set()
    assert states(store) == {"sent": 60}
    assert (found.lost, found.doubled) == (0, 0)
