"""Judging ten goals for 1,100 schools in each of ten school years, beside a bare loop that compares the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kvalitet.days import SchoolYear
from kvalitet.evidence import Evidence
from kvalitet.goals import AtLeast, AtMost, AtNationalAverage, Goal, MoreThan, Per, RisePercent, RisePoints, Target
from kvalitet.measurements import COUNTRY, Indicator, Measurement
from kvalitet.verdicts import Attainment, judge
from tests.benchmarks.big import SCHOOLS
from tests.benchmarks.measuring import Measured, race
from tests.goal_builders import ABSENCE, GRADE, SHARE

YEARS = [SchoolYear(year) for year in range(2015, 2025)]
TODAY = date(2026, 1, 1)
UNITS = [f"{100_000 + number}" for number in range(SCHOOLS)]
TARGETS: list[tuple[Indicator, Target]] = [
    (ABSENCE, AtNationalAverage(lower_is_better=True)),
    (ABSENCE, AtMost(value=Decimal(6))),
    (SHARE, AtNationalAverage(lower_is_better=False)),
    (SHARE, RisePoints(points=Decimal(10))),
    (SHARE, MoreThan(value=Decimal(98))),
    (SHARE, AtLeast(value=Decimal(80))),
    (GRADE, AtLeast(value=Decimal("6.5"))),
    (GRADE, RisePercent(percent=Decimal(10))),
    (GRADE, AtNationalAverage(lower_is_better=False)),
    (GRADE, RisePoints(points=Decimal("0.5"))),
]


def goals() -> list[Goal]:
    return [
        Goal(
            key=f"goal_{number}",
            title=f"Mål {number}",
            focus_area="Faglighed",
            target=target,
            per=Per.SCHOOL,
            deadline=SchoolYear(2022),
            indicator=_of_its_own(indicator, number),
            baseline_year=YEARS[0] if isinstance(target, RisePoints | RisePercent) else None,
        )
        for number, (indicator, target) in enumerate(TARGETS)
    ]


def _of_its_own(indicator: Indicator, number: int) -> Indicator:
    spread = None if indicator is SHARE else Decimal(2)
    return replace(indicator, key=f"indicator_{number}", share_of_pupils=indicator is SHARE, spread=spread)


def figures() -> tuple[Measurement, ...]:
    return tuple(
        Measurement(
            indicator=f"indicator_{number}",
            school_year=year,
            unit=unit,
            source="Uddannelsesstatistik.dk",
            value=Decimal(50 + (7 * number + 13 * place + 3 * year.start) % 90) / 10,
            pupils=20 + place % 400,
        )
        for number in range(len(TARGETS))
        for year in YEARS
        for place, unit in enumerate([COUNTRY, *UNITS])
    )


def test_ten_goals_are_judged_for_1100_schools_in_ten_years(keep: Callable[[Measured], None]) -> None:
    asked, known = goals(), figures()

    def judge_years(years: list[SchoolYear]) -> Counter[Attainment]:
        evidence = Evidence(measurements=known)
        return Counter(
            judge(goal, evidence, school_year=year, today=TODAY, unit=unit).attainment
            for goal in asked
            for year in years
            for unit in UNITS
        )

    found = judge_years(YEARS)
    assert sum(found.values()) == 110_000
    assert found[Attainment.UNKNOWN] == 0
    assert all(found[one] > 1000 for one in (Attainment.REACHED, Attainment.NOT_REACHED, Attainment.UNCERTAIN))

    values = [figure.value for figure in known if figure.value is not None and figure.unit != COUNTRY]
    measured = race(
        "10 mål bedømt for 1.100 skoler i 10 år, med en sætning til hver",
        lambda: lambda: judge_years(YEARS),
        limit="de samme tal sammenlignet i en løkke",
        bare=lambda: lambda: sum(value >= Decimal("6.5") for value in values),
        rows=len(values),
        rounds=3,
        memory=lambda: lambda: judge_years(YEARS[-1:]),
    )
    keep(measured)
    if measured.ratio > 600:
        pytest.fail(f"Bedømmelsen tager {measured.ratio:.1f} gange sin grænse")
