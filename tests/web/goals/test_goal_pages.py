"""Goals beside schools: what is reached by whom, each verdict with its sentence, and files that say the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import verdicts
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.days import SchoolYear
from kvalitet.measurements import MUNICIPALITY
from kvalitet.municipality import Effort
from kvalitet.wheel import FieldType, FormField, Option, Wheel
from tests.web import builders, people
from tests.web.conftest import browsing
from tests.web.figures import built
from tests.web.figures.reading import page_of, plain, row_of, rows
from tests.web.people import peopled

PAGE = "/proeveby/maal"
OWN = "local.323001.2026-27.local_goals.absence"
GOAL_FIELD = FormField(
    "absence", "Mål for fravær", FieldType.GOAL, indicators=(Option("absence", "Samlet elevfravær"),)
)


@pytest.fixture
def figured(installation: Installation) -> Installation:
    return built.with_figures(peopled(installation))


@pytest.fixture
def with_own_goals(figured: Installation) -> Installation:
    """Let Buerup have set a goal of its own, which is judged."""
    (municipality,) = figured.municipalities
    activities = tuple(
        builders.activity(fields=(GOAL_FIELD,)) if one.key == "local_goals" else one
        for one in municipality.wheel.activities
    )
    here = replace(figured, municipalities=(replace(municipality, wheel=Wheel(activities)),))
    answers = {
        "absence.text": "Færre bliver væk",
        "absence.indicator": "absence",
        "absence.target": "5,0",
        "absence.by": "2027-06-30",
    }
    deliver(here, "proeveby.2026-27.local_goals.323001", Submission(answers, "Leder"), now=builders.NOON)
    with here.store.write() as connection:
        kept = built.kept(OWN, "323001", "off_course", "Færre bliver væk: 5,7 % i skoleåret 2024/25.")
        verdicts.save(connection, kept)
    return here


def test_every_school_stands_with_where_it_is_in_words(figured: Installation) -> None:
    page = page_of(figured, PAGE)
    assert [row[-1] for row in rows(page) if row[0] in builders.SCHOOLS] == [
        "nået", "ikke nået", "i gang", "kan ikke vurderes", "i gang",
    ]  # fmt: skip
    head = row_of(page, "Skole")
    assert head[2] == "Hver skole har et mål 1: nået 1: ikke nået 2: i gang 1: kan ikke vurderes"


def test_the_figures_of_a_goal_of_the_municipality_stand_for_each_school_and_for_the_whole(
    figured: Installation,
) -> None:
    page = page_of(figured, PAGE)
    assert row_of(page, "Hele landet")[:2] == ["Hele landet", "7,3 %"]
    assert row_of(page, "Prøveby Kommune")[:2] == ["Prøveby Kommune", "7,8 %"]
    assert row_of(page, "Buerup Skole")[:2] == ["Buerup Skole", "5,7 %"]
    assert 'href="tal/absence/2024-25/323001"' in page


def test_the_municipalitys_own_goals_stand_above_with_their_sentence(figured: Installation) -> None:
    above = page_of(figured, PAGE).split('<h2 id="skolerne">')[0]
    assert '<span class="attainment off_course">ikke på rette vej</span>' in above
    assert "7,8 % i skoleåret 2024/25." in above
    assert "Hver skole har et mål" not in above.split("<h2>Kommunens mål</h2>")[1]


def test_each_verdict_leads_to_its_sentence_and_to_those_of_earlier_years(figured: Installation) -> None:
    built.judge(figured.store, built.OWN_GOALS, "323002", "reached", "Dengang.", year=SchoolYear(2025))
    assert 'href="maal/own_goals/323002" class="not_reached">ikke nået</a>' in page_of(figured, PAGE)
    page = page_of(figured, f"{PAGE}/own_goals/323002")
    assert "Dom over 323002." in page
    assert "2025/26" in page.split("Tidligere skoleår")[1]
    assert "Dengang." in page
    assert 'href="/proeveby/skole/323002/aflevering/local_goals"' in page


def test_a_verdict_of_the_municipality_leads_to_its_figure_and_its_efforts(figured: Installation) -> None:
    (municipality,) = figured.municipalities
    effort = Effort("walk", "Gående skolebus", ("low_absence",), "2025/26", description="Vi følges ad.")
    past = Effort("past", "Forbi", ("low_absence",), "2018/19", "2019/20")
    here = replace(figured, municipalities=(replace(municipality, efforts=(effort, past)),))
    page = page_of(here, f"{PAGE}/low_absence/municipality")
    assert 'href="/proeveby/tal/absence/2026-27/municipality"' in page
    assert ("Gående skolebus" in page, "Vi følges ad." in page, "Forbi" in page) == (True, True, False)
    assert "Indsatser: Gående skolebus." in page_of(here, PAGE)


@pytest.mark.parametrize(
    ("query", "schools"),
    [
        ("status=reached", ["Buerup Skole"]),
        ("skole=%C3%A5", ["Åmoseskolen", "Årby Skole"]),
        ("gruppe=syd", ["Hvidebækskolen", "Åmoseskolen"]),
        ("sorter=bagud", ["Hvidebækskolen", "Buerup Skole", "Kalundborg Skole", "Åmoseskolen", "Årby Skole"]),
        ("sorter=gruppe", ["Buerup Skole", "Kalundborg Skole", "Årby Skole", "Hvidebækskolen", "Åmoseskolen"]),
        ("gruppe=findes-ikke", []),
    ],
)
def test_the_matrix_is_narrowed_and_sorted(figured: Installation, query: str, schools: list[str]) -> None:
    page = page_of(figured, f"{PAGE}?{query}")
    assert [row[0] for row in rows(page) if row and row[0] in builders.SCHOOLS] == schools


def test_a_focus_area_narrows_goals_and_columns(figured: Installation) -> None:
    page = page_of(figured, f"{PAGE}?indsatsomraade=Samarbejde")
    assert "Elevfraværet er højst 6 %" not in page
    assert len(row_of(page, "Buerup Skole")) == 2


def test_a_school_leader_reads_their_own_verdicts_and_no_others(figured: Installation) -> None:
    page = page_of(figured, PAGE, people.LEADER)
    assert [row[0] for row in rows(page) if row and row[0] in builders.SCHOOLS] == ["Buerup Skole"]
    assert "Dom over 323001." in page
    assert "323002" not in page
    with browsing(figured, people.LEADER) as browser:
        assert browser.get(f"{PAGE}/own_goals/323002").status_code == 404
        assert browser.get(f"{PAGE}/own_goals/323001").status_code == 200


def test_a_schools_own_goals_stand_beside_the_others_with_their_verdict(with_own_goals: Installation) -> None:
    page = page_of(with_own_goals, PAGE)
    assert row_of(page, "Skole")[3] == "Skolens egne mål 1: ikke på rette vej"
    assert row_of(page, "Buerup Skole")[3] == "ikke på rette vej Færre bliver væk"
    assert row_of(page, "Hvidebækskolen")[3] == "–"
    told = page_of(with_own_goals, f"{PAGE}/{OWN}/323001")
    assert "5,7 % i skoleåret 2024/25." in told
    with browsing(with_own_goals, people.OTHER_LEADER) as browser:
        assert browser.get(f"{PAGE}/{OWN}/323001").status_code == 404
        assert browser.get(f"{PAGE}/{OWN}/323002").status_code == 404
        assert "Færre bliver væk" not in browser.get(PAGE).text


def test_the_files_hold_what_is_shown_with_every_sentence(with_own_goals: Installation) -> None:
    with browsing(with_own_goals) as browser:
        text = browser.get(f"{PAGE}.csv?skole=buerup").content.decode("utf-8-sig")
        book = browser.get(f"{PAGE}.xlsx?skole=buerup").content
    written = list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    assert written[0] == [
        "Hvem", "Institutionsnummer", "Skolegruppe", "Elevfraværet er højst 6 %: tal 2024/25",
        "Hver skole har et mål: vurdering", "Hver skole har et mål: begrundelse",
        "Skolens egne mål: vurdering", "Skolens egne mål: begrundelse",
    ]  # fmt: skip
    assert written[-1] == [
        "Buerup Skole", "323001", "Nord", "5,7", "nået", "Hver skole har et mål: dom over 323001.",
        "Færre bliver væk: ikke på rette vej", "Færre bliver væk: 5,7 % i skoleåret 2024/25.",
    ]  # fmt: skip
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("Mål").to_python()
    assert sheet[-1][3] == float(Decimal("5.7"))


def test_the_signs_are_explained_below(figured: Installation) -> None:
    legend = page_of(figured, PAGE).split('<ul class="goal-legend"')[1].split("</ul>")[0]
    assert [plain(part.split("</span>")[0].split(">")[-1]) for part in legend.split("<li>")[1:]] == [
        "nået", "ikke nået", "på rette vej", "ikke på rette vej", "i gang", "for usikkert", "kan ikke vurderes",
    ]  # fmt: skip


def test_what_does_not_exist_is_a_page_that_says_so(figured: Installation) -> None:
    with browsing(figured) as browser:
        for path in ("findes-ikke/323001", "own_goals/999999", f"own_goals/{MUNICIPALITY}"):
            assert browser.get(f"{PAGE}/{path}").status_code == 404
