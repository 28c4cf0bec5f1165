import pytest
from sqlalchemy.exc import IntegrityError

from kvalitet.adapters.store import Store, deliveries, facts
from kvalitet.adapters.store.bookings import Booking, save
from kvalitet.adapters.store.deliveries import Delivery, StoredFile, Submission, Waiver
from kvalitet.adapters.store.snapshots import NewSnapshot, add, publish
from kvalitet.days import SchoolYear
from kvalitet.status import BookingState, Decision, Facts
from kvalitet.timetable import Slot
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, YEAR, dialogue, extract, instant, occurrence

OF_AARBY, OF_RORBY = occurrence(where=AARBY), occurrence(where=RORBY)
TALK, PULL = occurrence(dialogue()), occurrence(extract(), where=None)
FILE = StoredFile("plan.pdf", "ab" * 32, 12)
FIRST, SECOND = instant("2026-09-01", "10:00"), instant("2026-09-02", "10:00")
SLOT = Slot(instant("2026-09-14", "09:00"), instant("2026-09-14", "10:30"))


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [OF_AARBY, OF_RORBY, TALK, PULL])


def test_a_delivery_keeps_answers_file_and_who_gave_them(store: Store) -> None:
    with store.write() as connection:
        kept = deliveries.add(connection, OF_AARBY.key, Submission({"goal": "Æbler"}, "Leder", FILE), now=FIRST)
    assert kept == Delivery(kept.id, OF_AARBY.key, 1, FIRST, "Leder", {"goal": "Æbler"}, FILE, None, "")
    with store.read() as connection:
        assert deliveries.versions(connection, OF_AARBY.key) == [kept]
        assert deliveries.versions(connection, OF_RORBY.key) == []


def test_what_is_delivered_again_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    with store.write() as connection:
        first = deliveries.add(connection, OF_AARBY.key, Submission({"goal": "1"}, "Leder"), now=FIRST)
        second = deliveries.add(connection, OF_AARBY.key, Submission({"goal": "2"}, "Leder"), now=SECOND)
        other = deliveries.add(connection, OF_RORBY.key, Submission({"goal": "3"}, "Leder"), now=SECOND)
    assert [first.version, second.version, other.version] == [1, 2, 1]
    with store.read() as connection:
        assert deliveries.versions(connection, OF_AARBY.key) == [first, second]
        assert facts.of(connection, [OF_AARBY.key]) == {OF_AARBY.key: Facts(delivered_at=SECOND)}


def test_a_form_that_is_sent_twice_is_one_delivery(store: Store) -> None:
    with store.write() as connection:
        kept = deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder", token="form-1"), now=FIRST)
    with store.read() as connection:
        assert deliveries.with_token(connection, "form-1") == kept
        assert deliveries.with_token(connection, "form-2") is None
    with pytest.raises(IntegrityError), store.write() as connection:
        deliveries.add(connection, OF_RORBY.key, Submission({}, "Leder", token="form-1"), now=SECOND)


def test_the_director_s_decision_is_about_one_version(store: Store) -> None:
    with store.write() as connection:
        first = deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder"), now=FIRST)
        deliveries.decide(
            connection, first.id, decision=Decision.SENT_BACK, by="Direktør", comment="Uddyb målet.", now=SECOND
        )
    with store.read() as connection:
        (kept,) = deliveries.versions(connection, OF_AARBY.key)
        assert (kept.decision, kept.comment) == ("sent_back", "Uddyb målet.")
        assert facts.of(connection, [OF_AARBY.key])[OF_AARBY.key] == Facts(FIRST, Decision.SENT_BACK)
    with store.write() as connection:
        deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder"), now=SECOND)
        assert facts.of(connection, [OF_AARBY.key])[OF_AARBY.key] == Facts(delivered_at=SECOND)


def test_a_school_is_waived_once_with_the_first_reason(store: Store) -> None:
    with store.write() as connection:
        assert deliveries.waive(connection, OF_AARBY.key, reason="Flytter", by="Forvaltningen", now=FIRST) is True
        assert deliveries.waive(connection, OF_AARBY.key, reason="Andet", by="Andre", now=SECOND) is False
        assert deliveries.waiver(connection, OF_AARBY.key) == Waiver("Flytter", "Forvaltningen", FIRST)
        assert deliveries.waiver(connection, OF_RORBY.key) is None
        assert facts.of(connection, [OF_AARBY.key])[OF_AARBY.key] == Facts(waived=True)


def test_the_facts_of_a_year_gather_all_that_is_known(store: Store) -> None:
    with store.write() as connection:
        deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder"), now=FIRST)
        deliveries.waive(connection, OF_RORBY.key, reason="Flytter", by="Forvaltningen", now=FIRST)
        save(connection, Booking(TALK.key, BookingState.BOOKED, SLOT, "Rådhuset", 0, FIRST), now=FIRST)
        hidden, _ = add(connection, NewSnapshot("proeveby", PULL.key, "files", {}, b"1", ()), now=FIRST)
        assert facts.of(connection, [PULL.key])[PULL.key] == Facts()
        publish(connection, hidden.id, now=SECOND)
    expected = {
        OF_AARBY.key: Facts(delivered_at=FIRST),
        OF_RORBY.key: Facts(waived=True),
        TALK.key: Facts(booking=BookingState.BOOKED, starts_at=SLOT.starts_at, ends_at=SLOT.ends_at),
        PULL.key: Facts(published_at=SECOND),
    }
    with store.read() as connection:
        assert facts.of_year(connection, "proeveby", YEAR) == expected
        assert facts.of_year(connection, "proeveby") == expected
        assert facts.of_year(connection, "proeveby", SchoolYear(2025)) == {}
        assert facts.of_year(connection, "naboby") == {}
        assert facts.of(connection, ["unknown"]) == {}


def test_what_is_dropped_is_not_among_the_facts_of_the_year(store: Store) -> None:
    write(store, dropped=[OF_AARBY, TALK, PULL])
    with store.read() as connection:
        assert facts.of_year(connection, "proeveby", YEAR) == {OF_RORBY.key: Facts()}
