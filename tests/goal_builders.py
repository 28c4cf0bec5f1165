"""Builders of goals, figures and deliveries, and the judging that tests of verdicts share."""

from datetime import date
from decimal import Decimal

from kvalitet.days import SchoolYear
from kvalitet.evidence import Delivered, Evidence
from kvalitet.goals import (
    AtNationalAverage,
    CountPerSchool,
    DocumentsPerSchool,
    Goal,
    LevelAtLeast,
    Per,
    RisePercent,
    RisePoints,
    Target,
)
from kvalitet.measurements import (
    MUNICIPALITY,
    Indicator,
    IndicatorUnit,
    Measurement,
)
from kvalitet.verdicts import Verdict, judge

LONG_AFTER = date(2030, 1, 1)
SCHOOL = "323003"
STIL = "Uddannelsesstatistik.dk"

ABSENCE = Indicator(
    key="absence", title="Samlet elevfravær", unit=IndicatorUnit.PERCENT, decimals=1, lower_is_better=True
)
SHARE = Indicator(
    key="at_least_02_share", title="Mindst 02", unit=IndicatorUnit.PERCENT, decimals=1, lower_is_better=False
)
TESTS = Indicator(
    key="good_results_danish",
    title="Gode resultater i dansk",
    unit=IndicatorUnit.PERCENT,
    decimals=1,
    lower_is_better=False,
    confidential=True,
)
GRADE = Indicator(
    key="grade_average_danish_maths",
    title="Karaktergennemsnit",
    unit=IndicatorUnit.GRADE,
    decimals=1,
    lower_is_better=False,
)
SATISFACTION = Indicator(
    key="parent_satisfaction",
    title="Forældretilfredshed",
    unit=IndicatorUnit.LEVEL,
    decimals=0,
    lower_is_better=False,
    levels=("meget lav", "lav", "middel", "høj", "meget høj"),
)


def judged(asked: Goal, *figures: Measurement, year: int | None = None, unit: str = MUNICIPALITY) -> Verdict:
    school_year = SchoolYear(year) if year else asked.deadline_year
    return judge(asked, Evidence(measurements=figures), school_year=school_year, today=LONG_AFTER, unit=unit)


def goal(
    indicator: Indicator,
    target: Target,
    *,
    deadline: SchoolYear | date,
    per: Per = Per.MUNICIPALITY,
    baseline: SchoolYear | None = None,
    title: str = "Et mål",
) -> Goal:
    return Goal(
        key=indicator.key,
        title=title,
        focus_area="results",
        target=target,
        per=per,
        deadline=deadline,
        indicator=indicator,
        baseline_year=baseline,
    )


def absence_goal() -> Goal:
    target = AtNationalAverage(lower_is_better=True)
    return goal(ABSENCE, target, deadline=SchoolYear(2019), title="Fravær på landsgennemsnittet")


def points_goal() -> Goal:
    return goal(SHARE, RisePoints(points=Decimal(10)), deadline=SchoolYear(2020), baseline=SchoolYear(2017))


def percent_goal() -> Goal:
    return goal(GRADE, RisePercent(percent=Decimal(10)), deadline=SchoolYear(2020), baseline=SchoolYear(2017))


def satisfaction_goal() -> Goal:
    return goal(SATISFACTION, LevelAtLeast(level="Høj"), deadline=date(2016, 12, 31))


def agreements_goal() -> Goal:
    return Goal(
        key="agreements",
        title="Tre aftaler",
        focus_area="cooperation",
        target=CountPerSchool(count=3),
        per=Per.SCHOOL,
        deadline=SchoolYear(2020),
        deliverable="cooperation",
        field="agreements",
    )


def documents_goal() -> Goal:
    kinds = (("day_care", "aftale med dagtilbud"), ("schools", "aftale med andre skoler"))
    return Goal(
        key="documents",
        title="Forpligtende aftaler",
        focus_area="cooperation",
        target=DocumentsPerSchool(kinds=kinds),
        per=Per.SCHOOL,
        deadline=SchoolYear(2020),
        deliverable="cooperation",
    )


def figure(indicator: Indicator, year: int, value: str, unit: str = MUNICIPALITY) -> Measurement:
    return Measurement(
        indicator=indicator.key, school_year=SchoolYear(year), unit=unit, source=STIL, value=Decimal(value)
    )


def level_figure(year: int, level: str) -> Measurement:
    return Measurement(
        indicator=SATISFACTION.key, school_year=SchoolYear(year), unit=MUNICIPALITY, source=STIL, level=level
    )


def delivered(
    field: str, *, unit: str = SCHOOL, year: int = 2018, deliverable: str = "cooperation", count: int = 1
) -> Delivered:
    return Delivered(unit=unit, school_year=SchoolYear(year), deliverable=deliverable, field=field, count=count)
