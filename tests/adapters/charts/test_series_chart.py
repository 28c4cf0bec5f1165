"""A series as a drawing: never one line across a break, and every gap shown."""

from __future__ import annotations

import re

import pytest

from kvalitet.adapters.charts.building import explained, series_chart
from kvalitet.adapters.charts.looks import Look
from kvalitet.adapters.charts.series import NARROW, WIDE, Point, SeriesChart, Track, series_svg, spread
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.days import SchoolYear
from kvalitet.series import series_of
from tests.adapters.charts.figures import ABSENCE, SCHOOL, TITLES, absence_chart, figure, lines, paths, texts

BOTH = pytest.mark.parametrize("width", [WIDE, NARROW])


@BOTH
def test_no_line_crosses_the_covid_years_and_they_have_points_alone(width: float) -> None:
    drawn = series_svg(absence_chart(), width=width)
    assert [line.count("L") for line in lines(drawn)] == [1, 2, 1, 1]  # 2017-18 and 2022-24, and 2022-23 of the school
    names = 2
    assert len(paths(drawn, "point")) == 8 + 7 + names


@BOTH
def test_a_year_without_a_figure_has_a_cross_that_says_why(width: float) -> None:
    (cross,) = paths(series_svg(absence_chart(), width=width), "absent")
    assert [title.text for title in cross] == [
        "Rynkevangskolen 2024/25: tallet vises ikke, fordi der er for få elever",
    ]


@BOTH
def test_the_covid_years_are_one_column_with_the_number_that_explains_them(width: float) -> None:
    drawn = series_svg(absence_chart(), width=width)
    assert drawn.count('fill="#ece8dc"') == 1
    assert texts(drawn).count("1") == 1


def test_a_wide_drawing_has_all_school_years_on_its_axis() -> None:
    shown = [text for text in texts(series_svg(absence_chart())) if re.fullmatch(r"\d{4}/\d\d", text)]
    assert shown == [f"{year}/{year + 1 - 2000}" for year in range(2017, 2025)]


def test_a_narrow_drawing_has_every_other_school_year_and_the_last() -> None:
    shown = [text for text in texts(series_svg(absence_chart(), width=NARROW)) if re.fullmatch(r"\d\d/\d\d", text)]
    assert shown == ["18/19", "20/21", "22/23", "24/25"]


def test_the_drawing_says_in_words_what_it_shows() -> None:
    assert absence_chart().told == (
        "Samlet elevfravær, 2017/18 til 2024/25. Hele landet: 5,0 % i 2017/18 og 5,7 % i 2024/25. "
        "Rynkevangskolen: 8,0 % i 2017/18 og 8,6 % i 2023/24, mangler i 2024/25. Et databrud deler linjerne. "
        "Alle tal står i tabellen."
    )
    assert 'role="img" aria-label="Samlet elevfravær, 2017/18 til' in series_svg(absence_chart())


def test_a_drawing_carries_no_style_of_its_own_which_the_pages_forbid() -> None:
    assert "style" not in series_svg(absence_chart())


def test_a_unit_without_any_figure_is_named_with_that() -> None:
    chart = SeriesChart(ABSENCE, (SchoolYear(2024),), (Track("Årby Skole", Look.FIRST, ()),))
    assert chart.told == "Samlet elevfravær, 2024/25. Årby Skole: ingen tal. Alle tal står i tabellen."
    assert "Årby Skole ingen tal" in texts(series_svg(chart))


def test_names_are_escaped() -> None:
    point = Point(SchoolYear(2024), ABSENCE_VALUE, "9,3 %")
    chart = SeriesChart(ABSENCE, (SchoolYear(2024),), (Track("<b>&", Look.FIRST, ((point,),)),))
    assert "<b>" not in series_svg(chart)


ABSENCE_VALUE = absence_chart().tracks[0].points[0].value


def test_a_level_that_the_indicator_no_longer_has_is_left_out_of_the_line() -> None:
    satisfaction = load_catalogue()["parent_satisfaction"]
    found = [figure(2023, SCHOOL, "høj", indicator=satisfaction), figure(2024, SCHOOL, "i top", indicator=satisfaction)]
    series = series_of(found, (), indicator=satisfaction.key, unit=SCHOOL)
    chart = series_chart(satisfaction, [series], TITLES, [SchoolYear(2023), SchoolYear(2024)])
    assert [point.text for point in chart.tracks[0].points] == ["høj"]
    assert texts(series_svg(chart))[:5] == ["meget lav", "lav", "middel", "høj", "meget høj"]


def test_breaks_with_the_same_reason_share_a_number_and_a_new_reason_has_its_own() -> None:
    of_grades = [one for one in load_series_breaks() if one.indicator == "grade_average"]
    assert [(one.number, [year.label for year in one.years], one.lasting) for one in explained(of_grades)] == [
        (1, ["2019/20", "2020/21", "2021/22"], False),
        (2, ["2021/22"], True),
    ]


def test_names_that_would_touch_are_moved_apart_and_stay_within_the_frame() -> None:
    assert spread([10, 12, 90, 99], 20, 0, 100) == [10, 30, 80, 100]
    assert spread([], 20, 0, 100) == []
    assert spread([-5, 50], 20, 0, 100) == [0, 50]
