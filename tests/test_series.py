"""Tidsserier: figures are put in order, and cut where they must not be one line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason, SeriesBreak
from kvalitet.series import NoMean, Series, YearsMean, series_of, three_year_mean

SCHOOL = "323003"


def figure(year: int, value: str | None, *, pupils: int | None = None, unit: str = SCHOOL) -> Measurement:
    return Measurement(
        indicator="absence",
        school_year=SchoolYear(year),
        unit=unit,
        source="STIL",
        value=None if value is None else Decimal(value),
        missing=MissingReason.SUPPRESSED if value is None else None,
        pupils=pupils,
    )


def covid(*years: int) -> tuple[SeriesBreak, ...]:
    return tuple(
        SeriesBreak(indicator="absence", school_year=SchoolYear(year), why="covid-19", lasting=False) for year in years
    )


def new_definition(year: int, *, indicator: str = "absence") -> SeriesBreak:
    return SeriesBreak(indicator=indicator, school_year=SchoolYear(year), why="ny opgørelse", lasting=True)


def series(*figures: Measurement, breaks: tuple[SeriesBreak, ...] = ()) -> Series:
    return series_of(figures, breaks, indicator="absence", unit=SCHOOL)


def years_of(found: Series) -> list[list[int]]:
    return [[m.school_year.start for m in stretch.measurements] for stretch in found.stretches]


def test_years_that_follow_each_other_are_one_stretch_oldest_first() -> None:
    found = series(figure(2024, "9.3"), figure(2022, "8.1"), figure(2023, "8.8"))
    assert years_of(found) == [[2022, 2023, 2024]]
    assert (found.stretches[0].first.value, found.stretches[0].last.value) == (Decimal("8.1"), Decimal("9.3"))
    assert (found.gaps, found.breaks) == ((), ())


def test_no_figures_are_a_series_without_stretches() -> None:
    assert series() == Series(indicator="absence", unit=SCHOOL, stretches=(), gaps=(), breaks=())
    assert series(breaks=covid(2019)).breaks == ()


def test_figures_of_others_are_left_out() -> None:
    assert years_of(series(figure(2023, "8.8"), figure(2024, "9.3", unit="301004"))) == [[2023]]


def test_of_two_figures_for_one_year_the_last_counts() -> None:
    assert series(figure(2023, "8.8"), figure(2023, "8.9")).stretches[0].last.value == Decimal("8.9")


def test_a_missing_figure_is_a_gap_and_ends_the_stretch() -> None:
    found = series(figure(2022, "8.1"), figure(2023, None), figure(2024, "9.3"))
    assert years_of(found) == [[2022], [2024]]
    assert found.gaps == (figure(2023, None),)


def test_a_year_without_any_figure_ends_the_stretch_too() -> None:
    found = series(figure(2022, "8.1"), figure(2024, "9.3"))
    assert (years_of(found), found.gaps) == ([[2022], [2024]], ())


def test_each_covid_year_stands_alone() -> None:
    found = series(*(figure(year, "7") for year in range(2018, 2024)), breaks=covid(2021, 2019, 2020))
    assert years_of(found) == [[2018], [2019], [2020], [2021], [2022, 2023]]
    assert [b.school_year.start for b in found.breaks] == [2019, 2020, 2021]


def test_a_covid_year_at_the_edge_of_the_series_is_marked() -> None:
    assert [b.school_year.start for b in series(figure(2019, "5.2"), breaks=covid(2019)).breaks] == [2019]
    assert series(figure(2018, "5.2"), breaks=covid(2019)).breaks == ()


def test_a_new_definition_begins_a_new_stretch() -> None:
    breaks = (new_definition(2022), new_definition(2023, indicator="grade_average"))
    found = series(figure(2021, "7"), figure(2022, "7"), figure(2023, "7"), breaks=breaks)
    assert (years_of(found), found.breaks) == ([[2021], [2022, 2023]], (breaks[0],))


def test_a_new_definition_before_the_first_figure_breaks_nothing() -> None:
    assert series(figure(2022, "7"), figure(2023, "7"), breaks=(new_definition(2022),)).breaks == ()


def test_the_mean_of_three_years_weighs_by_pupils() -> None:
    figures = figure(2022, "8.1", pupils=10), figure(2023, "8.8", pupils=20), figure(2024, "9.3", pupils=10)
    mean = three_year_mean(series(*figures, figure(2025, "1")), SchoolYear(2024))
    assert mean == YearsMean(value=Decimal("8.75"), pupils=40, figures=figures)
    assert isinstance(mean, YearsMean)
    assert [year.label for year in mean.years] == ["2022/23", "2023/24", "2024/25"]


@pytest.mark.parametrize(
    ("values", "mean"),
    [(("6.4", "6.5", "6.4"), "6.41"), (("6.4", "6.4", "6.45"), "6.438"), (("1E+1", "10", "11"), "10.8")],
)
def test_the_mean_is_rounded_half_up_to_one_decimal_more_than_the_figures_have(
    values: tuple[str, str, str], mean: str
) -> None:
    figures = (
        figure(2022 + n, value, pupils=weight) for n, (value, weight) in enumerate(zip(values, (1, 1, 6), strict=True))
    )
    found = three_year_mean(series(*figures), SchoolYear(2024))
    assert isinstance(found, YearsMean)
    assert str(found.value) == mean


@given(st.lists(st.tuples(st.decimals(-3, 12, places=1), st.integers(1, 500)), min_size=3, max_size=3))
def test_a_mean_lies_among_the_figures_that_it_is_the_mean_of(years: list[tuple[Decimal, int]]) -> None:
    figures = [figure(2022 + n, str(value), pupils=pupils) for n, (value, pupils) in enumerate(years)]
    found = three_year_mean(series(*figures), SchoolYear(2024))
    assert isinstance(found, YearsMean)
    values = [value for value, _ in years]
    assert min(values) <= found.value <= max(values)
    exact = Fraction(sum(Fraction(value) * pupils for value, pupils in years), sum(pupils for _, pupils in years))
    assert abs(Fraction(found.value) - exact) <= Fraction(1, 200)


breaks_of_any_kind = st.lists(
    st.builds(
        SeriesBreak,
        indicator=st.just("absence"),
        school_year=st.builds(SchoolYear, st.integers(2010, 2026)),
        why=st.just("databrud"),
        lasting=st.booleans(),
    ),
    max_size=5,
)


@given(st.dictionaries(st.integers(2010, 2026), st.booleans()), breaks_of_any_kind)
def test_no_two_figures_of_a_stretch_are_kept_apart_by_a_break_and_none_is_lost(
    there: dict[int, bool], breaks: list[SeriesBreak]
) -> None:
    found = series(*(figure(year, "7" if known else None) for year, known in there.items()), breaks=tuple(breaks))
    for stretch in found.stretches:
        years = [m.school_year for m in stretch.measurements]
        assert [year.start for year in years] == list(range(years[0].start, years[0].start + len(years)))
        assert not any(b.separates(first, second) for b in breaks for first in years for second in years)
    drawn = [m.school_year.start for stretch in found.stretches for m in stretch.measurements]
    assert drawn == sorted(year for year, known in there.items() if known)
    assert [m.school_year.start for m in found.gaps] == sorted(year for year, known in there.items() if not known)


@pytest.mark.parametrize("pupils", [None, 0])
def test_there_is_no_mean_when_the_pupils_of_a_year_are_unknown(pupils: int | None) -> None:
    found = series(figure(2022, "8", pupils=10), figure(2023, "8", pupils=pupils), figure(2024, "9", pupils=10))
    assert three_year_mean(found, SchoolYear(2024)) == NoMean(
        "antallet af elever bag tallene er ikke oplyst for alle årene"
    )


@pytest.mark.parametrize("last", [2023, 2026])
def test_there_is_no_mean_across_a_break_or_without_three_years(last: int) -> None:
    found = series(*(figure(year, "7", pupils=10) for year in (2020, 2021, 2022, 2023)), breaks=(new_definition(2022),))
    reason = f"der er ikke 3 skoleår i træk til og med {SchoolYear(last).label}, som kan sammenlignes"
    assert three_year_mean(found, SchoolYear(last)) == NoMean(reason)
