"""From May to July two wheels turn: neither is forgotten."""

from dataclasses import replace
from pathlib import Path

from flows import evaluate_goals, plan_year
from kvalitet.adapters.follow_up import digest as weekly
from kvalitet.adapters.store import Store, verdicts
from kvalitet.letters import ActivityProgress
from kvalitet.municipality import Municipality
from tests.adapters.installed import installation
from tests.builders import AARBY, YEAR, activity, dialogue, instant, municipality
from tests.goal_builders import agreements_goal

STATUS = activity("status", title="Årets status", opens="start-08-15", due="end-05-15")
SPRING = dialogue(opens="start-05-01", due="start-06-30")


def titles_in_the_digest_of(day: str, here: Municipality, store: Store, home: Path) -> list[str]:
    made = installation(store, home, here)
    plan_year.run(made, here, now=instant(day))
    with store.read() as connection:
        (digest,) = weekly.messages(connection, here, now=instant(day))
    rows = digest.values["rows"]
    assert isinstance(rows, tuple)
    return [row.title for row in rows if isinstance(row, ActivityProgress)]


def test_the_digest_tells_of_the_year_that_ends_beside_the_one_that_begins(store: Store, tmp_path: Path) -> None:
    here = municipality(STATUS, SPRING, schools=(AARBY,))
    installed = installation(store, tmp_path, here)
    plan_year.run(installed, here, now=instant("2027-04-01"))
    assert titles_in_the_digest_of("2027-04-26", here, store, tmp_path) == ["Årets status"]
    assert titles_in_the_digest_of("2027-05-10", here, store, tmp_path) == ["Årets status"]
    assert titles_in_the_digest_of("2027-06-09", here, store, tmp_path) == ["Årets status"]
    assert titles_in_the_digest_of("2027-06-14", here, store, tmp_path) == []


def test_a_year_that_has_run_out_gets_its_last_verdict(store: Store, tmp_path: Path) -> None:
    agreements = replace(agreements_goal(), deadline=YEAR, deliverable=STATUS.key, field=None)
    here = municipality(STATUS, SPRING, schools=(AARBY,), goals=(agreements,))
    installed = installation(store, tmp_path, here)
    plan_year.run(installed, here, now=instant("2027-04-01"))
    for day in ("2027-04-30", "2027-05-01", "2027-08-01"):
        evaluate_goals.run(installed, here, now=instant(day))
    with store.read() as connection:
        found = {kept.school_year: kept.attainment for kept in verdicts.verdicts(connection, "proeveby")}
    assert found[YEAR] == "not_reached"
