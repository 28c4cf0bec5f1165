"""Verdicts: every kind of target of the two plans, with the sentence that a person reads."""

from datetime import date
from decimal import Decimal

import pytest

from kvalitet.days import SchoolYear
from kvalitet.evidence import Evidence
from kvalitet.goals import (
    AtLeast,
    AtMost,
    CountPerSchool,
    Goal,
    MoreThan,
    Per,
    RisePoints,
    Target,
)
from kvalitet.measurements import (
    COUNTRY,
    MUNICIPALITY,
    Measurement,
    MissingReason,
    SeriesBreak,
)
from kvalitet.verdicts import Attainment, judge
from tests.goal_builders import (
    ABSENCE,
    GRADE,
    LONG_AFTER,
    SATISFACTION,
    SCHOOL,
    SHARE,
    STIL,
    absence_goal,
    agreements_goal,
    delivered,
    documents_goal,
    figure,
    goal,
    judged,
    level_figure,
    percent_goal,
    points_goal,
    satisfaction_goal,
)


def test_absence_above_the_national_average_of_the_same_year_is_not_reached_and_says_why() -> None:
    verdict = judged(absence_goal(), figure(ABSENCE, 2019, "5.8"), figure(ABSENCE, 2019, "5.2", COUNTRY))
    assert verdict.attainment is Attainment.NOT_REACHED
    assert (verdict.value, verdict.target, verdict.baseline) == (Decimal("5.8"), Decimal("5.2"), None)
    assert verdict.sentence == (
        "Fravær på landsgennemsnittet: 5,8 % i skoleåret 2019/20; kravet er højst landsgennemsnittet, der samme "
        "skoleår er 5,2 % (senest i skoleåret 2019/20): målet er ikke nået; der er 0,6 procentpoint ned til kravet. "
        "Kilde: Uddannelsesstatistik.dk."
    )


@pytest.mark.parametrize("absence", ["5.2", "5.1", "0"])
def test_absence_at_or_below_the_national_average_is_reached(absence: str) -> None:
    verdict = judged(absence_goal(), figure(ABSENCE, 2019, absence), figure(ABSENCE, 2019, "5.2", COUNTRY))
    assert verdict.attainment is Attainment.REACHED


def test_the_national_average_of_another_year_is_not_used() -> None:
    verdict = judged(absence_goal(), figure(ABSENCE, 2019, "5.0"), figure(ABSENCE, 2018, "5.9", COUNTRY))
    assert (verdict.attainment, verdict.missing) == (Attainment.UNKNOWN, MissingReason.UNKNOWN)
    assert verdict.sentence == (
        "Fravær på landsgennemsnittet: kan ikke vurderes endnu: "
        "Samlet elevfravær for landet i skoleåret 2019/20 – der er ikke hentet noget tal endnu."
    )


@pytest.mark.parametrize(("share", "attainment"), [("72.0", Attainment.REACHED), ("71.9", Attainment.NOT_REACHED)])
def test_ten_procentpoint_are_added_to_the_baseline(share: str, attainment: Attainment) -> None:
    verdict = judged(points_goal(), figure(SHARE, 2017, "62.0"), figure(SHARE, 2020, share))
    assert (verdict.attainment, verdict.baseline, verdict.target) == (attainment, Decimal("62.0"), Decimal("72.0"))
    assert verdict.reason == (
        f"{share.replace('.', ',')} %; kravet er en stigning på mindst 10,0 procentpoint fra 62,0 % i 2017/18, "
        "altså mindst 72,0 %"
    )


@pytest.mark.parametrize(("grade", "attainment"), [("6.82", Attainment.REACHED), ("6.81", Attainment.NOT_REACHED)])
def test_ten_percent_are_relative_to_the_baseline(grade: str, attainment: Attainment) -> None:
    verdict = judged(percent_goal(), figure(GRADE, 2017, "6.2"), figure(GRADE, 2020, grade))
    assert (verdict.attainment, verdict.target) == (attainment, Decimal("6.82"))
    assert "en stigning på mindst 10 % fra 6,2 i 2017/18, altså mindst 6,82" in verdict.sentence


@pytest.mark.parametrize(
    ("year", "share", "attainment"),
    [
        (2017, "62.0", Attainment.ON_COURSE),
        (2018, "65.4", Attainment.ON_COURSE),
        (2018, "65.2", Attainment.OFF_COURSE),
        (2019, "68.7", Attainment.ON_COURSE),
        (2019, "68.6", Attainment.OFF_COURSE),
    ],
)
def test_before_the_deadline_a_rise_is_on_course_when_it_keeps_even_pace(
    year: int, share: str, attainment: Attainment
) -> None:
    verdict = judged(points_goal(), figure(SHARE, 2017, "62.0"), figure(SHARE, year, share), year=year)
    assert verdict.attainment is attainment


