"""The rules of sending: rate, surge, marks, pauses, what a person is asked, and ending early."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.mail.draining import MOST_JUDGED, STILL_NEEDED, Drained, Judgement, StillNeeded, drain
from kvalitet.adapters.mail.patience import Patience, until_told
from kvalitet.adapters.mail.sending import summary
from kvalitet.adapters.mail.transport import (
    Letter,
    MailboxTransport,
    MaybeSentError,
    NotSentError,
    Transport,
    sender_of,
)
from kvalitet.adapters.store import Store, address_marks, outbox
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.outgoing import INTERRUPTED, HeldFor, MailState, Rules, Uncertain
from tests.adapters.mail.samples import NOW
from tests.adapters.mail.sending import mails, states
from tests.adapters.store.test_outbox import new


class Box:
    """A transport that keeps what it gets, or does what it is told."""

    def __init__(self, then: Callable[[Letter], None] | None = None) -> None:
        self.sent: list[str] = []
        self.then = then

    async def send(self, mail: Letter) -> None:
        if self.then:
            self.then(mail)
        self.sent.append(mail.key)

    async def close(self) -> None:
        pass


class Waits(Patience):
    """A patience that moves the clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.waited: list[float] = []

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)


def put(store: Store, *keys: str) -> None:
    with store.write() as connection:
        for key in keys:
            outbox.enqueue(connection, new(key), now=NOW)


