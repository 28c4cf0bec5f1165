from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.wheel import Wheel
from tests.web.conftest import Browser, browsing

SCHOOL, OTHER_SCHOOL = "323001", "323002"
LEADER = "s1@skole.example"
DIRECTOR = "direktor@proeveby.example"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
WHEEL, TIMELINE, LIST = "/proeveby/", "/proeveby/tidslinje", "/proeveby/liste"
SVG, PDF = "/proeveby/hjul.svg", "/proeveby/hjul.pdf"


def points(page: str) -> list[str]:
    """List the numbers and titles of the list's points."""
    found = re.findall(r'class="number">(\d+)</span> <a [^>]*>([^<]+)</a>', page)
    return [f"{number} {title}" for number, title in found]


def drawn(page: str) -> list[str]:
    """List the numbers of the arcs."""
    return sorted(re.findall(r'<g class="bar [^"]*"><(?:a|g) [^>]*aria-label="(\d+)\.', page), key=int)


def test_a_ring_is_shown_alone_and_its_points_keep_their_numbers(browser: Browser) -> None:
    page = browser.get(f"{LIST}?ring=school_groups").text
    assert points(page) == ["2 Møde om dataudtrækket", "7 Møde i skolegrupperne"]
    assert "Viser 2 af årets ni punkter (ring: Skolegrupper)." in page
    assert drawn(browser.get(f"{WHEEL}?ring=school_groups").text) == ["2", "7"]


def test_rings_can_be_put_together(browser: Browser) -> None:
    assert drawn(browser.get(f"{WHEEL}?ring=data&ring=unions").text) == ["1", "9"]


def test_a_role_sees_what_it_has_the_task_of_or_takes_part_in(browser: Browser) -> None:
    assert points(browser.get(f"{LIST}?rolle=unions").text) == ["9 Møde med faglige organisationer"]
    assert drawn(browser.get(f"{WHEEL}?rolle=director").text) == ["6", "9"]


def test_a_school_counts_alone_and_sees_its_group_and_the_municipality(browser: Browser) -> None:
    whole, one = browser.get(WHEEL).text, browser.get(f"{WHEEL}?skole={SCHOOL}").text
    assert drawn(whole) == drawn(one)
    assert "3. Skolens egne mål: 1. august – 31. august 2026, 0 af 5 færdige, 5 overskredet" in whole
    assert "3. Skolens egne mål: 1. august – 31. august 2026, 0 af 1 færdige, 1 overskredet" in one
    assert "7. Møde i skolegrupperne: 1. oktober – 31. januar 2027, 0 af 1 afholdt" in one
    both = browser.get(f"{WHEEL}?skole={SCHOOL}&skole={OTHER_SCHOOL}").text
    assert "7. Møde i skolegrupperne: 1. oktober – 31. januar 2027, 0 af 2 afholdt" in both


def test_the_three_ways_to_show_the_year_and_the_file_show_the_same(browser: Browser) -> None:
    query = f"?ring=deliverables&ring=politics&rolle=school_leader&skole={SCHOOL}"
    numbers = ["3", "4", "5", "8"]
    assert drawn(browser.get(WHEEL + query).text) == numbers
    assert drawn(browser.get(TIMELINE + query).text) == numbers
    assert [point.split()[0] for point in points(browser.get(LIST + query).text)] == ["3", "4", "5", "8"]
    assert drawn(browser.get(SVG + query).text) == numbers


@pytest.mark.parametrize("page", [WHEEL, TIMELINE, LIST])
def test_a_choice_is_kept_in_the_links_and_when_the_year_is_changed(browser: Browser, page: str) -> None:
    text = browser.get(f"{page}?skoleaar=2026-27&dato=2026-10-01&ring=data&rolle=director&skole={SCHOOL}&min=ja").text
    kept = f"ring=data&amp;rolle=director&amp;skole={SCHOOL}&amp;min=ja"
    for address in (WHEEL, TIMELINE, LIST):
        assert f'href="{address}?skoleaar=2026-27&amp;dato=2026-10-01&amp;{kept}"' in text
    form = text[text.index('<form class="when"') :]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form[: form.index("</form>")])
    assert hidden == [("ring", "data"), ("rolle", "director"), ("skole", SCHOOL), ("min", "ja")]
    assert f'<a href="{page}?{kept}">Vis i dag</a>' in text


def test_the_downloads_are_of_what_is_shown(browser: Browser) -> None:
    page = browser.get(f"{WHEEL}?ring=data&start=august").text
    assert f'href="{SVG}?ring=data&amp;start=august"' in page
    assert f'href="{PDF}?ring=data&amp;start=august"' in page
    assert 'href="/proeveby/hjul.ics?ring=data&amp;start=august"' in page