def test_a_rise_without_its_baseline_cannot_be_judged() -> None:
    assert judged(points_goal(), figure(SHARE, 2020, "80")).reason == (
        "Mindst 02 for kommunen i skoleåret 2017/18 – der er ikke hentet noget tal endnu"
    )
    undecided = goal(SHARE, RisePoints(points=Decimal(10)), deadline=SchoolYear(2020))
    assert judged(undecided, figure(SHARE, 2020, "80")).reason == (
        "målets udgangspunkt (»baseline_year«) er ikke fastsat"
    )


def test_a_year_before_the_baseline_cannot_be_judged() -> None:
    verdict = judged(points_goal(), figure(SHARE, 2016, "80"), year=2016)
    assert verdict.reason == "skoleåret 2016/17 ligger før udgangspunktet 2017/18"


def test_years_on_both_sides_of_a_series_break_are_not_compared() -> None:
    covid = SeriesBreak(indicator=SHARE.key, school_year=SchoolYear(2020), why="prøver aflyst", lasting=False)
    evidence = Evidence(measurements=(figure(SHARE, 2017, "62"), figure(SHARE, 2020, "80")), breaks=(covid,))
    verdict = judge(points_goal(), evidence, school_year=SchoolYear(2020), today=LONG_AFTER, unit=MUNICIPALITY)
    assert (verdict.attainment, verdict.missing) == (Attainment.UNKNOWN, MissingReason.SERIES_BROKEN)
    assert verdict.reason == ("2017/18 og 2020/21 kan ikke sammenlignes på grund af databrud (prøver aflyst)")


@pytest.mark.parametrize(
    ("target", "value", "attainment"),
    [
        (AtLeast(value=Decimal("6.5")), "6.5", Attainment.REACHED),
        (AtLeast(value=Decimal("6.5")), "6.4", Attainment.NOT_REACHED),
        (AtMost(value=Decimal("6.5")), "6.5", Attainment.REACHED),
        (AtMost(value=Decimal("6.5")), "6.6", Attainment.NOT_REACHED),
        (MoreThan(value=Decimal(98)), "98", Attainment.NOT_REACHED),
        (MoreThan(value=Decimal(98)), "98.1", Attainment.REACHED),
    ],
)
def test_fixed_targets_are_met_exactly_where_they_say(target: Target, value: str, attainment: Attainment) -> None:
    indicator = ABSENCE if isinstance(target, AtMost) else GRADE
    verdict = judged(goal(indicator, target, deadline=SchoolYear(2020)), figure(indicator, 2020, value))
    assert verdict.attainment is attainment


def test_more_than_says_that_equal_is_not_enough() -> None:
    verdict = judged(goal(SHARE, MoreThan(value=Decimal(98)), deadline=date(2021, 12, 31)), figure(SHARE, 2020, "98"))
    assert verdict.sentence == (
        "Et mål: 98,0 % i skoleåret 2020/21; kravet er over 98,0 % (senest 31.12.2021): "
        "målet er ikke nået; tallet skal være højere end kravet. Kilde: Uddannelsesstatistik.dk."
    )


def test_every_school_is_judged_on_its_own_figure() -> None:
    six_and_a_half = goal(GRADE, AtLeast(value=Decimal("6.5")), deadline=date(2017, 12, 31), per=Per.SCHOOL)
    figures = (figure(GRADE, 2016, "6.7", "167001"), figure(GRADE, 2016, "6.4", "167002"))
    verdicts = [judged(six_and_a_half, *figures, year=2016, unit=unit) for unit in ("167001", "167002", "167003")]
    assert [v.attainment for v in verdicts] == [Attainment.REACHED, Attainment.NOT_REACHED, Attainment.UNKNOWN]
    assert (
        verdicts[2].reason == "Karaktergennemsnit for skolen i skoleåret 2016/17 – der er ikke hentet noget tal endnu"
    )