def needed(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
    return STILL_NEEDED


def never_needed(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
    return Judgement("Afleveret.")


def drained(
    store: Store,
    transport: Transport,
    rules: Rules | None = None,
    *,
    judge: StillNeeded = needed,
    patience: Patience | None = None,
    now: Callable[[], datetime] = lambda: NOW,
) -> Drained:
    return asyncio.run(drain(store, transport, judge, now=now, worker="w", rules=rules, patience=patience))


def test_no_more_mails_go_in_a_minute_than_the_server_takes(store: Store) -> None:
    put(store, *"abcdefg")
    patience, box = Waits(), Box()
    outcome = drained(store, box, Rules(rate=3), patience=patience, now=lambda: patience.now)
    assert outcome == Drained(sent=7)
    assert patience.waited == [60, 60]
    with store.read() as connection:
        tried = sorted(mail.attempted_at - NOW for mail in outbox.mails(connection) if mail.attempted_at)
    assert tried == [timedelta(minutes=minutes) for minutes in (0, 0, 0, 1, 1, 1, 2)]


def test_a_surge_is_held_and_goes_when_it_is_released(store: Store) -> None:
    put(store, *"abc")
    assert drained(store, Box(), Rules(surge=2)) == Drained(held=3)
    assert {mail.held_for for mail in mails(store)} == {HeldFor.SURGE}


def test_a_surge_that_comes_while_mails_are_sent_is_held_too(store: Store) -> None:
    put(store, "a")
    box = Box(lambda _: put(store, *"bcd"))
    assert drained(store, box, Rules(surge=2)) == Drained(sent=1, held=3)
    assert box.sent == ["a"]


def test_a_mail_to_a_marked_address_is_held_and_says_what_to_do(store: Store) -> None:
    put(store, "a")
    with store.write() as connection:
        address_marks.mark(connection, "proeveby", "leder@skole.example", reason="Findes ikke.", now=NOW)
    assert drained(store, Box()) == Drained(held=1)
    (mail,) = mails(store)
    assert mail.reason == (
        "Mails til leder@skole.example kommer tilbage: Findes ikke. Ret adressen i kommunens filer, "
        "eller sig, at den virker igen, med »kvalitet mail unmark leder@skole.example«."
    )
    with store.write() as connection:
        address_marks.clear(connection, "proeveby", "leder@skole.example", now=NOW)
    assert drained(store, Box()) == Drained(sent=1)


def test_what_nobody_needs_is_cancelled_before_anybody_asks_about_its_address(store: Store) -> None:
    put(store, "a")
    with store.write() as connection:
        address_marks.mark(connection, "proeveby", "leder@skole.example", reason="Findes ikke.", now=NOW)
    assert drained(store, Box(), judge=never_needed) == Drained(cancelled=1)


def test_a_pause_is_told_and_nothing_is_lost(store: Store) -> None:
    put(store, "a")
    with store.write() as connection:
        mail_pauses.pause(connection, "proeveby", reason="Flytning", by="driften", now=NOW)
    outcome = drained(store, Box())
    assert outcome == Drained(paused=True)
    assert summary(outcome) == "Afsendelsen er sat på pause."
    assert summary(Drained(sent=2, paused=True)) == "2 sendt. Afsendelsen er sat på pause."
    assert states(store) == [MailState.QUEUED]


def test_many_mails_that_nobody_needs_are_cancelled_in_portions_and_the_next_one_goes(store: Store) -> None:
    keys = [f"mail {number:03}" for number in range(2 * MOST_JUDGED + 1)]
    put(store, *keys)

    def judge(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        return STILL_NEEDED if mail.key == keys[-1] else Judgement("Afleveret.")

    assert drained(store, Box(), judge=judge) == Drained(sent=1, cancelled=2 * MOST_JUDGED)


@pytest.mark.parametrize("error", [OperationError("Skabelonen kan ikke bruges."), KeyError("fjernet")])
def test_a_mail_that_cannot_be_judged_is_held_and_the_others_go(store: Store, error: Exception) -> None:
    put(store, "a", "b")

    def judge(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        if mail.key == "a":
            raise error
        return STILL_NEEDED

    assert drained(store, Box(), judge=judge) == Drained(sent=1, held=1)
    held, _ = mails(store)
    assert (held.held_for, str(error) in held.reason) == (HeldFor.PERSON, True)


def test_what_the_transport_does_not_know_itself_is_uncertain_and_the_others_go(store: Store) -> None:
    put(store, "a", "b")

    def fail(mail: Letter) -> None:
        if mail.key == "a":
            raise RuntimeError("Uventet")

    assert drained(store, Box(fail), Rules(uncertain=Uncertain.ASK)) == Drained(sent=1, uncertain=1)


@pytest.mark.parametrize("error", [NotSentError("Væk", lost=True), MaybeSentError("Væk")], ids=["before", "after"])
def test_three_lost_connections_in_a_row_stop_the_batch(store: Store, error: Exception) -> None:
    put(store, *"abcde")

    def fail(mail: Letter) -> None:
        raise error

    outcome = drained(store, Box(fail))
    assert (outcome.retried, outcome.stopped[:38]) == (3, "Mailserveren blev væk 3 gange i træk. ")
    assert states(store) == [MailState.RETRY] * 3 + [MailState.QUEUED] * 2


def test_lost_connections_that_are_not_in_a_row_do_not_stop_the_batch(store: Store) -> None:
    put(store, *"abcdef")

    def fail(mail: Letter) -> None:
        if mail.key in "abde":
            raise NotSentError("Væk", lost=True)

    assert drained(store, Box(fail)) == Drained(sent=2, retried=4)


def test_where_a_person_is_asked_a_mail_lost_after_the_dot_is_not_sent_again(store: Store) -> None:
    put(store, "a")

    def fail(mail: Letter) -> None:
        raise MaybeSentError("Væk")

    assert drained(store, Box(fail), Rules(uncertain=Uncertain.ASK)) == Drained(uncertain=1)
    assert drained(store, Box(), Rules(uncertain=Uncertain.ASK), now=lambda: NOW + timedelta(days=1)) == Drained()


def test_the_flag_is_kept_when_a_lost_mail_is_sent_in_the_end(store: Store) -> None:
    put(store, "a")

    def fail(mail: Letter) -> None:
        if not (isinstance(mail, Mail) and mail.may_be_doubled):
            raise MaybeSentError("Væk")

    assert drained(store, Box(fail)) == Drained(retried=1)
    assert drained(store, Box(fail), now=lambda: NOW + timedelta(minutes=5)) == Drained(sent=1)
    (mail,) = mails(store)
    assert (mail.state, mail.may_be_doubled, mail.reason) == (MailState.SENT, True, INTERRUPTED)


def test_what_came_of_a_mail_is_noted_although_the_next_one_cannot_be_taken(store: Store) -> None:
    put(store, "a", "b")

    def judge(connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        if mail.key == "b":
            connection.execute(text("SELECT findes_ikke FROM mail"))
        return STILL_NEEDED

    with pytest.raises((OperationError, DBAPIError)):
        drained(store, Box(), judge=judge)
    assert states(store) == [MailState.SENT, MailState.QUEUED]


def test_who_is_told_to_stop_finishes_the_mail_in_flight_and_takes_no_other(store: Store) -> None:
    put(store, "a", "b")
    patience = Patience()
    assert drained(store, Box(lambda _mail: patience.end()), patience=patience) == Drained(sent=1)
    assert states(store) == [MailState.SENT, MailState.QUEUED]
    assert drained(store, Box(), patience=patience) == Drained()


def test_a_wait_ends_with_the_patience() -> None:
    patience = Patience()
    threading.Timer(0.05, patience.end).start()
    asyncio.run(asyncio.wait_for(patience.wait(3600), 10))
    assert patience.is_over


def test_a_signal_ends_the_patience_and_is_passed_on_when_the_work_is_done() -> None:
    heard: list[int] = []
    earlier = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    try:
        patience = Patience()
        with until_told(patience):
            os.kill(os.getpid(), signal.SIGTERM)
            assert patience.is_over
            assert heard == []
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, earlier)


def test_what_comes_in_while_mails_are_sent_is_sent_too(store: Store, tmp_path: Path) -> None:
    put(store, "a")
    now = [NOW]

    def then(mail: Letter) -> None:
        if mail.key == "a":
            now[0] = NOW + timedelta(seconds=1)
            with store.write() as connection:
                outbox.enqueue(connection, new("b"), now=now[0])

    box = Box(then)
    assert drained(store, box, now=lambda: now[0]) == Drained(sent=2)
    assert box.sent == ["a", "b"]


@pytest.mark.parametrize(
    "head",
    [b"From: Fagcenter <a@b.example>", b"To: x@y.example\r\nfrom:\r\n a@b.example", b"X: y\r\nFrom: a@b.example"],
)
def test_the_sender_is_read_from_the_mail_itself(head: bytes) -> None:
    assert sender_of(head + b"\r\nSubject: Hej\r\n\r\nFrom: c@d.example\r\n") == "a@b.example"


def test_the_local_mailbox_has_no_rate(store: Store, tmp_path: Path) -> None:
    put(store, *"abc")
    assert drained(store, MailboxTransport(tmp_path)) == Drained(sent=3)
