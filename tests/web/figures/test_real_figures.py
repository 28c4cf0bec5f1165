"""The figures of 24 schools in 2024/25 (Uddannelsesstatistik.dk) come through to the pages as they are."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from kvalitet.adapters.installation import Installation
from tests.web.conftest import browsing
from tests.web.figures.reading import administration, leader, page_of, row_of, rows

HERE = "/kalundborg"
RYNKEVANG = "323003"
# Rynkevangskolen 2024/25, read on Uddannelsesstatistik.dk.
FIGURES = {
    "absence": "9,3 %",
    "grade_average": "6,4",
    "well_being_social": "3,8",
    "well_being_order": "3,7",
}


@pytest.mark.parametrize(("indicator", "figure"), FIGURES.items())
def test_a_school_finds_its_own_figure_among_the_schools_and_where_it_comes_from(
    kalundborg: Installation, indicator: str, figure: str
) -> None:
    page = page_of(kalundborg, f"{HERE}/noegletal/{indicator}", leader(kalundborg, RYNKEVANG))
    assert row_of(page, "Rynkevangskolen") == ["Rynkevangskolen (valgt)", figure]
    origin = f"{HERE}/tal/{indicator}/2024-25/{RYNKEVANG}"
    assert f'href="{origin}"' in page
    told = page_of(kalundborg, origin, leader(kalundborg, RYNKEVANG))
    assert f'<p class="big-figure">{figure}</p>' in told
    assert "Uddannelsesstatistik.dk (Styrelsen for It og Læring), kuberne GS/OVER/OVERSKO og GS/TRIV/TRIVIND" in told


def test_all_schools_stand_with_their_absence_the_highest_first(kalundborg: Installation) -> None:
    page = page_of(kalundborg, f"{HERE}/noegletal/absence")
    told = [row for row in rows(page) if len(row) == 2 and row[1].endswith("%")]
    assert told == [
        ["Sejerø Skole", "11,5 %"],
        ["Rynkevangskolen", "9,3 %"],
        ["Gørlev Skole", "9,1 %"],
        ["Skolen på Herredsåsen", "8,7 %"],
        ["Nyrupskolen", "8,6 %"],
        ["Tømmerup Skole", "8,6 %"],
        ["Høng Skole", "8,5 %"],
        ["Kirke Helsinge Skole", "8,5 %"],
        ["Svebølle Skole", "8,3 %"],
        ["Firhøjskolen", "8,2 %"],
        ["Hvidebækskolen", "8,2 %"],
        ["Løve Skole", "8,1 %"],
        ["Rørby Skole", "7,6 %"],
        ["Buerup Skole", "7,1 %"],
        ["Årby Skole", "7,1 %"],
    ]


def test_a_school_without_a_ninth_grade_stands_with_the_reason_and_never_with_nought(kalundborg: Installation) -> None:
    page = page_of(kalundborg, f"{HERE}/noegletal/grade_average")
    assert row_of(page, "Rørby Skole") == ["Rørby Skole", "– mangler tallet er ikke oplyst i kilden"]
    assert "0,0" not in page.split("Alle tal i 2024/25")[1]
    told = page_of(kalundborg, f"{HERE}/tal/grade_average/2024-25/317004")
    assert "Der er intet tal: tallet er ikke oplyst i kilden." in told


def test_the_list_has_every_indicator_by_area_with_the_figures_of_ones_own_school_beside(
    kalundborg: Installation,
) -> None:
    page = page_of(kalundborg, f"{HERE}/noegletal", leader(kalundborg, RYNKEVANG))
    assert row_of(page, "Nøgletal") == [
        "Nøgletal", "Skoleår", "Rynkevangskolen", "Kalundborg Kommune", "Hele landet", "Skoler med tal",
    ]  # fmt: skip
    assert row_of(page, "Samlet elevfravær")[:3] == ["Samlet elevfravær", "2024/25", "9,3 %"]
    assert row_of(page, "Klassekvotient")[3] == "17,0"
    areas = [row[0] for row in rows(page) if len(row) == 1]
    assert areas[:3] == ["Fravær", "Afgangsprøver", "Nationale test"]


def test_the_list_is_searched_and_narrowed_to_an_area(kalundborg: Installation) -> None:
    found = page_of(kalundborg, f"{HERE}/noegletal?soeg=trivsel&kun=tal")
    assert [row[0] for row in rows(found) if len(row) > 2][1:] == [
        "Generel trivsel", "Faglig trivsel", "Social trivsel", "Ro og orden",
    ]  # fmt: skip
    assert "Ingen nøgletal passer til det valgte." in page_of(kalundborg, f"{HERE}/noegletal?soeg=findes-ikke")
    area = page_of(kalundborg, f"{HERE}/noegletal?omraade=Frav%C3%A6r")
    assert [row[0] for row in rows(area) if len(row) > 2][1:] == ["Samlet elevfravær"]


def test_the_files_hold_every_school_with_figures_that_can_be_reckoned_with(kalundborg: Installation) -> None:
    with browsing(kalundborg, administration(kalundborg)) as browser:
        text = browser.get(f"{HERE}/noegletal.csv?noegletal=socioeconomic_difference").content.decode("utf-8-sig")
        book = browser.get(f"{HERE}/noegletal.xlsx").content
    written = list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    assert written[0][4:8] == ["Hvem", "Institutionsnummer", "Tal", "Mangler fordi"]
    own = next(row for row in written if row[5] == RYNKEVANG)
    assert own[1:8] == [
        "Forskel til socioøkonomisk reference", "point", "2024/25", "Rynkevangskolen", RYNKEVANG, "-0,2", "",
    ]  # fmt: skip
    blank = next(row for row in written if row[4] == "Rørby Skole")
    assert blank[6:8] == ["", "tallet er ikke oplyst i kilden"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("Nøgletal").to_python()
    absence = next(row for row in sheet if row[1] == "Samlet elevfravær" and row[5] == RYNKEVANG)
    assert absence[6] == 9.3


def test_hvidovres_schools_are_shown_too(hvidovre: Installation) -> None:
    page = page_of(hvidovre, "/hvidovre/noegletal/absence")
    assert len([row for row in rows(page) if len(row) == 2 and row[1].endswith("%")]) == 9


def test_an_indicator_that_does_not_exist_is_told_with_what_to_do(kalundborg: Installation) -> None:
    with browsing(kalundborg, administration(kalundborg)) as browser:
        answer = browser.get(f"{HERE}/noegletal/humor")
        unread = browser.get(f"{HERE}/tal/absence/2024-26/{RYNKEVANG}")
    assert answer.status_code == 404
    assert "Der er intet nøgletal, der hedder »humor«. Vælg et fra listen over nøgletal." in answer.text
    assert unread.status_code == 404
    assert "»2024-26« er ikke et skoleår" in unread.text
