from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from kvalitet.adapters.evaluating import judge_all
from kvalitet.adapters.store import Store, deliveries, snapshots
from kvalitet.adapters.store.deliveries import StoredFile, Submission
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import AtMost, CountPerSchool, DocumentsPerSchool, Goal, Per
from kvalitet.measurements import Indicator, IndicatorUnit, Measurement
from kvalitet.municipality import Municipality
from kvalitet.verdicts import Attainment, Verdict
from kvalitet.wheel import Column, FieldType, FormField
from tests.adapters.store.planned import write
from tests.builders import (
    AAGAARD,
    AARBY,
    RORBY,
    YEAR,
    activity,
    file_field,
    goal_field,
    instant,
    municipality,
    number_field,
    occurrence,
    text_field,
)

ABSENCE = Indicator(key="absence", title="Fravær", unit=IndicatorUnit.PERCENT, decimals=1, lower_is_better=True)
LOW_ABSENCE = Goal(
    key="low_absence",
    title="Højst 6 procent fravær",
    focus_area="well_being",
    target=AtMost(value=Decimal(6)),
    per=Per.SCHOOL,
    deadline=SchoolYear(2026),
    indicator=ABSENCE,
)
THREE_COURSES = Goal(
    key="three_courses",
    title="Tre forløb pr. skole",
    focus_area="open_school",
    target=CountPerSchool(count=3),
    per=Per.SCHOOL,
    deadline=YEAR,
    deliverable="open_school",
    field="courses",
)
ONE_PLAN = Goal(
    key="one_plan",
    title="En plan pr. skole",
    focus_area="open_school",
    target=DocumentsPerSchool(kinds=(("plan", "planen"),)),
    per=Per.SCHOOL,
    deadline=YEAR,
    deliverable="open_school",
)
OPEN_SCHOOL = activity(
    "open_school",
    fields=(number_field("courses", "Forløb"), text_field("note", required=False), file_field(required=False)),
)
NOW = instant("2027-06-01")


def place(*goals: Goal) -> Municipality:
    return municipality(OPEN_SCHOOL, goals=goals)


def verdicts(connection: Connection, of: Municipality) -> dict[str, Verdict]:
    return {verdict.unit: verdict for verdict in judge_all(connection, of, YEAR, now=NOW)}


@pytest.fixture(autouse=True)
def _plan(store: Store) -> None:
    write(store, [occurrence(OPEN_SCHOOL, where=school) for school in (AARBY, RORBY, AAGAARD)])


def show(connection: Connection, year: int, **figures: str) -> None:
    found = tuple(
        Measurement(
            indicator="absence",
            school_year=SchoolYear(year),
            unit=unit.removeprefix("of_"),
            value=Decimal(value),
            level=None,
            missing=None,
            source="STIL",
            published_on=None,
        )
        for unit, value in figures.items()
    )
    kept, _ = snapshots.add(
        connection, NewSnapshot("proeveby", None, "files", {}, repr(found).encode(), found), now=NOW
    )
    snapshots.publish(connection, kept.id, now=NOW)


def deliver(connection: Connection, number: str, courses: str, file: StoredFile | None = None) -> None:
    key = f"proeveby.2026-27.open_school.{number}"
    deliveries.add(connection, key, Submission({"courses": courses}, "Leder", file), now=NOW)


def test_figures_are_judged_on_the_newest_year_that_has_any(store: Store) -> None:
    with store.write() as connection:
        show(connection, 2023, of_323001="9", of_323002="5")
        show(connection, 2024, of_323001="5.5", of_323002="6.1")
        found = verdicts(connection, place(LOW_ABSENCE))
    assert {unit: (verdict.school_year, verdict.attainment) for unit, verdict in found.items()} == {
        "323001": (SchoolYear(2024), Attainment.ON_COURSE),
        "323002": (SchoolYear(2024), Attainment.OFF_COURSE),
        "323003": (SchoolYear(2024), Attainment.UNKNOWN),
    }


