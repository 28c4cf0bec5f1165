"""Figures that a test builds: absence over the years with a gap and covid years, confidential tests, and verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, snapshots, verdicts
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.days import SchoolYear
from kvalitet.goals import AtMost, CountPerSchool, Goal, Per
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason
from tests.web import builders

SOURCE = "Prøvetal"
SCHOOLS = tuple(f"32300{number}" for number in range(1, 6))
ABSENCE, TESTS = load_catalogue()["absence"], load_catalogue()["good_results_danish"]
OWN_GOALS = Goal(
    key="own_goals",
    title="Hver skole har et mål",
    focus_area="Samarbejde",
    target=CountPerSchool(count=1),
    per=Per.SCHOOL,
    deadline=builders.YEAR,
    deliverable="local_goals",
)
LOW_ABSENCE = Goal(
    key="low_absence",
    title="Elevfraværet er højst 6 %",
    focus_area="Fravær",
    target=AtMost(value=Decimal(6)),
    per=Per.MUNICIPALITY,
    deadline=SchoolYear(2027),
    indicator=ABSENCE,
)


def figure(
    indicator: str, year: int, unit: str, value: str | MissingReason, *, pupils: int | None = None
) -> Measurement:
    """Make a figure, or one that is missing for a reason."""
    is_missing = isinstance(value, MissingReason)
    return Measurement(
        indicator=indicator,
        school_year=SchoolYear(year),
        unit=unit,
        source=SOURCE,
        value=None if isinstance(value, MissingReason) else Decimal(value),
        missing=value if isinstance(value, MissingReason) else None,
        pupils=None if is_missing else pupils,
    )


def absence() -> Iterator[Measurement]:
    """Give eight school years of absence; the last school has none in 2023/24."""
    for year in range(2017, 2025):
        yield figure("absence", year, COUNTRY, f"{5.9 + (year - 2017) * 0.2:.1f}")
        yield figure("absence", year, MUNICIPALITY, f"{6.4 + (year - 2017) * 0.2:.1f}")
        for place, number in enumerate(SCHOOLS):
            lacks = number == SCHOOLS[-1] and year == 2023
            value = f"{5 + place + (year - 2017) * 0.1:.1f}"
            yield figure("absence", year, number, MissingReason.NOT_REPORTED if lacks else value)


def publish(store: Store, *found: Measurement, now: datetime = builders.NOON, raw: bytes = b"tal") -> None:
    """Put figures on show."""
    new = NewSnapshot("proeveby", None, SOURCE, {"url": "https://tal.example"}, raw, found)
    with store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=now)
        snapshots.publish(connection, kept.id, now=now)


def kept(goal: str, unit: str, attainment: str, told: str, *, year: SchoolYear = builders.YEAR) -> KeptVerdict:
    """Make a verdict of a goal that is not confidential."""
    return KeptVerdict("proeveby", goal, unit, year, attainment, told, confidential=False, judged_at=builders.NOON)


def judge(store: Store, goal: Goal, unit: str, attainment: str, told: str, *, year: SchoolYear = builders.YEAR) -> None:
    """Keep a verdict."""
    with store.write() as connection:
        verdicts.save(connection, kept(goal.key, unit, attainment, told, year=year))


def with_figures(installation: Installation) -> Installation:
    """Give the small municipality two goals, figures and verdicts."""
    store = installation.store
    publish(store, *absence(), now=builders.NOON - timedelta(days=30))
    judge(store, LOW_ABSENCE, MUNICIPALITY, "off_course", "Elevfraværet er højst 6 %: 7,8 % i skoleåret 2024/25.")
    for number, attainment in zip(
        SCHOOLS, ("reached", "not_reached", "under_way", "unknown", "under_way"), strict=True
    ):
        judge(store, OWN_GOALS, number, attainment, f"Hver skole har et mål: dom over {number}.")
    (municipality,) = installation.municipalities
    return replace(installation, municipalities=(replace(municipality, goals=(LOW_ABSENCE, OWN_GOALS)),))
