"""What the schools have set for themselves, what was fixed, and what is withheld, judged from the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from flows import evaluate_goals
from kvalitet.adapters.evaluating import goals_of, judge_all
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, deliveries, log, snapshots, verdicts
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.extracts import baselines
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import AtLeast, AtMost, Goal, Per, RisePoints
from kvalitet.measurements import MUNICIPALITY, Measurement, MissingReason
from kvalitet.verdicts import Attainment, Verdict
from tests.adapters.store.planned import write
from tests.builders import AAGAARD, AARBY, RORBY, YEAR, activity, goal_field, instant, municipality, occurrence
from tests.goal_builders import ABSENCE, SHARE

NOW = instant("2027-12-01")
LATER = instant("2028-01-10")
GOAL_FORM = activity("absence_goal", fields=(goal_field("absence"),))


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [occurrence(GOAL_FORM, where=school) for school in (AARBY, RORBY, AAGAARD)])


def figure(indicator: str, year: int, unit: str, value: str, pupils: int | None = None) -> Measurement:
    return Measurement(
        indicator=indicator,
        school_year=SchoolYear(year),
        unit=unit,
        source="STIL",
        value=Decimal(value),
        pupils=pupils,
    )


def show(connection: Connection, *found: Measurement, now: datetime = NOW) -> None:
    new = NewSnapshot("proeveby", None, "files", {}, repr((found, now)).encode(), found)
    kept, _ = snapshots.add(connection, new, now=now)
    snapshots.publish(connection, kept.id, now=now)


def state(connection: Connection, number: str, target: str, *, by: str = "2027-06-30") -> None:
    """Hand in a school's own goal for its absence."""
    said = {"text": f"Højst {target} procent fravær", "indicator": "absence", "target": target, "by": by}
    answers = {f"absence.{part}": text for part, text in said.items()}
    key = f"proeveby.2026-27.absence_goal.{number}"
    deliveries.add(connection, key, Submission(answers, "Leder"), now=NOW)


def judged(connection: Connection, *goals: Goal, year: SchoolYear = YEAR) -> list[Verdict]:
    return judge_all(connection, municipality(GOAL_FORM, goals=goals), year, now=NOW)


def test_each_school_is_judged_on_the_goal_that_it_has_set_and_on_its_own_figure(store: Store) -> None:
    with store.write() as connection:
        state(connection, AARBY.number, "8,0")
        state(connection, RORBY.number, "5")
        show(connection, *(figure("absence", 2026, school.number, "7.5") for school in (AARBY, RORBY, AAGAARD)))
        found = judged(connection)
        known = goals_of(connection, municipality(GOAL_FORM), YEAR)
    assert [(one.unit, one.attainment) for one in found] == [
        (AARBY.number, Attainment.REACHED),
        (RORBY.number, Attainment.NOT_REACHED),
    ]
    assert [goal.key for goal in known] == [one.goal for one in found]
    assert [goal.title for goal in known] == ["Højst 8,0 procent fravær", "Højst 5 procent fravær"]


def test_the_newest_version_of_a_delivery_holds_the_goal(store: Store) -> None:
    with store.write() as connection:
        state(connection, AARBY.number, "8,0")
        state(connection, AARBY.number, "6,0")
        found = goals_of(connection, municipality(GOAL_FORM), YEAR)
    assert [goal.target for goal in found] == [AtMost(value=Decimal("6.0"))]


def test_a_goal_with_time_left_stands_in_the_next_school_year_too(store: Store) -> None:
    with store.write() as connection:
        state(connection, AARBY.number, "8,0", by="2029-06-30")
        state(connection, RORBY.number, "8,0")
        found = judged(connection, year=YEAR.plus(1))
    assert [one.unit for one in found] == [AARBY.number]


def test_an_own_goal_takes_the_focus_area_of_the_municipalitys_goal_on_the_same_indicator(store: Store) -> None:
    ours = Goal(
        key="absence",
        title="Fravær",
        focus_area="Fravær & trivsel",
        target=AtMost(value=Decimal(6)),
        per=Per.MUNICIPALITY,
        deadline=YEAR,
        indicator=ABSENCE,
    )
    with store.write() as connection:
        state(connection, AARBY.number, "8,0")
        found = goals_of(connection, municipality(GOAL_FORM, goals=(ours,)), YEAR)
    assert [(goal.is_local, goal.focus_area) for goal in found] == [
        (False, "Fravær & trivsel"),
        (True, "Fravær & trivsel"),
    ]


