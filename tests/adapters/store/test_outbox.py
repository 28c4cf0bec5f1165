from datetime import timedelta

import pytest

from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.dispatch import handling, settling
from kvalitet.adapters.store.outbox import Mail, NewMail
from kvalitet.board import danish_date
from kvalitet.outgoing import HeldFor, MailState
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
            attempted_at=None,
            released_at=None,
            may_be_doubled=False,
            held_for=None,
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
        assert outbox.steps_mailed(connection, [OF_RORBY.key], today=danish_date(NOW)) == {OF_RORBY.key: {}}


def test_the_largest_number_that_is_looked_for_may_be_looked_for(store: Store) -> None:
    with store.read() as connection:
        assert outbox.mail(connection, outbox.LARGEST_NUMBER) is None


def test_a_step_is_taken_by_a_mail_unless_that_mail_was_cancelled(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "opening", OF_RORBY.key: "opening"}), now=NOW)
        outbox.enqueue(connection, new("b", {OF_AARBY.key: "-3"}), now=NOW)
        (last,) = [mail for mail in outbox.mails(connection) if mail.key == "b"]
        today = danish_date(NOW)
        assert outbox.steps_mailed(connection, [OF_AARBY.key, OF_RORBY.key], today=danish_date(NOW)) == {
            OF_AARBY.key: {"opening": today, "-3": today},
            OF_RORBY.key: {"opening": today},
        }
        settling.cancel(connection, last.id, reason="Afleveret.")
        assert outbox.steps_mailed(connection, [OF_AARBY.key], today=danish_date(NOW)) == {
            OF_AARBY.key: {"opening": today}
        }


def test_a_step_whose_mail_a_person_cancelled_is_not_mailed_again(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "-3"}), now=NOW)
        (mail,) = outbox.mails(connection)
        assert handling.cancel(connection, mail.id, reason="Aftalt med skolen.")
        assert outbox.steps_mailed(connection, [OF_AARBY.key], today=danish_date(NOW)) == {
            OF_AARBY.key: {"-3": danish_date(NOW)}
        }


def test_mails_are_listed_newest_first_and_asked_by_what_they_are(store: Store) -> None:
    with store.write() as connection:
        outbox.enqueue(connection, new("a", {OF_AARBY.key: "-3"}), now=NOW)
        outbox.enqueue(connection, new("b"), now=NOW + timedelta(hours=1))
        outbox.enqueue(connection, new("c", municipality="naboby"), now=NOW)
        first = outbox.mails(connection, occurrence=OF_AARBY.key)
        settling.hold_back(connection, first[0].id, held_for=HeldFor.PERSON, reason="Vent")
        assert [mail.key for mail in first] == ["a"]
        assert [mail.key for mail in outbox.mails(connection, "proeveby")] == ["b", "a"]
        assert [mail.key for mail in outbox.mails(connection, "proeveby", limit=1)] == ["b"]
        assert [mail.key for mail in outbox.mails(connection, state=MailState.HELD)] == ["a"]
        assert [mail.key for mail in outbox.mails(connection, school="323002")] == []
        assert outbox.counts(connection) == {MailState.QUEUED: 2, MailState.HELD: 1}
        assert outbox.counts(connection, "naboby") == {MailState.QUEUED: 1}
