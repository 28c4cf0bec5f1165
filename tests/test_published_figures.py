"""The goals of the two municipalities, as their files have them, on figures that have been published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from kvalitet.adapters.municipality_files import check
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.days import SchoolYear
from kvalitet.evidence import Evidence
from kvalitet.goals import Goal
from kvalitet.measurements import MUNICIPALITY, Measurement, MissingReason
from kvalitet.verdicts import Attainment, Verdict, judge
from tests.published_figures import HVIDOVRE, KALUNDBORG

DEPLOYMENTS = Path(__file__).parent.parent / "deployments"
TODAY = date(2026, 11, 28)


@cache
def goals(municipality: str) -> dict[str, Goal]:
    found, problems = check(DEPLOYMENTS / municipality)
    assert found is not None
    assert problems == []
    return {goal.key: goal for goal in found.goals}


def judged(goal: Goal, figures: tuple[Measurement, ...], year: int, unit: str = MUNICIPALITY) -> Verdict:
    evidence = Evidence(measurements=figures, breaks=load_series_breaks())
    return judge(goal, evidence, school_year=SchoolYear(year), today=TODAY, unit=unit)


def of_kalundborg(key: str, year: int) -> Verdict:
    return judged(goals("kalundborg")[key], KALUNDBORG, year)


def test_kalundborgs_absence_is_held_against_the_country_in_the_year_that_both_are_known() -> None:
    verdict = of_kalundborg("absence_at_national_average", 2017)
    assert (verdict.attainment, verdict.pace) == (Attainment.OFF_COURSE, Decimal("-0.6"))
    assert verdict.sentence == (
        "Det samlede elevfravær er på landsgennemsnittet: 7,1 % i skoleåret 2017/18; kravet er højst "
        "landsgennemsnittet, der samme skoleår er 5,9 % (senest i skoleåret 2019/20): ikke på rette vej; der er 1,2 "
        "procentpoint ned til kravet; tallet skal falde 0,6 procentpoint om året for at nå det, hvis "
        "landsgennemsnittet bliver, hvor det er. Kilde: Kalundborg Kommunes kvalitetsrapport, gengivet af sn.dk "
        "(offentliggjort 14.1.2020) og Undervisningsministeriet, uvm.dk (offentliggjort 7.11.2018)."
    )


def test_in_the_years_when_one_of_the_two_is_not_known_the_sentence_says_which() -> None:
    reasons = [of_kalundborg("absence_at_national_average", year).reason for year in (2018, 2019)]
    assert reasons == [
        "Samlet elevfravær for landet i skoleåret 2018/19 – der er ikke hentet noget tal endnu",
        "Samlet elevfravær for kommunen i skoleåret 2019/20 – der er ikke hentet noget tal endnu",
    ]


def test_ten_procentpoint_of_a_share_and_ten_per_cent_of_a_grade_are_two_things() -> None:
    share, grade = (of_kalundborg(key, 2018) for key in ("at_least_02", "grade_average"))
    assert (share.baseline, share.target, share.pace) == (Decimal("79.5"), Decimal("89.5"), Decimal("7.3"))
    assert (grade.baseline, grade.target, grade.pace) == (Decimal("5.5"), Decimal("6.05"), Decimal("0.4"))
    assert share.sentence == (
        "Flere elever får mindst 02 i dansk og matematik ved afgangsprøven i 9. klasse: 75,0 % i skoleåret 2018/19; "
        "kravet er en stigning på mindst 10,0 procentpoint fra 79,5 % i 2017/18, altså mindst 89,5 % (senest i "
        "skoleåret 2020/21): ikke på rette vej; der er 14,5 procentpoint op til kravet; tallet skal stige 7,3 "
        "procentpoint om året for at nå det. Kilde: Kalundborg Kommunes kvalitetsrapport, gengivet af sn.dk "
        "(offentliggjort 14.1.2020)."
    )
    assert grade.reason == "5,3; kravet er en stigning på mindst 10 % fra 5,5 i 2017/18, altså mindst 6,05"


def test_the_exams_of_the_covid_years_cannot_be_compared_with_the_baseline() -> None:
    verdict = of_kalundborg("at_least_02", 2019)
    assert (verdict.attainment, verdict.missing) == (Attainment.UNKNOWN, MissingReason.SERIES_BROKEN)
    assert verdict.sentence == (
        "Flere elever får mindst 02 i dansk og matematik ved afgangsprøven i 9. klasse: kan ikke vurderes endnu: "
        "2017/18 og 2019/20 kan ikke sammenlignes på grund af databrud (prøverne var aflyst eller ændret under "
        "covid-19)."
    )


def test_hvidovres_goal_in_danish_and_mathematics_is_not_judged_on_all_exams() -> None:
    verdict = judged(goals("hvidovre")["grade_average"], HVIDOVRE, 2024, "167001")
    assert (verdict.attainment, verdict.value) == (Attainment.UNKNOWN, None)
    assert verdict.reason == (
        "Karaktergennemsnit i dansk og matematik, 9. klasses prøver for skolen i skoleåret 2024/25 – "
        "der er ikke hentet noget tal endnu"
    )


def test_asked_for_all_bound_exams_every_school_of_hvidovre_has_reached_6_5() -> None:
    asked = replace(goals("hvidovre")["grade_average"], indicator=load_catalogue()["grade_average"], title="6,5 i alt")
    verdicts = {figure.unit: judged(asked, HVIDOVRE, 2024, figure.unit) for figure in HVIDOVRE}
    assert {unit: str(verdict.value) for unit, verdict in verdicts.items()} == {
        "167001": "7.6",
        "167002": "7.4",
        "167003": "7",
        "167004": "7.7",
        "167005": "7.6",
        "167006": "8",
        "167008": "7.6",
        "167009": "7.3",
        "167011": "7.8",
    }
    assert {verdict.attainment for verdict in verdicts.values()} == {Attainment.REACHED}
    assert verdicts["167003"].sentence == (
        "6,5 i alt: 7,0 i skoleåret 2024/25; kravet er mindst 6,5 (senest 31.12.2017): målet er nået. "
        "Kilde: Uddannelsesstatistik.dk, GS/OVER/OVERSKO."
    )


def test_with_the_pupils_of_a_small_grade_nine_the_same_grade_would_be_too_uncertain() -> None:
    """The source does not tell the pupils behind the grade here: the 20 are assumed, to show what they would change."""
    asked = replace(goals("hvidovre")["grade_average"], indicator=load_catalogue()["grade_average"])
    of_twenty = tuple(replace(figure, pupils=20) for figure in HVIDOVRE)
    found = {figure.unit: judged(asked, of_twenty, 2024, figure.unit) for figure in of_twenty}
    assert {unit: str(one.value) for unit, one in found.items() if one.uncertain} == {
        "167002": "7.4",
        "167003": "7",
        "167009": "7.3",
    }


def test_hvidovres_inclusion_and_parents_wait_for_figures_that_nobody_has_published() -> None:
    for key in ("inclusion", "parent_satisfaction"):
        verdict = judged(goals("hvidovre")[key], HVIDOVRE, 2024)
        assert (verdict.attainment, verdict.missing) == (Attainment.UNKNOWN, MissingReason.UNKNOWN)
