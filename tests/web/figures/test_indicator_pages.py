"""One indicator over the years and among schools: chosen by address, with every gap and break explained."""

from __future__ import annotations

import re

import pytest

from kvalitet.adapters.installation import Installation
from tests.web import people
from tests.web.figures import built
from tests.web.figures.reading import page_of, row_of, rows

PAGE = "/proeveby/noegletal/absence"


@pytest.fixture
def figured(everybody: Installation) -> Installation:
    return built.with_figures(everybody)


def years_of(page: str) -> list[str]:
    return [row[0] for row in rows(page) if re.fullmatch(r"\d{4}/\d\d", row[0])]


def test_the_table_beside_the_drawing_has_every_figure_and_the_reason_of_the_one_that_is_missing(
    figured: Installation,
) -> None:
    page = page_of(figured, f"{PAGE}?skole=323005")
    assert row_of(page, "Skoleår") == ["Skoleår", "Hele landet", "Prøveby Kommune", "Årby Skole"]
    assert row_of(page, "2024/25") == ["2024/25", "7,3 %", "7,8 %", "9,7 %"]
    assert row_of(page, "2023/24") == ["2023/24", "7,1 %", "7,6 %", "– mangler tallet er ikke indberettet"]
    assert years_of(page) == [f"{year}/{year + 1 - 2000}" for year in range(2024, 2016, -1)]


def test_the_covid_years_are_explained_by_the_number_in_the_drawing(figured: Installation) -> None:
    page = page_of(figured, PAGE)
    assert '<li value="1"><strong>2019/20, 2020/21, 2021/22:</strong>' in page
    assert "Årene kan ikke sammenlignes med andre og er tegnet hver for sig." in page
    assert "Databrud" not in page_of(figured, f"{PAGE}?fra=2022-23")


def test_school_years_and_schools_are_chosen_by_the_address(figured: Installation) -> None:
    page = page_of(figured, f"{PAGE}?fra=2022-23&til=2023-24&aar=2023-24&skole=323001&skole=323002")
    assert years_of(page) == ["2023/24", "2022/23"]
    assert row_of(page, "Skoleår")[-2:] == ["Buerup Skole", "Hvidebækskolen"]
    assert "Skolerne i 2023/24" in page
    assert 'href="/proeveby/noegletal/absence?fra=2022-23&amp;til=2023-24&amp;aar=2023-24&amp;skole=323002"' in page


def test_years_asked_for_backwards_are_turned_around(figured: Installation) -> None:
    assert years_of(page_of(figured, f"{PAGE}?fra=2024-25&til=2023-24")) == ["2024/25", "2023/24"]


@pytest.mark.parametrize("query", ["fra=i-fjor", "aar=1999-00", "skole=999999", "til=2023-25", "skole=%00"])
def test_what_cannot_be_shown_is_left_out_so_that_an_old_bookmark_works(figured: Installation, query: str) -> None:
    page = page_of(figured, f"{PAGE}?{query}")
    assert len(years_of(page)) == 8
    assert "Skolerne i 2024/25" in page


def test_no_more_schools_are_drawn_than_can_be_told_apart(figured: Installation) -> None:
    page = page_of(figured, f"{PAGE}?{'&'.join(f'skole={number}' for number in built.SCHOOLS)}")
    assert row_of(page, "Skoleår")[3:] == ["Buerup Skole", "Hvidebækskolen", "Kalundborg Skole", "Åmoseskolen"]
    assert "Vis også en skole" not in page


def test_a_school_leader_sees_their_own_school_and_no_other(figured: Installation) -> None:
    page = page_of(figured, PAGE, people.LEADER)
    assert row_of(page, "Skoleår") == ["Skoleår", "Hele landet", "Prøveby Kommune", "Buerup Skole"]
    assert "Buerup Skole (valgt)" in {row[0] for row in rows(page)}
    assert "Hvidebækskolen" not in page


def test_the_page_says_what_is_measured_which_groups_are_hidden_and_who_says_so(figured: Installation) -> None:
    page = page_of(figured, PAGE)
    assert "Elevernes fraværsdage i procent af årets skoledage." in page
    assert "Tal for 3 eller færre elever vises ikke." in page
    assert "Kommunens tal er derfor ikke gennemsnittet af skolernes tal." in page
    assert "Tal for 5 eller færre elever vises ikke." in page_of(figured, "/proeveby/noegletal/well_being_social")


def test_an_indicator_without_figures_says_so_and_draws_nothing(figured: Installation) -> None:
    page = page_of(figured, "/proeveby/noegletal/inclusion_share")
    assert "Der er ikke hentet tal for nøgletallet endnu." in page
    assert 'class="chart"' not in page


def test_the_drawings_are_told_in_words_and_come_in_two_widths(figured: Installation) -> None:
    page = page_of(figured, PAGE)
    assert page.count('class="chart" role="img" aria-label="Samlet elevfravær, 2017/18 til 2024/25.') == 2
    assert page.count('class="chart" role="img" aria-label="Samlet elevfravær 2024/25. Fem skoler') == 2
    assert " style=" not in page