@pytest.mark.parametrize(
    ("level", "attainment"),
    [("meget høj", Attainment.REACHED), ("høj", Attainment.REACHED), ("middel", Attainment.NOT_REACHED)],
)
def test_levels_are_compared_by_their_order(level: str, attainment: Attainment) -> None:
    verdict = judged(satisfaction_goal(), level_figure(2015, level), year=2015)
    assert (verdict.attainment, verdict.level, verdict.value) == (attainment, level, None)
    assert f"»{level}« i skoleåret 2015/16; kravet er mindst »høj«" in verdict.sentence


def test_before_its_deadline_a_level_is_on_course_or_not() -> None:
    assert judged(satisfaction_goal(), level_figure(2014, "høj"), year=2014).attainment is Attainment.ON_COURSE
    assert judged(satisfaction_goal(), level_figure(2014, "lav"), year=2014).attainment is Attainment.OFF_COURSE


def test_a_number_is_no_level_and_a_level_no_number() -> None:
    number = judged(satisfaction_goal(), figure(SATISFACTION, 2015, "4"), year=2015)
    assert number.reason.startswith("Forældretilfredshed er ikke oplyst som et af niveauerne meget lav, lav")
    text = Measurement(
        indicator=SHARE.key, school_year=SchoolYear(2020), unit=MUNICIPALITY, source=STIL, level="På niveau"
    )
    verdict = judged(goal(SHARE, AtLeast(value=Decimal(1)), deadline=SchoolYear(2020)), text)
    assert (verdict.attainment, verdict.reason) == (
        Attainment.UNKNOWN,
        "at_least_02_share i skoleåret 2020/21 er oplyst som tekst, ikke som tal",
    )


@pytest.mark.parametrize(
    ("handed_in", "today", "attainment"),
    [
        (3, date(2018, 10, 1), Attainment.REACHED),
        (2, date(2019, 7, 31), Attainment.UNDER_WAY),
        (2, date(2019, 8, 1), Attainment.NOT_REACHED),
        (0, date(2019, 8, 1), Attainment.NOT_REACHED),
    ],
)
def test_three_agreements_are_counted_per_school_and_year(handed_in: int, today: date, attainment: Attainment) -> None:
    others = (
        delivered("agreements", unit="317001", count=5),
        delivered("agreements", year=2017, count=5),
        delivered("comment", count=5),
        delivered("agreements", deliverable="absence_plan", count=5),
    )
    evidence = Evidence(delivered=(*others, delivered("agreements", count=handed_in)))
    verdict = judge(agreements_goal(), evidence, school_year=SchoolYear(2018), today=today, unit=SCHOOL)
    assert (verdict.attainment, verdict.value, verdict.target) == (attainment, Decimal(handed_in), Decimal(3))


def test_a_document_of_each_kind_is_asked_for_and_the_missing_ones_are_named() -> None:
    evidence = Evidence(delivered=(delivered("day_care"), delivered("schools", count=0)))
    verdict = judge(documents_goal(), evidence, school_year=SchoolYear(2018), today=LONG_AFTER, unit=SCHOOL)
    assert verdict.sentence == (
        "Forpligtende aftaler: 1 af 2 slags afleveret i skoleåret 2018/19; kravet er én af hver slags: aftale med "
        "dagtilbud, aftale med andre skoler (senest i skoleåret 2020/21): målet er ikke nået; der mangler aftale med "
        "andre skoler. Kilde: skolernes afleveringer."
    )
    both = Evidence(delivered=(delivered("day_care"), delivered("schools")))
    verdict = judge(documents_goal(), both, school_year=SchoolYear(2018), today=LONG_AFTER, unit=SCHOOL)
    assert verdict.attainment is Attainment.REACHED


def test_deliveries_that_nobody_has_looked_up_are_not_none_delivered() -> None:
    verdict = judge(agreements_goal(), Evidence(), school_year=SchoolYear(2018), today=LONG_AFTER, unit=SCHOOL)
    assert (verdict.attainment, verdict.reason) == (Attainment.UNKNOWN, "skolernes afleveringer er ikke slået op")


def test_a_goal_that_has_run_out_gives_a_later_school_year_until_its_own_end() -> None:
    goal = Goal(
        key="agreements",
        title="Tre aftaler",
        focus_area="Samarbejde",
        target=CountPerSchool(count=3),
        per=Per.SCHOOL,
        deadline=SchoolYear(2020),
        deliverable="business_agreements",
    )
    judged = [
        judge(goal, Evidence(delivered=()), school_year=SchoolYear(2026), today=today, unit="323003").attainment
        for today in (date(2026, 11, 22), date(2027, 8, 1))
    ]
    assert judged == [Attainment.UNDER_WAY, Attainment.NOT_REACHED]