def test_the_dates_of_what_is_shown_can_be_put_into_a_calendar(browser: Browser) -> None:
    called = {"day": "2026-12-10", "starts": "09:00", "ends": "10:30", "place": "", "sure": "ja"}
    browser.send(f"{MEETING}/indkald", called, page=MEETING)
    whole = browser.get("/proeveby/hjul.ics")
    assert whole.headers["content-type"] == "text/calendar; charset=utf-8"
    assert whole.headers["content-disposition"] == 'attachment; filename="aarshjul-proeveby-2026-27.ics"'
    assert titles(whole.text) == [
        "Frist: Den åbne skole",
        "Frist: Plan for fravær",
        "Frist: Skolens egne mål",
        "Møde i skolegrupperne – Nord",
    ]
    assert titles(browser.get("/proeveby/hjul.ics?ring=data").text) == []
    one = browser.get(f"/proeveby/hjul.ics?ring=deliverables&skole={SCHOOL}").text
    assert "Frist: Skolens egne mål – Buerup Skole" in titles(one)


def titles(calendar: str) -> list[str]:
    """List the titles of a calendar's entries."""
    unfolded = calendar.replace("\r\n ", "")
    return sorted(line.removeprefix("SUMMARY:") for line in unfolded.splitlines() if line.startswith("SUMMARY:"))


def test_the_side_counts_what_is_shown(browser: Browser) -> None:
    page = browser.get(f"{WHEEL}?ring=deliverables&skole={SCHOOL}").text
    assert "<strong>0</strong> af 3" in page
    assert "møder holdt" not in page
    assert "Buerup Skole" in page[page.index('id="mangler"') :]
    assert "Årby Skole" not in page[page.index('id="mangler"') :]


def test_the_form_remembers_what_was_ticked(browser: Browser) -> None:
    page = browser.get(f"{LIST}?ring=data&start=januar").text
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', page) == [("ring", "data")]
    assert '<option value="januar" selected>' in page


def test_my_part_is_what_my_own_role_has_to_do_with(installation: Installation) -> None:
    with browsing(installation, DIRECTOR) as director:
        page = director.get(f"{LIST}?min=ja").text
    assert points(page) == ["6 Ledelseslæringssamtale", "9 Møde med faglige organisationer"]
    assert "kun det, der angår mig" in page


def test_a_school_leader_is_not_asked_which_school_and_cannot_choose_anothers(installation: Installation) -> None:
    with browsing(installation, LEADER) as leader:
        page = leader.get(WHEEL).text
        assert "<legend>Skole</legend>" not in page
        assert "<legend>Ring</legend>" in page
        mine, other, nobodys = (leader.get(f"{WHEEL}?skole={one}") for one in (SCHOOL, OTHER_SCHOOL, "999999"))
    assert mine.status_code == 200
    assert (other.status_code, nobodys.status_code) == (404, 404)
    assert f"Der er ingen skole »{OTHER_SCHOOL}«, som du kan vælge i årshjulet." in other.text
    assert "Der er ingen skole »999999«, som du kan vælge i årshjulet." in nobodys.text


@pytest.mark.parametrize("page", [WHEEL, TIMELINE, LIST, SVG, PDF])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ring=mars", "»mars« er ikke en ring i årshjulet."),
        ("rolle=konge", "»konge« er ikke en rolle."),
        ("start=forfra", "»forfra« er ikke en begyndelse; vælg en af: hjulet, august, januar."),
        (f"ring={'x' * 300}", f"»{'x' * 40}« er ikke en ring i årshjulet."),
    ],
)
def test_what_the_wheel_does_not_have_gets_one_sentence(browser: Browser, page: str, query: str, sentence: str) -> None:
    answer = browser.get(f"{page}?{query}")
    assert answer.status_code == 400
    assert sentence in answer.text


@pytest.mark.parametrize("page", [WHEEL, TIMELINE, LIST])
def test_a_choice_that_leaves_nothing_leads_back_to_the_whole_year(browser: Browser, page: str) -> None:
    text = browser.get(f"{page}?ring=data&rolle=unions").text
    assert "Ingen af årets punkter passer til det, du har valgt." in text
    assert f'<a href="{page}">Vis hele året</a>' in text


def test_a_year_that_is_not_planned_says_so(installation: Installation) -> None:
    (found,) = installation.municipalities
    empty = replace(installation, municipalities=(replace(found, key="tomby"),))
    with browsing(empty) as opened:
        page = opened.get("/tomby/liste").text
    assert "Skoleåret 2026/27 er ikke planlagt endnu." in page
    assert "<legend>" not in page


def test_the_hub_tells_the_next_due_date_and_how_many_miss_it(browser: Browser) -> None:
    whole, one = browser.get(WHEEL).text, browser.get(f"{WHEEL}?skole={SCHOOL}").text
    assert "Næste frist 31. januar" in whole
    assert ">fem skoler mangler</text>" in whole
    assert ">en skole mangler</text>" in one


def test_empty_fields_of_an_address_choose_nothing(browser: Browser) -> None:
    assert drawn(browser.get(f"{WHEEL}?ring=&rolle=&skole=&start=").text) == drawn(browser.get(WHEEL).text)


def test_a_year_of_one_point_is_told_of_in_the_singular(installation: Installation) -> None:
    (found,) = installation.municipalities
    alone = Wheel(tuple(one for one in found.wheel.activities if one.key == "local_goals"))
    with browsing(replace(installation, municipalities=(replace(found, wheel=alone),))) as opened:
        assert "Viser årets ene punkt." in opened.get(LIST).text
        assert "Viser 1 af årets ene punkt (" in opened.get(f"{LIST}?ring=deliverables").text
