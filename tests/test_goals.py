"""Goals: one that contradicts itself is refused, with everything that is wrong with it in Danish."""

from datetime import date
from decimal import Decimal

import pytest

from kvalitet.days import SchoolYear
from kvalitet.goals import (
    AtLeast,
    AtMost,
    AtNationalAverage,
    CountPerSchool,
    DocumentsPerSchool,
    Goal,
    LevelAtLeast,
    MoreThan,
    Per,
    RisePercent,
    RisePoints,
    Target,
)
from kvalitet.measurements import Indicator, IndicatorUnit

ABSENCE = Indicator(key="absence", title="Fravær", unit=IndicatorUnit.PERCENT, decimals=1, lower_is_better=True)
SATISFACTION = Indicator(
    key="satisfaction",
    title="Tilfredshed",
    unit=IndicatorUnit.LEVEL,
    decimals=0,
    lower_is_better=False,
    levels=("lav", "høj"),
)
SHARE = Indicator(key="share", title="Andel", unit=IndicatorUnit.PERCENT, decimals=1, lower_is_better=False)
PUPILS = Indicator(key="pupils", title="Elevtal", unit=IndicatorUnit.COUNT, decimals=0, lower_is_better=False)
SIX = AtMost(value=Decimal(6))
THREE = CountPerSchool(count=3)


@pytest.mark.parametrize(
    ("deadline", "last_year", "last_day"),
    [
        (SchoolYear(2019), SchoolYear(2019), date(2020, 7, 31)),
        (date(2017, 12, 31), SchoolYear(2016), date(2017, 12, 31)),
        (date(2017, 7, 31), SchoolYear(2016), date(2017, 7, 31)),
        (date(2017, 7, 30), SchoolYear(2015), date(2017, 7, 30)),
    ],
)
def test_the_last_whole_school_year_before_the_deadline_decides(
    deadline: SchoolYear | date, last_year: SchoolYear, last_day: date
) -> None:
    found = goal(SIX, indicator=ABSENCE, deadline=deadline)
    assert (found.deadline_year, found.last_day) == (last_year, last_day)


@pytest.mark.parametrize(
    ("target", "fields", "told"),
    [
        (SIX, {}, "angiv i »indicator«, hvilket nøgletal"),
        (SIX, {"indicator": ABSENCE, "deliverable": "plan"}, "»deliverable« og »field« passer ikke"),
        (SIX, {"indicator": SATISFACTION}, "kun niveauer måles med level_at_least"),
        (LevelAtLeast(level="høj"), {"indicator": ABSENCE}, "kun niveauer måles med level_at_least"),
        (LevelAtLeast(level="god"), {"indicator": SATISFACTION}, "niveauet »god« findes ikke; vælg mellem lav, høj"),
        (AtNationalAverage(lower_is_better=False), {"indicator": ABSENCE}, "»lower_is_better« er det modsatte"),
        (SIX, {"indicator": SHARE}, "går den forkerte vej: for nøgletallet share er højere bedre; brug at_least"),
        (MoreThan(value=Decimal(6)), {"indicator": ABSENCE}, "for nøgletallet absence er lavere bedre; brug at_most"),
        (AtLeast(value=Decimal(6)), {"indicator": PUPILS, "mean_of_years": 3}, "intet gennemsnit at tage"),
        (LevelAtLeast(level="høj"), {"indicator": SATISFACTION, "mean_of_years": 3}, "intet gennemsnit at tage"),
        (
            THREE,
            {"deliverable": "plan", "per": Per.SCHOOL, "mean_of_years": 3},
            "»mean_of_years« passer ikke til et mål, som skolerne afleverer sig til",
        ),
        (THREE, {"per": Per.SCHOOL}, "angiv i »deliverable«, hvilken leverance"),
        (THREE, {"deliverable": "plan"}, "måles pr. skole"),
        (THREE, {"deliverable": "plan", "per": Per.SCHOOL, "indicator": ABSENCE}, "»indicator« passer ikke"),
    ],
)
def test_a_goal_that_contradicts_itself_is_refused(target: Target, fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        goal(target, **fields)


def test_the_baseline_comes_before_the_deadline() -> None:
    rise = RisePoints(points=Decimal(10))
    with pytest.raises(ValueError, match="skal ligge før fristen"):
        goal(rise, indicator=SHARE, baseline_year=SchoolYear(2020))
    assert goal(rise, indicator=SHARE, baseline_year=SchoolYear(2019)).baseline_year == SchoolYear(2019)


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"Målet any: angiv i »deliverable«.* måles pr\. skole.* »indicator« passer"):
        goal(THREE, indicator=ABSENCE)


def test_targets_that_ask_for_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="points skal være over 0"):
        RisePoints(points=Decimal(0))
    with pytest.raises(ValueError, match="percent skal være over 0"):
        RisePercent(percent=Decimal(-1))
    with pytest.raises(ValueError, match="count skal være over 0"):
        CountPerSchool(count=0)
    with pytest.raises(ValueError, match="mindst én slags dokument"):
        DocumentsPerSchool(kinds=())


def goal(target: Target, **fields: object) -> Goal:
    given = {"per": Per.MUNICIPALITY, "deadline": SchoolYear(2020)} | fields
    return Goal(key="any", title="Et mål", focus_area="results", target=target, **given)  # type: ignore[arg-type]
