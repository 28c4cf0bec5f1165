"""Test results (folkeskoleloven § 55 b): those who may not see them find them on no page, in no file and in no mail."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from flows import evaluate_goals, turn_wheel, weekly_digest
from kvalitet.adapters.store import Store, deliveries, log, outbox, snapshots
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import AtLeast, Goal, Per
from kvalitet.measurements import MUNICIPALITY, Measurement
from kvalitet.municipality import Municipality
from kvalitet.web.routes import PAGES
from kvalitet.wheel import FieldType, FormField, Option, Wheel
from tests import databases
from tests.goal_builders import TESTS
from tests.web import builders
from tests.web.access import two_towns
from tests.web.access.test_every_page import address, ask
from tests.web.access.two_towns import OTHER, OWN, Towns

# Numbers that are nowhere else: of the leader's own school, of another school, of the municipality.
MARKERS = {OWN: "77.13", OTHER: "66.61", MUNICIPALITY: "71.17"}
# A school that writes its own goal for the test results may well name them.
WRITTEN = "Fra 64,46 procent gode resultater til flere"
MAY_NOT_SEE = ("school reader", "reader", "operator", "nobody")
LATER = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


def goal(per: Per) -> Goal:
    return Goal(
        key=f"tests_{per.value}",
        title="Flere gode resultater",
        focus_area="Faglighed",
        target=AtLeast(value=Decimal(80)),
        per=per,
        deadline=SchoolYear(2027),
        indicator=TESTS,
    )


def town(key: str, name: str) -> Municipality:
    """Make a town with goals on test results: its own, and a form in which a school sets one."""
    measured_on = (Option(TESTS.key, "Test"),)
    own_goal = FormField("tests", "Skolens mål", FieldType.GOAL, required=False, indicators=measured_on)
    plan = builders.activity("absence_plan", opens="start-08-01", due="start-10-31", fields=(builders.TEXT, own_goal))
    shown = [replace(a, figures=(TESTS.key,)) if a.key == "local_goals" else a for a in builders.ACTIVITIES]
    wheel = Wheel(tuple(plan if activity.key == plan.key else activity for activity in shown))
    goals = goal(Per.SCHOOL), goal(Per.MUNICIPALITY)
    found = builders.municipality(key, wheel.activities)
    return replace(found, name=name, goals=goals, indicators=(TESTS,), login=two_towns.town(key, name).login)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Towns]:
    home = tmp_path_factory.mktemp("confidential")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    with two_towns.two_towns(store, home / "home", town=town) as opened:
        _fill(opened)
        yield opened
    store.close()


def _fill(towns: Towns) -> None:
    """Publish test results, hand in a goal on them, judge the goals, and let the wheel write its mails.

    What the runs say of themselves is seen by whoever looks after Prefect.
    """
    figures = tuple(
        Measurement(
            indicator=TESTS.key, school_year=SchoolYear(2025), unit=unit, source="Kommunens fil", value=Decimal(value)
        )
        for unit, value in MARKERS.items()
    )
    installation = towns.installation
    place = installation.municipalities[0]
    answers = {"goal": "Vi øver os", "tests.text": WRITTEN, "tests.indicator": TESTS.key}
    answers |= {"tests.target": "80", "tests.by": "2028-06-30"}
    with installation.store.write() as connection:
        new = NewSnapshot(place.key, None, "files", {}, b"fortroligt", figures)
        kept, _ = snapshots.add(connection, new, now=LATER)
        snapshots.publish(connection, kept.id, now=LATER)
        for key, given in (("absence_plan", answers), ("local_goals", {"goal": WRITTEN, "percent": "64,46"})):
            deliveries.add(connection, f"{place.key}.2026-27.{key}.{OWN}", Submission(given, "Leder"), now=LATER)
    said = [flow.run(installation, place, now=LATER) for flow in (evaluate_goals, turn_wheel, weekly_digest)]
    assert "fortrolig vurdering" in repr(said)
    assert secrets_in(repr(said).encode(), *MARKERS.values(), "64,46") == []


def secrets_in(content: bytes, *markers: str) -> list[str]:
    """List the markers that a file has; a workbook is looked through part by part."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    text = content.decode("utf-8", errors="replace")
    return [marker for marker in markers if marker in text or marker.replace(".", ",") in text]


