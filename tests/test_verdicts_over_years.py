"""Verdicts with time left, with few pupils, and on the mean of several years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.evidence import Evidence
from kvalitet.goals import AtLeast, AtMost, AtNationalAverage, Goal, MoreThan, Per, RisePoints
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason, SeriesBreak
from kvalitet.stories import without_sources
from kvalitet.verdicts import Attainment, judge
from tests.goal_builders import (
    ABSENCE,
    GRADE,
    LONG_AFTER,
    SCHOOL,
    SHARE,
    absence_goal,
    figure,
    goal,
    judged,
    percent_goal,
    points_goal,
)

SPREAD_GRADE = replace(GRADE, spread=Decimal("2.5"))
SHARE_OF_PUPILS = replace(SHARE, share_of_pupils=True)
SIX_AND_A_HALF = AtLeast(value=Decimal("6.5"))


def of_pupils(value: str, pupils: int | None, *, year: int = 2024, unit: str = SCHOOL) -> Measurement:
    return replace(figure(GRADE, year, value, unit), pupils=pupils)


def grade_goal(*, years: int = 1, deadline: int = 2024) -> Goal:
    found = goal(SPREAD_GRADE, SIX_AND_A_HALF, deadline=SchoolYear(deadline), per=Per.SCHOOL)
    return replace(found, mean_of_years=years)


# --- time left -----------------------------------------------------------------------------------------------------


def test_with_time_left_the_sentence_says_how_much_the_figure_must_rise_a_year() -> None:
    verdict = judged(points_goal(), figure(SHARE, 2017, "62.0"), figure(SHARE, 2018, "62.8"), year=2018)
    assert (verdict.attainment, verdict.pace) == (Attainment.OFF_COURSE, Decimal("4.6"))
    assert verdict.sentence == (
        "Et mål: 62,8 % i skoleåret 2018/19; kravet er en stigning på mindst 10,0 procentpoint fra 62,0 % i 2017/18, "
        "altså mindst 72,0 % (senest i skoleåret 2020/21): ikke på rette vej; der er 9,2 procentpoint op til kravet; "
        "tallet skal stige 4,6 procentpoint om året for at nå det. Kilde: Uddannelsesstatistik.dk."
    )


def test_absence_must_fall_if_the_national_average_stays() -> None:
    verdict = judged(absence_goal(), figure(ABSENCE, 2017, "6.6"), figure(ABSENCE, 2017, "5.9", COUNTRY), year=2017)
    assert verdict.pace == Decimal("-0.4")
    assert (
        "tallet skal falde 0,4 procentpoint om året for at nå det, hvis landsgennemsnittet bliver, hvor det er"
        in verdict.sentence
    )


def test_what_must_be_exceeded_takes_at_least_one_step_more() -> None:
    above = goal(SHARE, MoreThan(value=Decimal(98)), deadline=SchoolYear(2020))
    assert judged(above, figure(SHARE, 2018, "98"), year=2018).pace == Decimal("0.1")


@pytest.mark.parametrize(("share", "year"), [("72.0", 2018), ("80", 2019), ("60", 2020), ("80", 2021)])
def test_a_met_target_and_a_deadline_that_has_come_need_no_pace(share: str, year: int) -> None:
    assert judged(points_goal(), figure(SHARE, 2017, "62.0"), figure(SHARE, year, share), year=year).pace is None


@given(st.decimals(0, 100, places=1), st.integers(2017, 2025))
def test_whoever_keeps_the_pace_arrives_and_a_step_less_does_not(value: Decimal, year: int) -> None:
    asked = goal(SHARE, AtLeast(value=Decimal("72.5")), deadline=SchoolYear(2026))
    verdict = judged(asked, figure(SHARE, year, str(value)), year=year)
    years = 2026 - year
    if verdict.pace is None:
        assert value >= Decimal("72.5")
    else:
        assert value + verdict.pace * years >= Decimal("72.5") > value + (verdict.pace - Decimal("0.1")) * years


def test_a_fixed_target_with_a_baseline_year_is_on_course_when_it_keeps_even_pace() -> None:
    asked = goal(SHARE, AtLeast(value=Decimal(80)), deadline=SchoolYear(2020), baseline=SchoolYear(2017))
    start = figure(SHARE, 2017, "71")
    found = [judged(asked, start, figure(SHARE, 2018, share), year=2018) for share in ("74.0", "73.9")]
    assert [verdict.attainment for verdict in found] == [Attainment.ON_COURSE, Attainment.OFF_COURSE]
    assert found[0].baseline == Decimal(71)


def test_a_fixed_target_whose_baseline_is_missing_is_judged_all_the_same() -> None:
    asked = goal(SHARE, AtLeast(value=Decimal(80)), deadline=SchoolYear(2020), baseline=SchoolYear(2017))
    verdict = judged(asked, figure(SHARE, 2018, "81"), year=2018)
    assert (verdict.attainment, verdict.baseline) == (Attainment.ON_COURSE, None)


def test_a_baseline_that_was_fixed_stays_though_the_source_has_revised_it() -> None:
    evidence = Evidence(
        measurements=(figure(GRADE, 2017, "6.4"), figure(GRADE, 2020, "6.9")), baselines=(figure(GRADE, 2017, "6.2"),)
    )
    verdict = judge(percent_goal(), evidence, school_year=SchoolYear(2020), today=LONG_AFTER, unit=MUNICIPALITY)
    assert (verdict.attainment, verdict.baseline, verdict.target) == (
        Attainment.REACHED,
        Decimal("6.2"),
        Decimal("6.82"),
    )


def test_the_days_of_the_sources_are_told_as_far_as_they_are_known() -> None:
    ours = replace(figure(ABSENCE, 2019, "5.0"), published_on=date(2020, 11, 9), pulled_on=date(2020, 12, 1))
    country = replace(figure(ABSENCE, 2019, "5.2", COUNTRY), pulled_on=date(2020, 12, 2))
    assert judged(absence_goal(), ours, country).sentence.endswith(
        "målet er nået. Kilde: Uddannelsesstatistik.dk (offentliggjort 9.11.2020, hentet 1.12.2020) og "
        "Uddannelsesstatistik.dk (hentet 2.12.2020)."
    )


def test_what_a_verdict_says_is_the_same_whoever_told_it_and_when() -> None:
    ours, country = figure(ABSENCE, 2019, "5.0"), figure(ABSENCE, 2019, "5.2", COUNTRY)
    again = replace(ours, pulled_on=date(2020, 12, 1))
    told = [without_sources(judged(absence_goal(), one, country).sentence) for one in (ours, again)]
    assert told[0] == told[1]
    assert told[0].endswith("(senest i skoleåret 2019/20): målet er nået.")
    assert without_sources("Et mål: kan ikke vurderes endnu.") == "Et mål: kan ikke vurderes endnu."


def test_the_newest_year_is_of_the_municipality_itself_and_of_the_schools_together() -> None:
    missing = replace(figure(ABSENCE, 2025, "1"), value=None, missing=MissingReason.NOT_PUBLISHED)
    ours, country = figure(ABSENCE, 2022, "7"), figure(ABSENCE, 2025, "7", COUNTRY)
    of_schools = figure(ABSENCE, 2024, "7", "317001"), figure(ABSENCE, 2021, "7", SCHOOL)
    evidence = Evidence(measurements=(*of_schools, ours, country, missing))
    assert evidence.newest_year(ABSENCE, MUNICIPALITY) == SchoolYear(2022)
    assert evidence.newest_year(ABSENCE, SCHOOL) == SchoolYear(2024)
    assert evidence.newest_year(SHARE, SCHOOL) is None


# --- few pupils ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "pupils", "attainment"),
    [
        ("6.2", 12, Attainment.UNCERTAIN),
        ("6.9", 12, Attainment.UNCERTAIN),
        ("4.9", 12, Attainment.NOT_REACHED),
        ("8.0", 12, Attainment.REACHED),
        ("6.2", 400, Attainment.NOT_REACHED),
        ("6.2", None, Attainment.NOT_REACHED),
    ],
)
def test_a_school_of_few_pupils_is_judged_only_when_chance_cannot_explain_it(
    grade: str, pupils: int | None, attainment: Attainment
) -> None:
    verdict = judged(grade_goal(), of_pupils(grade, pupils), unit=SCHOOL)
    assert (verdict.attainment, verdict.pupils) == (attainment, pupils)
    assert verdict.uncertain is (attainment is Attainment.UNCERTAIN)


def test_the_sentence_says_why_it_is_uncertain() -> None:
    verdict = judged(grade_goal(deadline=2026), of_pupils("6.2", 25), year=2024, unit=SCHOOL)
    assert (verdict.pace, verdict.value) == (None, Decimal("6.2"))
    assert verdict.sentence == (
        "Et mål: 6,2 i skoleåret 2024/25; kravet er mindst 6,5 (senest i skoleåret 2026/27): for usikkert til at "
        "vurdere; der er 0,3 point op til kravet; med 25 elever bag tallet kan forskellen til kravet være tilfældig "
        "(usikkerheden går fra 5,2 til 7,2). Kilde: Uddannelsesstatistik.dk."
    )


def test_the_figure_of_the_municipality_is_not_doubted() -> None:
    found = goal(SPREAD_GRADE, SIX_AND_A_HALF, deadline=SchoolYear(2024))
    assert judged(found, of_pupils("6.2", 12, unit=MUNICIPALITY)).attainment is Attainment.NOT_REACHED


def test_a_rise_is_as_uncertain_as_both_of_its_years() -> None:
    rise = goal(
        SHARE_OF_PUPILS,
        RisePoints(points=Decimal(10)),
        deadline=SchoolYear(2020),
        baseline=SchoolYear(2017),
        per=Per.SCHOOL,
    )
    now = replace(figure(SHARE, 2020, "90", SCHOOL), pupils=100)
    start = figure(SHARE, 2017, "71", SCHOOL)
    known, few = (replace(start, pupils=pupils) for pupils in (None, 15))
    assert judged(rise, known, now, unit=SCHOOL).attainment is Attainment.REACHED
    assert judged(rise, few, now, unit=SCHOOL).attainment is Attainment.UNCERTAIN


# --- several years -------------------------------------------------------------------------------------------------


def test_the_mean_of_three_years_is_judged_with_all_their_pupils() -> None:
    figures = [of_pupils(grade, 20, year=year) for year, grade in ((2022, "7.4"), (2023, "7.7"), (2024, "7.6"))]
    verdict = judged(grade_goal(years=3), *figures, unit=SCHOOL)
    assert (verdict.attainment, verdict.value, verdict.pupils) == (Attainment.REACHED, Decimal("7.57"), 60)
    assert verdict.sentence == (
        "Et mål: 7,57 i gennemsnit over skoleårene 2022/23–2024/25; kravet er mindst 6,5 (senest i skoleåret 2024/25): "
        "målet er nået. Kilde: Uddannelsesstatistik.dk."
    )


def test_without_the_pupils_only_the_one_year_counts_and_the_sentence_says_so() -> None:
    figures = [of_pupils(grade, None, year=year) for year, grade in ((2022, "6.4"), (2023, "6.8"), (2024, "6.6"))]
    verdict = judged(grade_goal(years=3), *figures, unit=SCHOOL)
    assert (verdict.attainment, verdict.value) == (Attainment.REACHED, Decimal("6.6"))
    assert verdict.sentence == (
        "Et mål: 6,6 i skoleåret 2024/25; kravet er mindst 6,5 (senest i skoleåret 2024/25): målet er nået; "
        "gennemsnittet over 3 år kan ikke regnes ud (antallet af elever bag tallene er ikke oplyst for alle "
        "årene), så kun det ene skoleår tæller. Kilde: Uddannelsesstatistik.dk."
    )


def test_a_mean_never_reaches_across_a_series_break() -> None:
    figures = [of_pupils("6.6", 100, year=year) for year in (2021, 2022, 2023)]
    broken = SeriesBreak(indicator=GRADE.key, school_year=SchoolYear(2022), why="ny opgørelse", lasting=True)
    evidence = Evidence(measurements=tuple(figures), breaks=(broken,))
    asked = grade_goal(years=3, deadline=2023)
    verdict = judge(asked, evidence, school_year=SchoolYear(2023), today=LONG_AFTER, unit=SCHOOL)
    assert verdict.value == Decimal("6.6")
    assert "der er ikke 3 skoleår i træk til og med 2023/24, som kan sammenlignes" in verdict.sentence


def test_a_mean_is_held_against_the_country_in_the_same_years() -> None:
    asked = goal(ABSENCE, AtNationalAverage(lower_is_better=True), deadline=SchoolYear(2024), per=Per.SCHOOL)
    ours = [(2022, "8.0", 10), (2023, "6.0", 30), (2024, "7.0", 10)]
    country = [figure(ABSENCE, year, value, COUNTRY) for year, value in ((2022, "7.0"), (2023, "6.5"), (2024, "7.5"))]
    figures = [replace(figure(ABSENCE, year, value, SCHOOL), pupils=pupils) for year, value, pupils in ours]
    verdict = judged(replace(asked, mean_of_years=3), *figures, *country, unit=SCHOOL)
    assert (verdict.value, verdict.target) == (Decimal("6.60"), Decimal("6.80"))
    assert "højst landsgennemsnittet, der de samme skoleår er 6,8 %" in verdict.reason


# --- never from the schools ----------------------------------------------------------------------------------------


ALL_SCHOOLS = tuple(
    replace(figure(ABSENCE, 2024, "5.0", number), pupils=100) for number in (SCHOOL, "317001", "301004")
)


@pytest.mark.parametrize("years", [1, 3])
def test_the_figure_of_the_municipality_is_never_worked_out_from_its_schools(years: int) -> None:
    asked = replace(goal(ABSENCE, AtMost(value=Decimal(6)), deadline=SchoolYear(2024)), mean_of_years=years)
    verdict = judged(asked, *ALL_SCHOOLS)
    assert (verdict.attainment, verdict.value, verdict.missing) == (Attainment.UNKNOWN, None, MissingReason.UNKNOWN)


def test_the_figure_of_the_country_is_never_worked_out_from_what_is_known_below_it() -> None:
    at_national = goal(ABSENCE, AtNationalAverage(lower_is_better=True), deadline=SchoolYear(2024))
    verdict = judged(at_national, *ALL_SCHOOLS, figure(ABSENCE, 2024, "5.0", MUNICIPALITY))
    assert (verdict.attainment, verdict.target, verdict.missing) == (Attainment.UNKNOWN, None, MissingReason.UNKNOWN)
