"""Dispatch: which mail goes next, and what is looked at before any does."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from kvalitet.adapters.mail import by_hand
from kvalitet.adapters.store import Store, address_marks, outbox
from kvalitet.adapters.store.dispatch import claiming, handling, settling
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.outgoing import INTERRUPTED, Ending, HeldFor, MailState, Rules, Uncertain
from tests.adapters.store.test_outbox import NOW, new

RULES = Rules()
MINUTE = timedelta(minutes=1)


def put(store: Store, *keys: str, municipality: str = "proeveby", now: datetime = NOW) -> None:
    with store.write() as connection:
        for key in keys:
            outbox.enqueue(connection, new(key, municipality=municipality), now=now)


def claim(store: Store, worker: str = "one", *, now: datetime = NOW) -> Mail | None:
    with store.write() as connection:
        found = claiming.candidate(connection, until=now, newest=claiming.newest(connection))
        return claiming.take(connection, found.mail, RULES, worker=worker, now=now) if found else None


def took(store: Store, worker: str = "one", *, now: datetime = NOW) -> Mail:
    mail = claim(store, worker, now=now)
    assert mail
    return mail


def take_back(store: Store, *, now: datetime, rules: Rules = RULES) -> list[MailState]:
    with store.write() as connection:
        return list(claiming.take_back(connection, rules, now=now))


def kept(store: Store, key: str) -> Mail:
    with store.read() as connection:
        return next(mail for mail in outbox.mails(connection) if mail.key == key)


def states(store: Store) -> dict[str, MailState]:
    with store.read() as connection:
        return {mail.key: mail.state for mail in outbox.mails(connection)}


def change(store: Store, key: str, **values: object) -> None:
    with store.write() as connection:
        connection.execute(update(mail_schema.mail).where(mail_schema.mail.c.key == key).values(**values))


def test_mails_are_claimed_in_the_order_in_which_they_may_go(store: Store) -> None:
    put(store, "b", now=NOW - MINUTE)
    put(store, "a", "c")
    found = [claim(store) for _ in range(4)]
    assert [mail and (mail.key, mail.attempts, mail.attempted_at) for mail in found] == [
        ("b", 1, NOW),
        ("a", 1, NOW),
        ("c", 1, NOW),
        None,
    ]


def test_two_workers_never_hold_the_same_mail(store: Store, database_url: str) -> None:
    put(store, "a", "b")
    other = Store.open(database_url)
    with store.write() as connection:
        mine = claiming.candidate(connection, until=NOW, newest=claiming.newest(connection))
        assert mine
        if not store.is_sqlite:  # where the database lets both work at once; SQLite's second writer waits
            assert took(other, "two").key == "b"
        claiming.take(connection, mine.mail, RULES, worker="one", now=NOW)
    assert mine.mail.key == "a"
    assert (last.key if (last := claim(other, "two")) else None) == ("b" if store.is_sqlite else None)
    other.close()


def test_a_mail_whose_worker_died_is_taken_back_when_the_lease_is_over_and_flagged(store: Store) -> None:
    put(store, "a")
    took(store)
    assert take_back(store, now=NOW + RULES.lease - timedelta(seconds=1)) == []
    assert take_back(store, now=NOW + RULES.lease) == [MailState.RETRY]
    again = took(store, "two", now=NOW + RULES.lease)
    assert (again.attempts, again.reason, again.may_be_doubled) == (2, INTERRUPTED, True)


def test_where_a_person_is_to_be_asked_a_dead_worker_s_mail_is_uncertain(store: Store) -> None:
    put(store, "a")
    took(store)
    asking = Rules(uncertain=Uncertain.ASK)
    assert take_back(store, now=NOW + RULES.lease, rules=asking) == [MailState.UNCERTAIN]
    assert claim(store, now=NOW + RULES.lease) is None
    found = kept(store, "a")
    assert not found.may_be_doubled
    assert found.reason == (
        "Ingen ved, om mailen kom frem; spørg modtageren, eller send den igen. "
        "Programmet, der var i gang med at sende den, blev afbrudt."
    )
    with store.write() as connection:
        assert handling.retry(connection, found.id, now=NOW + RULES.lease)
    assert took(store, now=NOW + RULES.lease).may_be_doubled


def test_a_lease_and_a_pause_that_only_a_wrong_clock_can_have_given_are_over(store: Store) -> None:
    put(store, "leased", "pausing")
    took(store)
    change(store, "leased", lease_until=NOW + timedelta(days=365))
    change(store, "pausing", state="retry", not_before=NOW + timedelta(days=365))
    assert take_back(store, now=NOW) == [MailState.RETRY]
    with store.write() as connection:
        claiming.let_wait_no_longer(connection, now=NOW)
    assert [kept(store, key).not_before for key in ("leased", "pausing")] == [NOW, NOW]


def test_a_pause_that_is_long_but_possible_is_kept(store: Store) -> None:
    put(store, "a")
    change(store, "a", state="retry", not_before=NOW + timedelta(hours=4))
    with store.write() as connection:
        claiming.let_wait_no_longer(connection, now=NOW)
    assert kept(store, "a").not_before == NOW + timedelta(hours=4)


def test_a_sent_mail_is_never_anything_else_again(store: Store) -> None:
    put(store, "a")
    mail = took(store)
    with store.write() as connection:
        settling.settle(connection, mail, Ending(MailState.SENT), worker="one", now=NOW)
        settling.settle(connection, mail, Ending(MailState.FAILED, "For sent"), worker="one", now=NOW)
        settling.cancel(connection, mail.id, reason="For sent")
        settling.hold_back(connection, mail.id, held_for=HeldFor.PERSON, reason="For sent")
        assert not handling.retry(connection, mail.id, now=NOW)
        assert not handling.hold(connection, mail.id, reason="For sent")
        assert not handling.cancel(connection, mail.id, reason="For sent")
    found = kept(store, "a")
    assert (found.state, found.sent_at, found.reason) == (MailState.SENT, NOW, "")


def test_what_a_slow_worker_learns_after_its_lease_counts_only_when_the_mail_was_sent(store: Store) -> None:
    put(store, "a", "b")
    slow = [took(store, "slow"), took(store, "slow")]
    later = NOW + RULES.lease
    take_back(store, now=later)
    taken = [took(store, "quick", now=later), took(store, "quick", now=later)]
    with store.write() as connection:
        settling.settle(connection, slow[0], Ending(MailState.FAILED, "Nej"), worker="slow", now=later)
        settling.settle(connection, slow[1], Ending(MailState.SENT), worker="slow", now=later)
        settling.settle(connection, taken[1], Ending(MailState.FAILED, "Nej"), worker="quick", now=later)
    assert states(store) == {"a": MailState.IN_FLIGHT, "b": MailState.SENT}
    assert kept(store, "b").may_be_doubled


def test_a_try_that_does_not_count_is_taken_off_again(store: Store) -> None:
    put(store, "a")
    ending = Ending(MailState.RETRY, "Nede", NOW, counts=False)
    with store.write() as connection:
        found = claiming.candidate(connection, until=NOW, newest=claiming.newest(connection))
        assert found
        mail = claiming.take(connection, found.mail, RULES, worker="one", now=NOW)
        settling.settle(connection, mail, ending, worker="one", now=NOW)
    assert (kept(store, "a").attempts, kept(store, "a").state) == (0, MailState.RETRY)


def test_a_paused_municipality_s_mails_wait_and_the_others_go(store: Store) -> None:
    put(store, "a")
    put(store, "b", municipality="naboby")
    with store.write() as connection:
        assert mail_pauses.pause(connection, "proeveby", reason="Flytning", by="driften", now=NOW)
        assert not mail_pauses.pause(connection, "proeveby", reason="Igen", by="driften", now=NOW)
        assert claiming.is_paused(connection)
    assert took(store).key == "b"
    assert claim(store) is None
    with store.write() as connection:
        assert mail_pauses.resume(connection, "proeveby", now=NOW)
        assert not mail_pauses.resume(connection, "proeveby", now=NOW)
        assert not claiming.is_paused(connection)
    assert took(store).key == "a"


def test_a_pause_of_all_holds_every_municipality_and_each_sees_it(store: Store) -> None:
    put(store, "a")
    with store.write() as connection:
        mail_pauses.pause(connection, mail_pauses.EVERYBODY, reason="Flytning", by="driften", now=NOW)
        mail_pauses.pause(connection, "naboby", reason="Deres egen", by="naboby", now=NOW)
        found = [pause.reason for pause in mail_pauses.pauses(connection, "proeveby")]
        assert [pause.reason for pause in mail_pauses.pauses(connection)] == ["Flytning", "Deres egen"]
    assert found == ["Flytning"]
    assert claim(store) is None


def test_more_new_mails_than_may_go_unasked_are_held_for_their_municipality_alone(store: Store) -> None:
    put(store, "a", "b", "c")
    put(store, "d", "e", municipality="naboby")
    with store.write() as connection:
        assert claiming.hold_surge(connection, Rules(surge=2), now=NOW) == 3
        assert outbox.counts_held(connection, "proeveby") == {HeldFor.SURGE: 3}
        assert outbox.counts_held(connection, "naboby") == {}
    assert kept(store, "a").reason == (
        "Der kom 3 mails på én gang, og der sendes højst 2 uden at spørge. "
        "Se dem igennem; frigiv dem, hvis de skal sendes, og annullér dem ellers."
    )
    assert [took(store).key, took(store).key, claim(store)] == ["d", "e", None]
    with store.write() as connection:
        assert handling.release_surge(connection, "proeveby", now=NOW) == 3
        assert claiming.hold_surge(connection, Rules(surge=2), now=NOW) == 0
    assert took(store).key == "a"


def test_what_has_been_tried_before_or_is_paused_is_no_surge_and_no_limit_is_none(store: Store) -> None:
    put(store, "a", "b", "c")
    change(store, "a", attempts=1)
    with store.write() as connection:
        assert claiming.hold_surge(connection, Rules(surge=2), now=NOW) == 0
        assert claiming.hold_surge(connection, Rules(surge=0), now=NOW) == 0
        mail_pauses.pause(connection, "proeveby", reason="Flytning", by="driften", now=NOW)
        assert claiming.hold_surge(connection, Rules(surge=1), now=NOW) == 0


def test_the_next_mail_waits_until_the_minute_has_room_for_it(store: Store) -> None:
    put(store, "a", "b", "c")
    took(store, now=NOW)
    took(store, "two", now=NOW + timedelta(seconds=20))
    with store.write() as connection:
        now = NOW + timedelta(seconds=30)
        assert claiming.seconds_to_wait(connection, 3, now=now) == 0
        assert claiming.seconds_to_wait(connection, 2, now=now) == 30
        assert claiming.seconds_to_wait(connection, 1, now=now) == 50
        assert claiming.seconds_to_wait(connection, 2, now=NOW + timedelta(seconds=60)) == 0
        # What lies ahead of a clock that was set back does not hold anything up.
        assert claiming.seconds_to_wait(connection, 1, now=NOW - timedelta(hours=1)) == 0


def test_a_mail_to_a_marked_address_is_found_with_the_reason(store: Store) -> None:
    put(store, "a")
    with store.write() as connection:
        address_marks.mark(connection, "proeveby", "Leder@Skole.example", reason="Findes ikke.", now=NOW)
        found = claiming.candidate(connection, until=NOW, newest=claiming.newest(connection))
    assert found
    assert found.mark == "Findes ikke."


@pytest.mark.parametrize(
    ("before", "possible"),
    [
        (MailState.QUEUED, "hold, cancel"),
        (MailState.RETRY, "retry, hold, cancel"),
        (MailState.IN_FLIGHT, ""),
        (MailState.SENT, ""),
        (MailState.FAILED, "retry, cancel"),
        (MailState.UNCERTAIN, "retry, cancel"),
        (MailState.HELD, "release, cancel"),
        (MailState.CANCELLED, ""),
    ],
)
def test_what_a_person_may_do_depends_on_the_state(store: Store, before: MailState, possible: str) -> None:
    put(store, "a")
    number = kept(store, "a").id
    actions: dict[str, Callable[[Connection], bool]] = {
        "retry": lambda connection: handling.retry(connection, number, now=NOW),
        "hold": lambda connection: handling.hold(connection, number, reason="Vent"),
        "release": lambda connection: handling.release(connection, number, now=NOW),
        "cancel": lambda connection: handling.cancel(connection, number, reason="Nej"),
    }
    done = []
    for name, action in actions.items():
        change(store, "a", state=before.value, held_for="person" if before is MailState.HELD else None)
        offered = [each.value for each in by_hand.possible(kept(store, "a"))]
        assert ", ".join(offered) == possible
        with store.write() as connection:
            if action(connection):
                done.append(name)
    assert ", ".join(done) == possible


def test_a_mail_that_is_tried_anew_begins_with_no_tries_behind_it(store: Store) -> None:
    put(store, "a")
    change(store, "a", state="failed", attempts=24, reason="Opgivet")
    with store.write() as connection:
        handling.retry(connection, kept(store, "a").id, now=NOW + timedelta(days=4))
    found = kept(store, "a")
    assert (found.attempts, found.since, found.reason) == (0, NOW + timedelta(days=4), "")


def test_a_mail_held_for_its_address_is_not_let_go_one_by_one(store: Store) -> None:
    put(store, "a")
    change(store, "a", state="held", held_for="address")
    with store.write() as connection:
        assert not handling.release(connection, kept(store, "a").id, now=NOW)
