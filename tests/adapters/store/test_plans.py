from dataclasses import replace
from datetime import date

from sqlalchemy import select

from kvalitet.adapters.store import Store, plans
from kvalitet.adapters.store.tables import schema
from kvalitet.days import SchoolYear
from kvalitet.occurrences import Occurrence
from kvalitet.wheel import Kind
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, YEAR, activity, dialogue, instant, occurrence

GOALS = activity("local_goals", opens="start-08-15", due="start-09-30")
OF_AARBY, OF_RORBY = occurrence(GOALS, where=AARBY), occurrence(GOALS, where=RORBY)
TALK = occurrence(dialogue(opens="start-09-01"), where=AARBY)


def current(store: Store) -> tuple[Occurrence, ...]:
    with store.read() as connection:
        return plans.occurrences(connection, "proeveby")


def waking(store: Store, today: date, activity: str | None = None) -> list[str]:
    with store.read() as connection:
        return [found.key for found in plans.waking(connection, "proeveby", today=today, activity=activity)]


def test_a_plan_is_read_as_it_was_written_in_the_order_of_the_wheel(store: Store) -> None:
    write(store, [TALK, OF_RORBY, OF_AARBY])
    assert current(store) == (TALK, OF_RORBY, OF_AARBY)


def test_a_plan_is_asked_by_year_activity_and_school(store: Store) -> None:
    last_year = occurrence(GOALS, school_year=SchoolYear(2025))
    write(store, [last_year, OF_AARBY, OF_RORBY, TALK])
    with store.read() as connection:
        assert plans.occurrences(connection, "proeveby", SchoolYear(2025)) == (last_year,)
        assert plans.occurrences(connection, "proeveby", YEAR, activity="local_goals") == (OF_AARBY, OF_RORBY)
        assert plans.occurrences(connection, "proeveby", YEAR, school="323001") == (OF_AARBY, TALK)
        assert plans.occurrences(connection, "naboby") == ()
        assert plans.school_years(connection, "proeveby") == [SchoolYear(2025), SchoolYear(2026)]
        assert plans.count(connection, "proeveby") == 4
        assert plans.occurrence(connection, TALK.key) == TALK
        assert plans.occurrence(connection, "proeveby.2026-27.unknown") is None


def test_what_moves_keeps_its_key_and_when_it_was_planned(store: Store) -> None:
    write(store, [OF_AARBY], now=instant("2026-05-01"))
    later = replace(OF_AARBY, due=date(2026, 10, 31), title="Skolens mål")
    write(store, moved=[(OF_AARBY, later)], wake_on={later.key: None}, now=instant("2026-06-01"))
    assert current(store) == (later,)
    with store.read() as connection:
        assert connection.execute(select(schema.occurrence.c.planned_at)).scalar_one() == instant("2026-05-01")
    assert waking(store, date(2027, 1, 1)) == []


def test_what_a_later_plan_drops_is_kept_and_silent(store: Store) -> None:
    write(store, [OF_AARBY, OF_RORBY])
    write(store, dropped=[OF_AARBY])
    assert current(store) == (OF_RORBY,)
    assert waking(store, date(2026, 8, 15)) == [OF_RORBY.key]
    with store.read() as connection:
        assert plans.occurrence(connection, OF_AARBY.key) == OF_AARBY
        assert plans.is_dropped(connection, OF_AARBY.key) is True
        assert plans.is_dropped(connection, OF_RORBY.key) is False


def test_what_was_dropped_comes_back_as_the_same_row(store: Store) -> None:
    write(store, [OF_AARBY])
    write(store, dropped=[OF_AARBY])
    again = replace(OF_AARBY, due=date(2026, 10, 15))
    write(store, [again, OF_RORBY])
    assert current(store) == (again, OF_RORBY)
    assert waking(store, date(2026, 8, 15)) == [again.key, OF_RORBY.key]
    with store.read() as connection:
        assert plans.is_dropped(connection, again.key) is False
        assert plans.count(connection, "proeveby") == 2


def test_a_plan_of_many_hundred_schools_is_written_and_dropped_whole(store: Store) -> None:
    many = [replace(OF_AARBY, key=f"proeveby.2026-27.local_goals.{n:06d}", school=f"{n:06d}") for n in range(1101)]
    write(store, many)
    write(store, dropped=many)
    write(store, many)
    assert current(store) == tuple(many)


def test_an_occurrence_wakes_on_its_day_and_stays_awake_until_it_is_told_otherwise(store: Store) -> None:
    write(store, [OF_AARBY, TALK], wake_on={TALK.key: None})
    assert waking(store, date(2026, 8, 14)) == []
    assert waking(store, date(2026, 8, 15)) == [OF_AARBY.key]
    assert waking(store, date(2027, 7, 31)) == [OF_AARBY.key]
    with store.write() as connection:
        plans.set_wake(connection, OF_AARBY.key, date(2026, 9, 16))
        plans.set_wake(connection, TALK.key, date(2026, 8, 15))
    assert waking(store, date(2026, 8, 15)) == [TALK.key]
    assert waking(store, date(2026, 9, 16)) == [OF_AARBY.key, TALK.key]
    assert waking(store, date(2026, 9, 16), "local_goals") == [OF_AARBY.key]


def test_a_day_knows_which_kinds_are_awake(store: Store) -> None:
    write(store, [OF_AARBY, OF_RORBY, TALK])
    with store.read() as connection:
        assert plans.waking_kinds(connection, "proeveby", today=date(2026, 8, 14)) == set()
        assert plans.waking_kinds(connection, "proeveby", today=date(2026, 8, 15)) == {Kind.DELIVERABLE}
        assert plans.waking_kinds(connection, "proeveby", today=date(2026, 9, 1)) == {Kind.DELIVERABLE, Kind.DIALOGUE}
        assert plans.waking_kinds(connection, "naboby", today=date(2026, 9, 1)) == set()


def test_what_wakes_opens_once(store: Store) -> None:
    write(store, [OF_RORBY, OF_AARBY, TALK])
    with store.write() as connection:
        opened = plans.open_waking(
            connection, "proeveby", {Kind.DELIVERABLE}, today=date(2026, 9, 1), now=instant("2026-09-01")
        )
        again = plans.open_waking(
            connection, "proeveby", {Kind.DELIVERABLE}, today=date(2026, 9, 2), now=instant("2026-09-02")
        )
    assert list(opened) == [OF_RORBY, OF_AARBY]
    assert list(again) == []
    with store.read() as connection:
        noted = connection.execute(select(schema.occurrence.c.opened_at).order_by(schema.occurrence.c.position))
        assert list(noted.scalars()) == [instant("2026-09-01"), instant("2026-09-01"), None]
