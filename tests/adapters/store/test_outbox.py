from datetime import datetime, timedelta

import pytest

from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.outbox import FIRST_PAUSE, INTERRUPTED, LEASE, LONGEST_PAUSE, Mail, MailState, NewMail
from kvalitet.board import danish_date
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, instant, occurrence

OF_AARBY, OF_RORBY = occurrence(where=AARBY), occurrence(where=RORBY)
NOW = instant("2026-09-01")


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [OF_AARBY, OF_RORBY])


def new(key: str, about: dict[str, str] | None = None, *, municipality: str = "proeveby") -> NewMail:
    return NewMail(
        municipality=municipality,
        key=key,
        template="reminder",
        recipient="leder@skole.example",
        recipient_name="Skoleleder",
        subject="Påmindelse",
        message_id=f"<{key}@proeveby.example>",
        content=b"From: x\r\n\r\n\xc3\xa6",
        about=about or {},
        school="323001",
        activity="local_goals",
        expires_at=NOW + timedelta(days=1),
    )


def put(store: Store, *keys: str) -> None:
    with store.write() as connection:
        for key in keys:
            outbox.enqueue(connection, new(key), now=NOW)


def claim(store: Store, worker: str = "one", *, now: datetime = NOW, limit: int = 1) -> list[Mail]:
    with store.write() as connection:
        return outbox.claim(connection, worker=worker, now=now, limit=limit)


def states(store: Store) -> dict[str, MailState]:
    with store.read() as connection:
        return {mail.key: mail.state for mail in outbox.mails(connection)}


def test_a_mail_waits_with_its_final_bytes(store: Store) -> None:
    with store.write() as connection:
        assert outbox.enqueue(connection, new("a", {OF_AARBY.key: "-3"}), now=NOW) is True
        (kept,) = outbox.mails(connection, "proeveby")
        assert kept == Mail(
            id=kept.id,
            municipality="proeveby",
            key="a",
            template="reminder",
            recipient="leder@skole.example",
            recipient_name="Skoleleder",
            school="323001",
            activity="local_goals",
            subject="Påmindelse",
            message_id="<a@proeveby.example>",
            content=b"From: x\r\n\r\n\xc3\xa6",
            state=MailState.QUEUED,
            created_at=NOW,
            not_before=NOW,
            expires_at=NOW + timedelta(days=1),
            attempts=0,
            sent_at=None,
            reason="",
        )
        assert outbox.mail(connection, kept.id) == kept
        assert outbox.mail(connection, kept.id + 1) is None
        assert outbox.about(connection, kept.id) == {OF_AARBY.key: "-3"}


def test_a_key_is_one_mail_for_ever(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "-3"}), now=NOW)
        assert outbox.enqueue(connection, new("a", {OF_RORBY.key: "-3"}), now=NOW) is False
        assert outbox.exists(connection, "a") is True
        assert outbox.exists(connection, "b") is False
        assert outbox.existing(connection, ["a", "b"]) == {"a"}
        assert outbox.steps_mailed(connection, [OF_RORBY.key]) == {OF_RORBY.key: {}}


def test_a_step_is_taken_by_a_mail_unless_that_mail_was_cancelled(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "opening", OF_RORBY.key: "opening"}), now=NOW)
        outbox.enqueue(connection, new("b", {OF_AARBY.key: "-3"}), now=NOW)
        (last,) = [mail for mail in outbox.mails(connection) if mail.key == "b"]
        today = danish_date(NOW)
        assert outbox.steps_mailed(connection, [OF_AARBY.key, OF_RORBY.key]) == {
            OF_AARBY.key: {"opening": today, "-3": today},
            OF_RORBY.key: {"opening": today},
        }
        outbox.cancel(connection, last.id, reason="Afleveret.")
        assert outbox.steps_mailed(connection, [OF_AARBY.key]) == {OF_AARBY.key: {"opening": today}}


def test_mails_are_claimed_in_the_order_in_which_they_may_go(store: Store) -> None:
    put(store, "a", "b", "c")
    assert [mail.key for mail in claim(store, limit=2)] == ["a", "b"]
    assert [mail.key for mail in claim(store, limit=2)] == ["c"]
    assert claim(store) == []
    assert set(states(store).values()) == {MailState.IN_FLIGHT}