def test_an_earlier_year_is_not_judged_on_figures_that_came_later(store: Store) -> None:
    with store.write() as connection:
        show(connection, 2024, of_323001="5.5", of_323002="6.1")
        show(connection, 2025, of_323001="9", of_323002="9")
        judged = judge_all(connection, place(LOW_ABSENCE), SchoolYear(2024), now=NOW)
    assert {(verdict.unit, verdict.school_year.start) for verdict in judged if verdict.value} == {
        ("323001", 2024),
        ("323002", 2024),
    }


def test_with_no_figures_at_all_the_year_before_is_asked_about_and_nobody_is_blamed(store: Store) -> None:
    with store.read() as connection:
        found = verdicts(connection, place(LOW_ABSENCE))
    assert {(verdict.school_year, verdict.attainment) for verdict in found.values()} == {
        (SchoolYear(2025), Attainment.UNKNOWN)
    }


def test_what_schools_hand_in_is_counted_from_the_newest_version(store: Store) -> None:
    with store.write() as connection:
        deliver(connection, AARBY.number, "1")
        deliver(connection, AARBY.number, "3")
        deliver(connection, RORBY.number, "2")
        found = verdicts(connection, place(THREE_COURSES))
    assert found[AARBY.number].attainment is Attainment.REACHED
    assert found[RORBY.number].attainment is not Attainment.REACHED
    assert {verdict.school_year for verdict in found.values()} == {YEAR}


def test_a_file_counts_as_one_document(store: Store) -> None:
    with store.write() as connection:
        deliver(connection, AARBY.number, "0", StoredFile("plan.pdf", "ab" * 32, 9))
        deliver(connection, RORBY.number, "0")
        found = verdicts(connection, place(ONE_PLAN))
    assert found[AARBY.number].attainment is Attainment.REACHED
    assert found[RORBY.number].attainment is not Attainment.REACHED


def test_nobody_is_judged_on_what_he_is_waived_from(store: Store) -> None:
    key = f"proeveby.2026-27.open_school.{RORBY.number}"
    with store.write() as connection:
        deliveries.waive(connection, key, reason="Skolen flytter", by="Forvaltningen", now=NOW)
        found = verdicts(connection, place(THREE_COURSES))
        also = verdicts(connection, place(LOW_ABSENCE))
    assert set(found) == {AARBY.number, AAGAARD.number}
    assert set(also) == {AARBY.number, RORBY.number, AAGAARD.number}


def test_the_rows_of_a_table_are_counted(store: Store) -> None:
    agreements = FormField("agreements", "Aftaler", FieldType.TABLE, columns=(Column("partner", "Aftale med"),))
    tabled = replace(OPEN_SCHOOL, fields=(agreements, goal_field(required=False)))
    three = replace(THREE_COURSES, field="agreements")
    kinds = DocumentsPerSchool(kinds=(("agreements", "en aftale"), ("absence", "et mål")))
    one_of_each = replace(THREE_COURSES, key="one_of_each", field=None, target=kinds)
    rows = {f"agreements.{number}.partner": "Virksomheden" for number in (1, 2, 3)}
    handed_in = {AARBY: {**rows, "absence.text": "Flere"}, RORBY: {**rows, "agreements.3.partner": " "}}
    with store.write() as connection:
        for school, answers in handed_in.items():
            key = f"proeveby.2026-27.open_school.{school.number}"
            deliveries.add(connection, key, Submission(answers, "Leder"), now=NOW)
        counted = verdicts(connection, municipality(tabled, goals=(three,)))
        documents = verdicts(connection, municipality(tabled, goals=(one_of_each,)))
    reached = {school.name: counted[school.number].attainment is Attainment.REACHED for school in handed_in}
    whole = {school.name: documents[school.number].attainment is Attainment.REACHED for school in handed_in}
    assert reached == whole == {AARBY.name: True, RORBY.name: False}
