import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.store import Store, deliveries, outbox, plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.dispatch import handling
from kvalitet.adapters.store.dispatch.subjects import subjects
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.messages import task_item, task_message
from kvalitet.occurrences import Changes
from kvalitet.outgoing import MailState
from kvalitet.reminders import NOW as NOW_STEP
from kvalitet.wheel import Stage
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, ACTION_PLAN, KALUNDBORG, NOW, ROESNAES, SUBGOALS, ZACHARIAS
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


def moved(store: Store, *, due: date, now: datetime) -> None:
    """Move the due date of Aarby's subgoals, as a new plan would."""
    before = samples.occurrence(SUBGOALS, AARBY)
    changes = Changes((), ((before, replace(before, due=due)),), ())
    with store.write() as connection:
        plans.write(connection, changes, positions={before.key: 0}, wake_on={before.key: None}, now=now)


def body(mail: Mail) -> str:
    part = message_from_bytes(mail.content, policy=default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_mail_that_names_another_due_date_than_holds_is_replaced_by_one_with_the_right_one(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    moved(store, due=date(2026, 8, 28), now=NOW)
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1, cancelled=1)
    old, new = mails(store)
    assert (old.state, old.reason) == (MailState.CANCELLED, "Erstattet af en mail med den frist, der gælder nu.")
    assert "mandag den 31. august 2026" in body(old)
    assert (new.state, new.key) == (MailState.SENT, f"{old.key}:r2")
    assert "fredag den 28. august 2026" in body(new)
    with store.read() as connection:
        assert [subject.shown for subject in subjects(connection, new.id)] == [date(2026, 8, 28)]


def test_nobody_is_chased_for_what_was_given_more_time_before_the_mail_left(store: Store) -> None:
    at_seven = datetime(2026, 9, 2, 5, 0, tzinfo=UTC)
    queue(store, *samples.tasks(date(2026, 9, 2)), now=at_seven)
    moved(store, due=date(2026, 9, 30), now=at_seven)
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=at_seven) == Drained(cancelled=1)


def test_a_school_on_pause_hears_nothing_and_is_looked_at_again_afterwards(store: Store) -> None:
    queue(store, *reminders(of=(AARBY, ROESNAES)))
    with store.write() as connection:
        school_pauses.add(
            connection,
            "kalundborg",
            AARBY.number,
            first_day=date(2026, 8, 24),
            last_day=None,
            reason="Vandskade",
            by="Fagcenter",
            now=NOW,
        )
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(sent=1, cancelled=1)
    assert mails(store)[0].reason == ("Skolen er sat på pause; det, der stadig mangler, kommer med igen efter pausen.")
    with store.read() as connection:
        waking = plans.waking(connection, "kalundborg", today=date(2026, 8, 24))
    assert [occurrence.key for occurrence in waking] == [samples.occurrence(SUBGOALS, AARBY).key]


def test_what_a_person_asked_to_be_told_of_is_told_by_the_due_date_of_the_day_it_leaves(store: Store) -> None:
    asked = datetime(2026, 8, 31, 10, 0, tzinfo=UTC)
    found = samples.occurrence(SUBGOALS, AARBY)
    item = task_item(KALUNDBORG, found, Stage.REMINDER, NOW_STEP, address=AARBY.leader.address)
    queue(store, task_message(KALUNDBORG, AARBY.leader, [item], today=date(2026, 8, 31)), now=asked)
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=datetime(2026, 9, 1, 6, 0, tzinfo=UTC)) == Drained(
            sent=1, cancelled=1
        )
    assert [mail.template for mail in mails(store)] == ["reminder", "overdue_notice"]


def waking(store: Store, today: date) -> list[str]:
    with store.read() as connection:
        return [occurrence.key for occurrence in plans.waking(connection, "kalundborg", today=today)]


def test_who_is_no_longer_known_gets_nothing_and_whoever_has_taken_over_is_looked_for(store: Store) -> None:
    message = reminders(of=(AARBY,))[0]
    queue(store, replace(message, to=replace(message.to, address="forhenvaerende@kalundborg.example")))
    with mail_server() as server:
        assert drained(store, smtp(server.port)) == Drained(cancelled=1)
    assert mails(store)[0].reason == "Modtageren står ikke længere i kommunens liste over kontakter."
    assert waking(store, date(2026, 8, 24)) == [samples.occurrence(SUBGOALS, AARBY).key]


def test_a_mail_that_waited_since_yesterday_gives_way_to_the_one_that_has_been_sent_today(store: Store) -> None:
    yesterday, today = datetime(2026, 9, 1, 6, 0, tzinfo=UTC), datetime(2026, 9, 2, 6, 0, tzinfo=UTC)
    queue(store, *samples.tasks(date(2026, 9, 1), ACTION_PLAN), now=yesterday)
    (old,) = mails(store)
    (newer,) = samples.tasks(date(2026, 9, 2))
    with store.write() as connection:
        handling.hold(connection, old.id, reason="Vent lidt")
        enqueue(connection, samples.RENDERER, newer, now=today)
    with mail_server() as server:
        assert drained(store, smtp(server.port), now=today) == Drained(sent=1)
        with store.write() as connection:
            handling.release(connection, old.id, now=today + timedelta(hours=1))
        assert drained(store, smtp(server.port), now=today + timedelta(hours=1)) == Drained(cancelled=1)
        assert len(server.accepted) == 1
    assert mails(store)[0].reason == "Erstattet af en nyere mail til den samme; ingen får to på én dag."
    assert waking(store, date(2026, 9, 2)) == [samples.occurrence(ACTION_PLAN, AARBY).key]


def test_a_reminder_of_a_municipality_that_the_files_no_longer_have_is_held_for_a_person(store: Store) -> None:
    queue(store, *reminders(of=(AARBY,)))
    nobody = NeededNow.of((), samples.RENDERER)
    with mail_server() as server:
        outcome = asyncio.run(drain(store, smtp(server.port), nobody, now=lambda: NOW, worker="w"))
        assert (outcome, server.accepted) == (Drained(held=1), [])
    assert mails(store)[0].reason == (
        "Det kan ikke afgøres, om mailen stadig skal sendes (kommunen »kalundborg« findes ikke i filerne). "
        "Få fejlen rettet, og frigiv mailen."
    )