RISE = Goal(
    key="share",
    title="Flere med mindst 02",
    focus_area="results",
    target=RisePoints(points=Decimal(10)),
    per=Per.SCHOOL,
    deadline=SchoolYear(2025),
    indicator=SHARE,
    baseline_year=SchoolYear(2023),
)


def test_a_baseline_that_was_fixed_is_the_one_that_is_judged_by(store: Store) -> None:
    with store.write() as connection:
        first = figure(SHARE.key, 2023, AARBY.number, "60")
        baselines.fix(connection, "proeveby", [first, figure(SHARE.key, 2023, RORBY.number, "90", 3)], now=NOW)
        revised = figure(SHARE.key, 2023, AARBY.number, "65")
        show(connection, revised, figure(SHARE.key, 2025, AARBY.number, "71"))
        show(connection, figure(SHARE.key, 2025, RORBY.number, "71"))
        found = {one.unit: one for one in judged(connection, RISE)}
    assert (found[AARBY.number].attainment, found[AARBY.number].baseline) == (Attainment.REACHED, Decimal(60))
    assert found[AARBY.number].sentence.endswith("målet er nået. Kilde: STIL (hentet 1.12.2027).")
    assert (found[RORBY.number].attainment, found[RORBY.number].baseline) == (Attainment.UNKNOWN, None)


def test_the_municipality_is_judged_on_its_own_newest_year_though_its_schools_have_newer_figures(store: Store) -> None:
    whole = replace(RISE, per=Per.MUNICIPALITY, target=AtLeast(value=Decimal(80)), baseline_year=None)
    with store.write() as connection:
        show(connection, figure(SHARE.key, 2023, MUNICIPALITY, "79"), figure(SHARE.key, 2025, AARBY.number, "90"))
        (found,) = judged(connection, whole)
    assert (found.school_year, found.value) == (SchoolYear(2023), Decimal(79))


def test_a_figure_that_is_withheld_is_not_told_by_a_verdict(store: Store) -> None:
    at_least = replace(RISE, target=AtLeast(value=Decimal(80)), baseline_year=None)
    of_schools = [
        figure(SHARE.key, 2025, AARBY.number, "81.5", 3),
        figure(SHARE.key, 2025, RORBY.number, "82.5", 20),
        figure(SHARE.key, 2025, AAGAARD.number, "83.5", 60),
        figure(SHARE.key, 2025, MUNICIPALITY, "83.2", 83),
    ]
    with store.write() as connection:
        baselines.fix(connection, "proeveby", of_schools, now=NOW)
        show(connection, *of_schools)
        found = {one.unit: one for one in judged(connection, at_least)}
    assert {unit: one.missing for unit, one in found.items()} == {
        AARBY.number: MissingReason.SUPPRESSED,
        RORBY.number: MissingReason.SUPPRESSED,
        AAGAARD.number: None,
    }
    assert found[AARBY.number].sentence == (
        "Flere med mindst 02: kan ikke vurderes endnu: Mindst 02 for skolen i skoleåret 2025/26 – "
        "tallet vises ikke, fordi der er for få elever."
    )


def test_the_same_figure_brought_home_again_is_no_news_but_its_day_is_kept(store: Store, tmp_path: Path) -> None:
    place = municipality(GOAL_FORM)
    installation = Installation(Settings.read(tmp_path), store, (place,))
    own = figure("absence", 2026, AARBY.number, "7.5")
    with store.write() as connection:
        state(connection, AARBY.number, "8,0", by="2028-06-30")
        show(connection, own)
    evaluate_goals.run(installation, place, now=NOW)
    with store.write() as connection:
        show(connection, own, figure("absence", 2026, RORBY.number, "7.5"), now=LATER)
    again = evaluate_goals.run(installation, place, now=LATER)
    with store.read() as connection:
        told = [event for event in log.events(connection) if event.event == "verdict"]
        kept = [one.sentence for one in verdicts.verdicts(connection, "proeveby")]
    assert (len(told), again.summary) == (1, "Vurderingerne er uændrede.")
    assert [sentence.endswith("Kilde: STIL (hentet 10.1.2028).") for sentence in kept] == [True]
