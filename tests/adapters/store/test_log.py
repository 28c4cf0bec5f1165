from kvalitet.adapters.store import Store, log
from kvalitet.adapters.store.log import Event
from tests.builders import instant, occurrence

NOW, LATER = instant("2026-09-01"), instant("2026-09-02")


def event(key: str, **given: str) -> Event:
    values = {"event": "delivered", "municipality": "proeveby", **given}
    return Event(key=key, at=NOW, **values)


def test_an_event_is_kept_once_however_often_it_is_told(store: Store) -> None:
    with store.write() as connection:
        assert log.tell(connection, event("a", detail="først")) is True
        assert log.tell(connection, event("a", detail="igen")) is False
        assert log.events(connection) == [event("a", detail="først")]


def test_many_events_are_told_at_once_and_those_known_are_left_out(store: Store) -> None:
    with store.write() as connection:
        log.tell(connection, event("a", detail="først"))
        log.tell_all(connection, [event("a", detail="igen"), event("b")])
        log.tell_all(connection, [])
        assert log.events(connection) == [event("a", detail="først"), event("b")]


def test_events_are_listed_by_time_and_asked_by_what_they_are_about(store: Store) -> None:
    later = Event("later", LATER, "waived", "proeveby", school="323002")
    mine = event("mine", occurrence="o", school="323001")
    others = event("others", municipality="naboby")
    with store.write() as connection:
        for one in (later, mine, others):
            log.tell(connection, one)
        assert log.events(connection) == [mine, others, later]
        assert log.events(connection, "proeveby") == [mine, later]
        assert log.events(connection, event="waived") == [later]
        assert log.events(connection, occurrence="o") == [mine]
        assert log.events(connection, school="323002") == [later]
        assert log.any_since(connection, "proeveby", ["delivered", "waived"], since=NOW) is True
        assert log.any_since(connection, "proeveby", ["delivered", "waived"], since=LATER) is False
        assert log.any_since(connection, "proeveby", ["verdict"], since=NOW) is False
        assert log.told(connection, ["mine", "others", "unknown"]) == {"mine", "others"}


def test_an_event_about_an_occurrence_has_its_places(store: Store) -> None:
    of = occurrence()
    assert log.about("delivered", of, at=NOW, suffix=":1", detail="udgave 1") == Event(
        key="delivered:proeveby.2026-27.local_goals.323001:1",
        at=NOW,
        event="delivered",
        municipality="proeveby",
        activity="local_goals",
        occurrence="proeveby.2026-27.local_goals.323001",
        school="323001",
        detail="udgave 1",
    )


def test_a_job_s_last_heartbeat_is_known(store: Store) -> None:
    with store.write() as connection:
        log.beat(connection, "send_mail", now=NOW)
        log.beat(connection, "send_mail", now=LATER)
        log.beat(connection, "turn_wheel", now=NOW)
        assert log.heartbeats(connection) == {"send_mail": LATER, "turn_wheel": NOW}


def test_a_fact_about_the_installation_is_replaced_by_a_newer_one(store: Store) -> None:
    with store.write() as connection:
        assert log.recall(connection, "demonstration") is None
        log.remember(connection, "demonstration", "ja")
        log.remember(connection, "demonstration", "nej")
        assert log.recall(connection, "demonstration") == "nej"
