"""A town of three schools with goals of every kind, figures, test results that nobody else may see, and deliveries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, deliveries, snapshots
from kvalitet.adapters.store.deliveries import StoredFile, Submission
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.goals import AtLeast, AtNationalAverage, CountPerSchool, Goal, Per, RisePoints
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason
from kvalitet.municipality import Effort, Municipality
from kvalitet.occurrences import plan
from kvalitet.quality_reports import ReportPlan
from kvalitet.wheel import Kind, Role
from kvalitet.wheel import Per as Unit
from tests import builders
from tests.adapters import installed
from tests.adapters.store.planned import write
from tests.builders import AAGAARD, AARBY, RORBY, YEAR

NOW = builders.instant("2027-06-10", "12:00")
LAST = SchoolYear(2025)
STIL = "Uddannelsesstatistik.dk"
# Numbers that stand nowhere else: whoever meets them has met something confidential.
SECRET, SECRET_BASELINE, SECRET_TEXT = "61,37", "58,41", "Vi gik fra 58,41 til 61,37 i test"

ABSENCE, GRADES, TESTS = (
    load_catalogue()[key] for key in ("absence", "grade_average_danish_maths", "good_results_danish")
)
GOALS = (
    Goal(key="absence", title="Fravær som landet", focus_area="Fravær", target=AtNationalAverage(lower_is_better=True),
         per=Per.MUNICIPALITY, deadline=YEAR, indicator=ABSENCE),
    Goal(key="grades", title="Mindst 6,5 i karakter", focus_area="Faglighed", target=AtLeast(value=Decimal("6.5")),
         per=Per.SCHOOL, deadline=LAST, indicator=GRADES),
    Goal(key="tests", title="Gode resultater i dansk", focus_area="Faglighed", target=RisePoints(points=Decimal(10)),
         per=Per.MUNICIPALITY, deadline=YEAR, indicator=TESTS, baseline_year=SchoolYear(2024)),
    Goal(key="agreements", title="Tre aftaler", focus_area="Åben skole", target=CountPerSchool(count=3),
         per=Per.SCHOOL, deadline=YEAR, deliverable="agreements", field="count"),
)  # fmt: skip
ACTIVITIES = (
    builders.activity("own_goals", title="Skolens mål", fields=(builders.goal_field(),)),
    builders.activity("test_plan", title="Plan for test", fields=(builders.text_field("words", "Plan"),),
                      figures=("good_results_danish",)),
    builders.activity("agreements", title="Aftaler", fields=(builders.number_field("count", "Aftaler"),)),
    builders.activity("statement", title="Skolebestyrelsens udtalelse", opens="end-03-01", due="end-05-31",
                      fields=(builders.text_field("words", "Udtalelse"), builders.file_field(required=False))),
    builders.activity("council", title="Status til kommunalbestyrelsen", opens="end-06-01", due="end-06-30",
                      per=Unit.MUNICIPALITY, owner=Role.ADMINISTRATION, after=("statement",)),
    builders.activity("meeting", title="Møde i udvalget", opens="end-06-15", due="end-06-30", kind=Kind.MEETING,
                      per=Unit.MUNICIPALITY, owner=Role.DIRECTOR, fields=(), ladder=()),
)  # fmt: skip
PLAN = ReportPlan(
    title="Skoleudviklingssamtale",
    audience="børneudvalget",
    introduction="Her er status.\n\nTak til skolerne.",
    deliveries=("own_goals", "test_plan"),
    activity="council",
    statements="statement",
)
EFFORTS = (
    Effort("present", "Alle til stede", ("absence",), "2018/19", None, (RORBY.number,), "Skolerne ringer hjem."),
    Effort("over", "Slut nu", ("absence",), "2018/19", "2020/21"),
)


def town() -> Municipality:
    """Make the town."""
    return builders.municipality(*ACTIVITIES, goals=GOALS, efforts=EFFORTS, report=PLAN)


def figure(indicator: str, unit: str, value: str | None, year: SchoolYear = LAST, *, pupils: int = 40) -> Measurement:
    """Make a figure; None is one that the source withholds."""
    told = {"value": Decimal(value)} if value else {"missing": MissingReason.SUPPRESSED}
    return Measurement(
        indicator=indicator,
        school_year=year,
        unit=unit,
        source=STIL,
        published_on=date(2026, 11, 12),
        pupils=pupils if value else None,
        **told,
    )


FIGURES = (
    figure("absence", COUNTRY, "7.3"),
    figure("absence", MUNICIPALITY, "8.4"),
    figure("absence", MUNICIPALITY, "8.1", SchoolYear(2024)),
    figure("absence", AARBY.number, "7.1", pupils=900),
    figure("absence", RORBY.number, "9.6"),
    figure("absence", AAGAARD.number, "8.7"),
    figure("grade_average_danish_maths", AARBY.number, "7.2", pupils=900),
    figure("grade_average_danish_maths", RORBY.number, "5.9", pupils=900),
    figure("grade_average_danish_maths", AAGAARD.number, None),
    figure("good_results_danish", MUNICIPALITY, "58.41", SchoolYear(2024)),
    figure("good_results_danish", MUNICIPALITY, "61.37"),
)


def lived(store: Store, home: Path, *more: Measurement) -> Installation:
    """Give an installation of the town, with a year of figures and deliveries in it; of two figures the last counts."""
    here = town()
    figures = {(one.indicator, one.unit, one.school_year): one for one in (*FIGURES, *more)}
    write(store, plan(here, YEAR))
    new = NewSnapshot(here.key, None, "files", {}, b"tal", tuple(figures.values()))
    with store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=NOW)
        snapshots.publish(connection, kept.id, now=NOW)
        for school in (AARBY, RORBY):
            own = {
                "absence.text": f"{school.name} er til stede",
                "absence.indicator": "absence",
                "absence.target": "4,8",
                "absence.by": "2027-06-30",
            }
            for key, answers in (("own_goals", own), ("test_plan", {"words": SECRET_TEXT})):
                deliveries.add(connection, key_of(key, school.number), Submission(answers, "Leder"), now=NOW)
        deliveries.add(connection, key_of("agreements", AARBY.number), Submission({"count": "3"}, "Leder"), now=NOW)
        deliveries.waive(connection, key_of("agreements", RORBY.number), reason="Ny leder", by="Kontoret", now=NOW)
    return installed.installation(store, home, here)


def key_of(activity: str, school: str) -> str:
    """Give the key of an occurrence."""
    return f"proeveby.2026-27.{activity}.{school}"


def with_statements(of: Installation) -> Installation:
    """Let two school boards have their say, and waive the third."""
    file = StoredFile("udtalelse.pdf", "ab" * 32, 10)
    with of.store.write() as connection:
        for school, given in ((AARBY, file), (RORBY, None)):
            said = Submission({"words": f"Bestyrelsen på {school.name} er enig."}, "Leder", given)
            deliveries.add(connection, key_of("statement", school.number), said, now=NOW)
        deliveries.waive(
            connection, key_of("statement", AAGAARD.number), reason="Ny bestyrelse", by="Kontoret", now=NOW
        )
    return of