def test_two_workers_never_hold_the_same_mail(store: Store, database_url: str) -> None:
    put(store, "a", "b")
    other = Store.open(database_url)
    with store.write() as connection:
        (mine,) = outbox.claim(connection, worker="one", now=NOW)
        if not store.is_sqlite:  # where the database lets both work at once; SQLite's second writer waits
            assert [mail.key for mail in claim(other, "two")] == ["b"]
    assert mine.key == "a"
    assert [mail.key for mail in claim(other, "two")] == (["b"] if store.is_sqlite else [])
    other.close()


def test_a_mail_whose_worker_died_is_taken_over_when_the_lease_is_over_and_flagged(store: Store) -> None:
    put(store, "a")
    claim(store)
    assert claim(store, "two", now=NOW + LEASE - timedelta(seconds=1)) == []
    (taken,) = claim(store, "two", now=NOW + LEASE)
    assert (taken.key, taken.attempts, taken.reason) == ("a", 2, INTERRUPTED)


def test_a_refused_mail_waits_longer_for_each_try_but_never_for_ever(store: Store) -> None:
    put(store, "a")
    pauses, now = [], NOW
    for _ in range(8):
        (mail,) = claim(store, now=now)
        with store.write() as connection:
            outbox.mark_retry(connection, mail, reason="Optaget", now=now)
            kept = outbox.mail(connection, mail.id)
        assert kept
        assert (kept.state, kept.reason) == (MailState.RETRY, "Optaget")
        pauses.append(kept.not_before - now)
        assert claim(store, now=kept.not_before - timedelta(seconds=1)) == []
        now = kept.not_before
    assert pauses == [FIRST_PAUSE * factor for factor in (1, 2, 4, 8, 16, 32)] + [LONGEST_PAUSE] * 2


def test_a_sent_mail_is_never_anything_else_again(store: Store) -> None:
    put(store, "a")
    (mail,) = claim(store)
    with store.write() as connection:
        outbox.mark_sent(connection, mail.id, now=NOW)
        outbox.mark_failed(connection, mail.id, reason="Kom for sent")
        outbox.mark_retry(connection, mail, reason="Kom for sent", now=NOW)
        outbox.cancel(connection, mail.id, reason="Kom for sent")
        assert outbox.retry(connection, mail.id, now=NOW) is False
        kept = outbox.mail(connection, mail.id)
    assert kept
    assert (kept.state, kept.sent_at, kept.reason) == (MailState.SENT, NOW, "")
    assert claim(store, now=NOW + timedelta(days=9)) == []


def test_a_person_may_ask_for_a_stuck_mail_to_be_tried_at_once(store: Store) -> None:
    put(store, "failed", "uncertain", "cancelled")
    failed, uncertain, cancelled = claim(store, limit=3)
    with store.write() as connection:
        outbox.mark_failed(connection, failed.id, reason="Afvist")
        outbox.mark_uncertain(connection, uncertain.id, reason="Ingen ved det")
        outbox.cancel(connection, cancelled.id, reason="Afleveret")
        assert outbox.retry(connection, failed.id, now=NOW) is True
        assert outbox.retry(connection, uncertain.id, now=NOW) is True
        assert outbox.retry(connection, cancelled.id, now=NOW) is False
    assert states(store) == {
        "failed": MailState.QUEUED,
        "uncertain": MailState.QUEUED,
        "cancelled": MailState.CANCELLED,
    }
    assert [mail.key for mail in claim(store, limit=3)] == ["failed", "uncertain"]


def test_mails_are_listed_newest_first_and_asked_by_what_they_are(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "-3"}), now=NOW)
        outbox.enqueue(connection, new("b"), now=NOW + timedelta(hours=1))
        outbox.enqueue(connection, new("c", municipality="naboby"), now=NOW)
        first = outbox.mails(connection, occurrence=OF_AARBY.key)
        outbox.mark_failed(connection, first[0].id, reason="Afvist")
        assert [mail.key for mail in first] == ["a"]
        assert [mail.key for mail in outbox.mails(connection, "proeveby")] == ["b", "a"]
        assert [mail.key for mail in outbox.mails(connection, "proeveby", limit=1)] == ["b"]
        assert [mail.key for mail in outbox.mails(connection, state=MailState.FAILED)] == ["a"]
        assert [mail.key for mail in outbox.mails(connection, school="323002")] == []
        assert outbox.counts(connection) == {MailState.QUEUED: 2, MailState.FAILED: 1}
        assert outbox.counts(connection, "naboby") == {MailState.QUEUED: 1}
