"""What waits for another activity opens when that is done, or when its own time is up."""

from datetime import date
from pathlib import Path

import pytest

from flows import goal_setting, plan_year
from kvalitet.adapters.deliveries import waive
from kvalitet.adapters.follow_up import following
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.predecessors import waits_for
from kvalitet.adapters.store import Store, log, plans
from kvalitet.wheel import Per, Role
from tests.adapters.installed import installation as made
from tests.builders import AARBY, RORBY, YEAR, activity, instant, municipality

STATEMENT = activity("statement", title="Skolebestyrelsens udtalelse", opens="start-09-01", due="start-09-30")
REPORT = activity(
    "report",
    title="Rapport til byrådet",
    per=Per.MUNICIPALITY,
    owner=Role.ADMINISTRATION,
    opens="start-09-01",
    due="start-10-30",
    ladder=(),
    after=("statement",),
)
PROEVEBY = municipality(STATEMENT, REPORT, schools=(AARBY, RORBY))
REPORT_KEY = "proeveby.2026-27.report"


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-20"), school_year=YEAR)
    return made_here


def opened(installation: Installation, day: str) -> list[str]:
    goal_setting.run(installation, PROEVEBY, now=instant(day))
    with installation.store.read() as connection:
        return [event.occurrence for event in log.events(connection, event="occurrence_opened")]


def free(installation: Installation, *numbers: str) -> None:
    for number in numbers:
        key = f"proeveby.2026-27.statement.{number}"
        waive(installation, key, reason="Aftalt", by="Forvaltningen", now=instant("2026-09-10"))


def test_a_report_waits_for_every_school_and_says_for_what(installation: Installation) -> None:
    assert REPORT_KEY not in opened(installation, "2026-09-01")
    free(installation, AARBY.number)
    assert REPORT_KEY not in opened(installation, "2026-09-11")
    with installation.store.read() as connection:
        report = plans.occurrence(connection, REPORT_KEY)
        assert report is not None
        waits = waits_for(connection, PROEVEBY, report, today=date(2026, 9, 11))
    assert waits == ("Skolebestyrelsens udtalelse",)


def test_a_report_opens_when_all_schools_are_done(installation: Installation) -> None:
    opened(installation, "2026-09-01")
    free(installation, AARBY.number, RORBY.number)
    assert REPORT_KEY in opened(installation, "2026-09-11")


def test_nobody_is_written_to_about_a_report_that_waits(installation: Installation) -> None:
    opened(installation, "2026-09-01")
    about = [
        key
        for message in following.follow_up(installation, PROEVEBY, now=instant("2026-09-01")).messages
        for key in message.about
    ]
    assert sorted(about) == ["proeveby.2026-27.statement.323001", "proeveby.2026-27.statement.323002"]


def test_what_is_due_waits_no_longer(installation: Installation) -> None:
    assert REPORT_KEY in opened(installation, "2026-10-30")
