"""Addresses whose mails came back."""

from datetime import timedelta

from kvalitet.adapters.store import Store, address_marks, outbox
from kvalitet.adapters.store.address_marks import AddressMark
from kvalitet.adapters.store.dispatch import settling
from kvalitet.outgoing import HeldFor, MailState
from tests.adapters.store.test_outbox import NOW, put

ADDRESS = "leder@skole.example"


def test_an_address_is_marked_once_and_its_first_reason_stands(store: Store) -> None:
    with store.write() as connection:
        assert address_marks.mark(connection, "proeveby", "Leder@Skole.example", reason="Findes ikke.", now=NOW)
        assert not address_marks.mark(connection, "proeveby", ADDRESS, reason="Andet.", now=NOW + timedelta(days=1))
        assert address_marks.marked(connection) == [AddressMark("proeveby", ADDRESS, "Findes ikke.", NOW, None)]
        assert address_marks.reason_of(connection, "proeveby", "LEDER@skole.example") == "Findes ikke."


def test_a_mark_belongs_to_one_municipality(store: Store) -> None:
    with store.write() as connection:
        address_marks.mark(connection, "naboby", ADDRESS, reason="Findes ikke.", now=NOW)
        assert address_marks.reason_of(connection, "proeveby", ADDRESS) is None
        assert address_marks.marked(connection, "proeveby") == []
        assert address_marks.clear(connection, "proeveby", ADDRESS, now=NOW) is None


def test_clearing_lets_go_of_what_was_held_for_the_address_and_of_nothing_else(store: Store) -> None:
    put(store, "a", "b", "c")
    with store.write() as connection:
        first, second, _ = outbox.mails(connection)[::-1]
        address_marks.mark(connection, "proeveby", ADDRESS, reason="Findes ikke.", mail=first.id, now=NOW)
        settling.hold_back(connection, first.id, held_for=HeldFor.ADDRESS, reason="Adressen virker ikke.")
        settling.hold_back(connection, second.id, held_for=HeldFor.PERSON, reason="Vent.")
        assert address_marks.clear(connection, "proeveby", "Leder@Skole.EXAMPLE", now=NOW) == 1
        assert address_marks.marked(connection) == []
        kept = {mail.key: (mail.state, mail.reason) for mail in outbox.mails(connection)}
    assert kept == {"a": (MailState.QUEUED, ""), "b": (MailState.HELD, "Vent."), "c": (MailState.QUEUED, "")}