def pages() -> list[str]:
    return [f"GET {page.path}" for page in PAGES if page.method == "GET" and "{token}" not in page.path]


def leaks(towns: Towns, name: str, *markers: str, schools: tuple[str, ...] = (OWN, OTHER)) -> list[tuple[str, str]]:
    found = []
    for page in pages():
        for school in schools:
            answer = ask(towns.browsers[name], page, address(page, towns, school))
            found += [(page, marker) for marker in secrets_in(answer.content, *markers)]
    return found


def test_the_figures_are_there_for_whoever_may_see_them(towns: Towns) -> None:
    seen = {marker for _, marker in leaks(towns, "director", *MARKERS.values(), WRITTEN)}
    assert {MARKERS[OWN], MARKERS[OTHER], WRITTEN} <= seen


@pytest.mark.parametrize("name", MAY_NOT_SEE)
def test_no_page_and_no_file_shows_a_test_result_to_others(towns: Towns, name: str) -> None:
    assert leaks(towns, name, *MARKERS.values(), "64,46") == []


@pytest.mark.parametrize("name", ["leader", "deputy"])
def test_a_leader_sees_the_own_schools_test_results_and_nobody_elses(towns: Towns, name: str) -> None:
    assert MARKERS[OWN] in {marker for _, marker in leaks(towns, name, MARKERS[OWN])}
    assert leaks(towns, name, MARKERS[OTHER], MARKERS[MUNICIPALITY]) == []


def test_the_sheet_of_a_talk_tells_of_the_schools_own_goal_to_whoever_may_see_it(towns: Towns) -> None:
    page = f"/proeveby/forekomst/proeveby.2026-27.dialogue.{OWN}/samtaleark"
    told = {name: ask(towns.browsers[name], "GET", page).text for name in ("leader", "school reader")}
    assert {name: WRITTEN in text for name, text in told.items()} == {"leader": True, "school reader": False}


@pytest.mark.parametrize("place", [f"local_goals.{OWN}", f"absence_plan.{OWN}", f"absence_plan.{OWN}/kvittering/1"])
def test_what_is_written_where_test_results_are_shown_is_for_those_who_may_see_them(towns: Towns, place: str) -> None:
    page = f"/proeveby/forekomst/proeveby.2026-27.{place}"
    told = {name: ask(towns.browsers[name], "GET", page) for name in ("leader", "school reader")}
    assert {name: answer.status_code for name, answer in told.items()} == {"leader": 200, "school reader": 200}
    assert {name: WRITTEN in answer.text for name, answer in told.items()} == {"leader": True, "school reader": False}


def test_whoever_may_not_see_a_verdict_is_not_told_what_the_school_calls_its_goal(towns: Towns) -> None:
    page = f"/proeveby/maal/local.{OWN}.2026-27.absence_plan.tests/{OWN}"
    told = {name: ask(towns.browsers[name], "GET", page) for name in ("leader", "school reader")}
    assert {name: answer.status_code for name, answer in told.items()} == {"leader": 200, "school reader": 404}
    assert "64,46" not in told["school reader"].text


def test_no_mail_and_no_line_of_the_log_tells_a_test_result(towns: Towns) -> None:
    with towns.installation.store.read() as connection:
        mails = [message_from_bytes(mail.content, policy=default) for mail in outbox.mails(connection)]
        told = "\n".join(event.detail for event in log.events(connection))
    parts = [part.get_payload(decode=True) for mail in mails for part in mail.walk() if not part.is_multipart()]
    written = b"\n".join(part for part in parts if isinstance(part, bytes))
    assert "Prøveby Kommune".encode() in written
    assert "fortrolig vurdering" in told
    assert secrets_in(written, *MARKERS.values(), "64,46") == []
    assert secrets_in(told.encode(), *MARKERS.values(), "64,46") == []


def test_no_calendar_tells_a_test_result(towns: Towns) -> None:
    calendars = [
        ask(towns.browsers["leader"], "GET", "/proeveby/hjul.ics").content,
        *(path.read_bytes() for path in towns.installation.settings.home.rglob("*.ics")),
    ]
    assert b"BEGIN:VCALENDAR" in calendars[0]
    assert [secrets_in(calendar, *MARKERS.values(), "64,46") for calendar in calendars] == [[]] * len(calendars)
