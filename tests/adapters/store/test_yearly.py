from datetime import date

import pytest
from sqlalchemy import Connection

from kvalitet.adapters.store import Store, deliveries, facts, plans, yearly
from kvalitet.adapters.store.agreements import extensions
from kvalitet.adapters.store.bookings import Booking, save
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.snapshots import NewSnapshot, add, publish
from kvalitet.days import SchoolYear
from kvalitet.extensions import Extension
from kvalitet.occurrences import Occurrence
from kvalitet.status import BookingState, Decision, Facts
from kvalitet.timetable import Slot
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, YEAR, dialogue, extract, instant, occurrence

OF_AARBY, OF_RORBY = occurrence(where=AARBY), occurrence(where=RORBY)
TALK, PULL = occurrence(dialogue()), occurrence(extract(), where=None)
FIRST, SECOND = instant("2026-09-01", "10:00"), instant("2026-09-02", "10:00")
LATER = date(2027, 7, 1)
SLOT = Slot(instant("2026-09-14", "09:00"), instant("2026-09-14", "10:30"))


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [OF_AARBY, OF_RORBY, TALK, PULL])


def read(
    connection: Connection, municipality: str, school_year: SchoolYear = YEAR
) -> tuple[list[Occurrence], dict[str, Facts]]:
    told = yearly.tell(connection, municipality, school_year)
    return [told.occurrence(row) for row in told.planned], told.facts()


def test_a_year_is_read_as_it_is_planned_and_with_nothing_known_of_it(store: Store) -> None:
    with store.read() as connection:
        planned, known = read(connection, "proeveby")
    assert planned == [OF_AARBY, OF_RORBY, TALK, PULL]
    assert known == {found.key: Facts() for found in planned}


def test_a_year_is_read_with_all_that_is_known_of_it(store: Store) -> None:
    with store.write() as connection:
        first = deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder"), now=FIRST)
        deliveries.decide(connection, first.id, decision=Decision.APPROVED, by="Direktør", comment="", now=FIRST)
        second = deliveries.add(connection, OF_AARBY.key, Submission({}, "Leder"), now=SECOND)
        deliveries.decide(connection, second.id, decision=Decision.SENT_BACK, by="Direktør", comment="", now=SECOND)
        deliveries.waive(connection, OF_RORBY.key, reason="Flytter", by="Forvaltningen", now=FIRST)
        extensions.keep(connection, OF_RORBY.key, Extension(LATER, "Sygdom", "Forvaltningen", FIRST))
        save(connection, Booking(TALK.key, BookingState.BOOKED, SLOT, "Rådhuset", 0, FIRST), now=FIRST)
        pulled, _ = add(connection, NewSnapshot("proeveby", PULL.key, "files", {}, b"1", ()), now=FIRST)
        publish(connection, pulled.id, now=SECOND)
    with store.read() as connection:
        planned, known = read(connection, "proeveby")
        assert tuple(planned) == plans.occurrences(connection, "proeveby", YEAR)
        assert known == facts.of_year(connection, "proeveby", YEAR)
    assert planned[1].due == LATER
    assert known == {
        OF_AARBY.key: Facts(SECOND, Decision.SENT_BACK),
        OF_RORBY.key: Facts(waived=True),
        TALK.key: Facts(booking=BookingState.BOOKED, starts_at=SLOT.starts_at, ends_at=SLOT.ends_at),
        PULL.key: Facts(published_at=SECOND),
    }


def test_other_years_other_municipalities_and_what_was_dropped_are_not_read(store: Store) -> None:
    write(store, dropped=[OF_AARBY, TALK, PULL])
    with store.read() as connection:
        assert read(connection, "proeveby") == ([OF_RORBY], {OF_RORBY.key: Facts()})
        assert read(connection, "proeveby", SchoolYear(2025)) == ([], {})
        assert read(connection, "naboby") == ([], {})
