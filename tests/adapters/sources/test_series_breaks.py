"""The known series breaks keep the years apart that must not be compared."""

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.days import SchoolYear
from kvalitet.measurements import break_between


def test_the_three_test_series_are_never_one_line() -> None:
    assert why("good_results_danish", 2021, 2022) == "overgangstesten afløste de nationale test"
    assert why("good_results_maths", 2024, 2025) is None
    assert why("good_results_maths", 2025, 2026) == "færdighedstesten afløste overgangstesten"


def test_the_covid_years_stand_alone_and_the_years_around_them_compare() -> None:
    assert why("absence", 2018, 2019) == "fraværet under covid-19 kan ikke sammenlignes med andre år"
    assert why("absence", 2018, 2022) is None
    assert why("at_least_02_share", 2017, 2020) == "prøverne var aflyst eller ændret under covid-19"


def test_the_average_of_all_subjects_has_a_new_definition_from_2021() -> None:
    assert why("grade_average", 2017, 2022) == "de praktiske og musiske valgfag tæller med fra 2021/22"
    assert why("grade_average_danish_maths", 2017, 2022) is None


def test_breaks_speak_of_indicators_in_the_catalogue() -> None:
    assert {found.indicator for found in load_series_breaks()} <= set(load_catalogue().indicators)


def why(indicator: str, earlier: int, later: int) -> str | None:
    found = break_between(load_series_breaks(), indicator, SchoolYear(earlier), SchoolYear(later))
    return found.why if found else None
