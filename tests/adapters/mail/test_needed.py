from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kvalitet.adapters.mail.draining import Drained
from kvalitet.adapters.store import Store, deliveries, outbox
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.outbox import MailState
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, ACTION_PLAN, NOW, ROESNAES, SUBGOALS, ZACHARIAS
from tests.adapters.mail.sending import (
    drained,
    mails,
    queue,
    reminders,
    sent_events,
    smtp,
)
from tests.adapters.mail.servers import mail_server


def test_a_mail_about_what_has_been_delivered_is_never_sent(store: Store) -> None:
    queue(store, *reminders())
    with store.write() as connection:
        key = samples.occurrence(SUBGOALS, AARBY).key
        deliveries.add(connection, key, Submission(by="Aarby", answers={}, file=None), now=NOW)
        waived = samples.occurrence(SUBGOALS, ROESNAES).key
        deliveries.waive(connection, waived, reason="Brand", by="Fagcenter", now=NOW)
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1, cancelled=2)
        assert len(server.accepted) == 1
    assert sent_events(store) == [ZACHARIAS.leader.address]
    assert mails(store)[0].reason == "Alt, som mailen handler om, er afleveret, fritaget eller ikke længere aktuelt."


def test_a_mail_of_which_half_is_delivered_is_replaced_by_one_about_the_rest(store: Store) -> None:
    (message,) = reminders(SUBGOALS, ACTION_PLAN, of=(AARBY,))
    queue(store, message)
    with store.write() as connection:
        key = samples.occurrence(SUBGOALS, AARBY).key
        deliveries.add(connection, key, Submission(by="Aarby", answers={}, file=None), now=NOW)
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1, cancelled=1)

    old, new = mails(store)
    assert (old.state, old.reason) == (MailState.CANCELLED, "Erstattet af en mail om det, der stadig mangler.")
    assert (new.state, new.key) == (MailState.SENT, f"{old.key}:r2")
    assert new.subject == "Strategi- og handleplan 2026/27 – Aarby Skole"
    with store.read() as connection:
        assert outbox.about(connection, new.id) == {samples.occurrence(ACTION_PLAN, AARBY).key: "opening"}


def test_a_reminder_that_waited_past_the_due_date_gives_way_to_the_overdue_notice(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=datetime(2026, 9, 1, 6, 0, tzinfo=UTC)) == Drained(cancelled=1)


def test_an_overdue_notice_is_sent_however_late(store: Store) -> None:
    queue(store, *samples.tasks(date(2026, 9, 2)), now=datetime(2026, 9, 2, 6, 0, tzinfo=UTC))
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=datetime(2026, 9, 20, 6, 0, tzinfo=UTC)) == Drained(sent=1)


def test_a_mail_that_has_expired_is_not_sent(store: Store) -> None:
    queue(store, replace(samples.digest_message(), expires_at=NOW + timedelta(hours=1)))
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=NOW + timedelta(hours=1)) == Drained(cancelled=1)
    assert mails(store)[0].reason == "For sent: det, mailen handler om, er forbi."
