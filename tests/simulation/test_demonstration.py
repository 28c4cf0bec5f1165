"""The demonstration: played once, never to a server, and going on where it was stopped."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.delivering import earlier
from kvalitet.adapters.installation import DEMONSTRATION, Installation
from kvalitet.adapters.store import Store, deliveries, log, outbox, plans
from kvalitet.days import SchoolYear
from kvalitet.outgoing import MailState
from kvalitet.simulation import demonstration, play_demonstration
from kvalitet.simulation.playing import Play
from tests import databases
from tests.adapters.installed import installation as made
from tests.builders import activity, dialogue, instant, municipality, promises_field, table_field

PROEVEBY = municipality(activity(), dialogue())
NOW = instant("2026-10-20", "12:00")


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return made(store, tmp_path, PROEVEBY)


def keys(installation: Installation) -> list[str]:
    with installation.store.read() as connection:
        return sorted(mail.key for mail in outbox.mails(connection))


def test_an_empty_installation_is_played_up_to_now_and_marked(installation: Installation) -> None:
    assert play_demonstration(installation, now=NOW)
    with installation.store.read() as connection:
        assert log.recall(connection, DEMONSTRATION) == demonstration.FINISHED
        assert {event.event for event in log.events(connection)} >= {"mail_sent", "delivered", "meeting_booked"}
        assert max(event.at for event in log.events(connection)) <= NOW


def test_mails_stay_on_the_machine_whatever_server_is_set(installation: Installation) -> None:
    nowhere = installation.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1})
    play_demonstration(replace(installation, settings=nowhere), now=NOW)
    with installation.store.read() as connection:
        counted = outbox.counts(connection)
    assert set(counted) <= {MailState.SENT, MailState.CANCELLED}
    assert len(list((installation.settings.home / "mailbox").glob("*.eml"))) == counted[MailState.SENT]


def test_it_is_played_once(installation: Installation) -> None:
    play_demonstration(installation, now=NOW)
    before = keys(installation)
    assert not play_demonstration(installation, now=instant("2026-11-20"))
    assert keys(installation) == before


def test_an_interrupted_play_goes_on_and_ends_like_an_unbroken_one(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_args: object, **_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Play, "do", kill)
        with pytest.raises(Killed):
            play_demonstration(installation, now=NOW)
    with installation.store.read() as connection:
        assert log.recall(connection, DEMONSTRATION) == demonstration.UNFINISHED
    assert play_demonstration(installation, now=NOW)

    other = Store.open(f"sqlite:///{databases.migrated_sqlite(tmp_path / 'unbroken.sqlite')}")
    unbroken = made(other, tmp_path / "unbroken", PROEVEBY)
    play_demonstration(unbroken, now=NOW)
    assert keys(installation) == keys(unbroken)
    other.close()


def test_an_installation_with_a_plan_of_its_own_is_left_alone(installation: Installation) -> None:
    plan_year.run(installation, PROEVEBY, now=NOW)
    with installation.store.read() as connection:
        planned = plans.count(connection, PROEVEBY.key)
    assert not play_demonstration(installation, now=NOW)
    with installation.store.read() as connection:
        assert log.recall(connection, DEMONSTRATION) is None
        assert plans.count(connection, PROEVEBY.key) == planned


def test_of_the_year_before_there_is_only_what_this_years_plan_asks_what_became_of(
    store: Store, tmp_path: Path
) -> None:
    asks = activity("action_plan", fields=(promises_field(), table_field(promises=True)))
    town = municipality(activity(), dialogue(), asks)
    played = made(store, tmp_path, town)
    play_demonstration(played, now=instant("2026-09-10", "12:00"))
    with store.read() as connection:
        before = plans.occurrences(connection, town.key, SchoolYear(2025))
        delivered = {one.key: len(deliveries.versions(connection, one.key)) for one in before}
        asked = [
            (one.key, earlier.promised(connection, town, one), deliveries.versions(connection, one.key))
            for one in plans.occurrences(connection, town.key, SchoolYear(2026), activity="action_plan")
        ]
        counted = outbox.counts(connection)
    assert delivered == {f"{town.key}.2025-26.action_plan.{school.number}": 1 for school in town.schools}
    assert {promised["last_year"].school_year for _, promised, _ in asked} == {SchoolYear(2025)}
    assert {len(versions) for _, _, versions in asked} == {0, 1}
    assert {"last_year.1.outcome" in versions[0].answers for _, _, versions in asked if versions} == {True}
    assert set(counted) <= {MailState.SENT, MailState.CANCELLED}
