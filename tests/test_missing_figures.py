"""Verdicts on what is missing, confidential or hardly there, and what holds of every verdict."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.evidence import Case, Evidence
from kvalitet.goals import (
    AtLeast,
    AtMost,
    AtNationalAverage,
    MoreThan,
    RisePercent,
    RisePoints,
    Target,
)
from kvalitet.measurements import (
    COUNTRY,
    MUNICIPALITY,
    Measurement,
    MissingReason,
)
from kvalitet.readings import Reading
from kvalitet.thresholds import threshold_for
from kvalitet.verdicts import Attainment, judge
from tests.goal_builders import (
    ABSENCE,
    LONG_AFTER,
    SCHOOL,
    SHARE,
    STIL,
    TESTS,
    absence_goal,
    agreements_goal,
    figure,
    goal,
    judged,
    points_goal,
    satisfaction_goal,
)


@pytest.mark.parametrize("reason", list(MissingReason))
def test_a_missing_figure_is_neither_zero_nor_not_reached(reason: MissingReason) -> None:
    gone = Measurement(
        indicator=ABSENCE.key, school_year=SchoolYear(2019), unit=MUNICIPALITY, source=STIL, missing=reason
    )
    verdict = judged(absence_goal(), gone, figure(ABSENCE, 2019, "5.2", COUNTRY))
    assert (verdict.attainment, verdict.value, verdict.missing) == (Attainment.UNKNOWN, None, reason)
    assert verdict.sentence == (
        "Fravær på landsgennemsnittet: kan ikke vurderes endnu: "
        f"Samlet elevfravær for kommunen i skoleåret 2019/20 – {reason.danish}."
    )


def test_a_figure_of_a_school_year_that_still_runs_is_not_published_yet() -> None:
    evidence = Evidence()
    for today, missing in (
        (date(2020, 7, 31), MissingReason.NOT_PUBLISHED),
        (date(2020, 8, 1), MissingReason.UNKNOWN),
    ):
        verdict = judge(absence_goal(), evidence, school_year=SchoolYear(2019), today=today, unit=MUNICIPALITY)
        assert verdict.missing is missing


def test_verdicts_on_test_results_are_confidential_and_others_are_not() -> None:
    tests = goal(TESTS, AtLeast(value=Decimal(80)), deadline=SchoolYear(2020))
    assert judged(tests, figure(TESTS, 2020, "81")).confidential is True
    assert judged(tests).confidential is True
    assert judged(points_goal()).confidential is False
    assert judged(agreements_goal()).confidential is False


def test_both_sources_are_named_when_they_differ() -> None:
    municipal = Measurement(
        indicator=ABSENCE.key, school_year=SchoolYear(2019), unit=MUNICIPALITY, source="en fil", value=Decimal(5)
    )
    verdict = judged(absence_goal(), municipal, figure(ABSENCE, 2019, "5.2", COUNTRY))
    assert verdict.sources == ("en fil", STIL)
    assert verdict.sentence.endswith("målet er nået. Kilde: en fil og Uddannelsesstatistik.dk.")


def test_of_two_figures_for_the_same_thing_the_last_one_counts() -> None:
    at_least = goal(SHARE, AtLeast(value=Decimal(50)), deadline=SchoolYear(2020))
    assert judged(at_least, figure(SHARE, 2020, "49"), figure(SHARE, 2020, "51")).value == Decimal(51)


@given(
    lower_is_better=st.booleans(),
    values=st.tuples(*[st.decimals(min_value=0, max_value=100, places=1)] * 2),
    national=st.decimals(min_value=0, max_value=100, places=1),
)
def test_a_better_figure_is_never_judged_worse(
    *, lower_is_better: bool, values: tuple[Decimal, Decimal], national: Decimal
) -> None:
    indicator = ABSENCE if lower_is_better else SHARE
    at_national = goal(indicator, AtNationalAverage(lower_is_better=lower_is_better), deadline=SchoolYear(2019))
    worse, better = sorted(values, reverse=lower_is_better)
    country = figure(indicator, 2019, str(national), COUNTRY)
    reached = [
        judged(at_national, figure(indicator, 2019, str(v)), country, year=2019).attainment is Attainment.REACHED
        for v in (worse, better)
    ]
    assert reached in ([False, False], [False, True], [True, True])


@given(
    target=st.sampled_from(
        [RisePoints(points=Decimal(10)), RisePercent(percent=Decimal(10)), AtLeast(value=Decimal(50))]
    ),
    values=st.tuples(*[st.decimals(min_value=0, max_value=100, places=1)] * 2),
    year=st.integers(min_value=2017, max_value=2022),
)
def test_a_higher_figure_is_never_judged_worse(target: Target, values: tuple[Decimal, Decimal], year: int) -> None:
    rising = goal(SHARE, target, deadline=SchoolYear(2020), baseline=SchoolYear(2016))
    good = {Attainment.REACHED, Attainment.ON_COURSE}
    baseline = figure(SHARE, 2016, "40")
    low, high = (
        judged(rising, baseline, figure(SHARE, year, str(v)), year=year).attainment in good for v in sorted(values)
    )
    assert high or not low


@given(
    target=st.sampled_from(
        [
            AtNationalAverage(lower_is_better=False),
            RisePoints(points=Decimal(10)),
            RisePercent(percent=Decimal(10)),
            AtLeast(value=Decimal(0)),
            AtMost(value=Decimal(100)),
            MoreThan(value=Decimal(-1)),
        ]
    ),
    reason=st.sampled_from(MissingReason),
    year=st.integers(min_value=2016, max_value=2025),
)
def test_nothing_is_decided_on_a_missing_figure(target: Target, reason: MissingReason, year: int) -> None:
    gone = Measurement(
        indicator=SHARE.key, school_year=SchoolYear(year), unit=MUNICIPALITY, source=STIL, missing=reason
    )
    country = figure(SHARE, year, "0", COUNTRY)
    indicator = replace(SHARE, lower_is_better=isinstance(target, AtMost))
    missed = goal(indicator, target, deadline=SchoolYear(2020), baseline=SchoolYear(2015))
    assert judged(missed, gone, country, year=year).attainment is Attainment.UNKNOWN


def test_a_threshold_is_asked_of_numbers_only() -> None:
    level_case = Case(satisfaction_goal(), Evidence(), SchoolYear(2015), MUNICIPALITY, LONG_AFTER)
    with pytest.raises(TypeError, match="LevelAtLeast has no numeric threshold"):
        threshold_for(level_case, Reading(value=Decimal(4), figures=(), pupils=None))
    delivered_case = Case(agreements_goal(), Evidence(), SchoolYear(2018), SCHOOL, LONG_AFTER)
    with pytest.raises(TypeError, match="goal agreements is not measured on an indicator"):
        _ = delivered_case.indicator
