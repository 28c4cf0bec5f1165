"""School among schools: sorted, one's own told by shape and text, and many schools as a heap."""

from __future__ import annotations

import pytest

from kvalitet.adapters.charts.building import ranking_chart, why_missing, written
from kvalitet.adapters.charts.looks import Look
from kvalitet.adapters.charts.ranking import NARROW, WIDE, RankingChart, ranking_svg
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason
from tests.adapters.charts.figures import ABSENCE, OTHER, SCHOOL, TITLES, figure, paths, texts

YEAR = SchoolYear(2024)
BOTH = pytest.mark.parametrize("width", [WIDE, NARROW])


def chart(**more: str | MissingReason) -> RankingChart:
    """Make the chart of Rynkevangskolen among others in 2024/25."""
    values = {COUNTRY: "7.4", MUNICIPALITY: "8.5", SCHOOL: "9.3", OTHER: "8.2", **more}
    found = {unit: figure(2024, unit, value) for unit, value in values.items()}
    titles = {**TITLES, **{unit: f"Skole {unit}" for unit in more}}
    return ranking_chart(ABSENCE, YEAR, found, titles, chosen=[SCHOOL])


def many(count: int) -> RankingChart:
    return chart(**{f"{number:06}": f"{number % 90 / 10:.1f}" for number in range(count)})


@BOTH
def test_schools_stand_by_their_figures_and_those_without_one_below_with_the_reason(width: float) -> None:
    drawn = ranking_svg(chart(a="8.2", b=MissingReason.NOT_REPORTED), width=width)
    found = [text for text in texts(drawn) if "skole" in text.lower()]
    assert found == ["Rynkevangskolen", "Hvidebækskolen", "Skole a", "Skole b"]
    assert any(text.startswith("tallet er ikke") for text in texts(drawn))


@BOTH
def test_ones_own_school_is_told_by_shape_and_weight_and_not_by_colour_alone(width: float) -> None:
    drawn = ranking_svg(chart(), width=width)
    assert drawn.count("M0-6.5 6.5 0 0 6.5-6.5 0Z") == 1
    assert 'font-weight="600">Rynkevangskolen</text>' in drawn
    assert 'font-weight="600">Hvidebækskolen</text>' not in drawn


def test_chosen_schools_look_as_they_do_in_a_series() -> None:
    found = {SCHOOL: figure(2024, SCHOOL, "9.3"), OTHER: figure(2024, OTHER, "8.2")}
    ranked = ranking_chart(ABSENCE, YEAR, found, {**TITLES, "323007": "Tømmerup"}, chosen=[OTHER, SCHOOL])
    assert [(place.title, place.look, place.chosen) for place in ranked.places] == [
        ("Rynkevangskolen", Look.SECOND, True),
        ("Hvidebækskolen", Look.FIRST, True),
        ("Tømmerup", Look.OTHER, False),
    ]


@BOTH
def test_country_and_municipality_are_lines_with_their_figures(width: float) -> None:
    found = texts(ranking_svg(chart(), width=width))
    assert [text for text in found if text.startswith(("Hele", "Kalundborg"))] == [
        "Hele landet 7,4 %",
        "Kalundborg 8,5 %",
    ]


@BOTH
@pytest.mark.parametrize("count", [100, 1100])
def test_many_schools_are_a_heap_in_which_the_chosen_one_is_named(count: int, width: float) -> None:
    chart_of_many = many(count)
    drawn = ranking_svg(chart_of_many, width=width)
    dots, lines, chosen = count + 1, 2, 1
    assert len(paths(drawn, "point")) == dots + lines + chosen
    assert [text for text in texts(drawn) if "skole" in text.lower()] == ["Rynkevangskolen 9,3 %"]
    height = float(drawn.split('viewBox="0 0 ')[1].split('"')[0].split()[1])
    assert height < 320


def test_the_drawing_says_in_words_what_it_shows() -> None:
    assert chart(b=MissingReason.NOT_REPORTED).told == (
        "Samlet elevfravær 2024/25. To skoler, fra 8,2 % til 9,3 %. En skole har intet tal. Hele landet: 7,4 %. "
        "Kalundborg: 8,5 %. Rynkevangskolen: 9,3 %. Alle tal står i tabellen."
    )


def test_levels_are_ranked_by_their_order() -> None:
    satisfaction = load_catalogue()["parent_satisfaction"]
    found = {unit: figure(2024, unit, level, indicator=satisfaction) for unit, level in
             {SCHOOL: "lav", OTHER: "meget høj"}.items()}  # fmt: skip
    ranked = ranking_chart(satisfaction, YEAR, found, TITLES)
    assert [(place.title, place.text) for place in ranked.places] == [
        ("Hvidebækskolen", "meget høj"),
        ("Rynkevangskolen", "lav"),
    ]


def test_a_figure_is_written_as_the_indicator_is_and_a_missing_one_says_why() -> None:
    assert written(ABSENCE, figure(2024, SCHOOL, "9.3")) == "9,3 %"
    assert (written(ABSENCE, None), why_missing(None)) == ("", "tallet er ikke hentet")
    suppressed = figure(2024, SCHOOL, MissingReason.SUPPRESSED)
    assert (written(ABSENCE, suppressed), why_missing(suppressed)) == (
        "",
        "tallet vises ikke, fordi der er for få elever",
    )
