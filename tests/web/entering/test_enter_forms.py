"""Typing in a figure: what stands there is shown first, what stood before is kept, and nothing is lost."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import log, snapshots
from kvalitet.days import SchoolYear
from kvalitet.goals import RisePoints
from tests.goal_builders import goal
from tests.web import people
from tests.web.conftest import Browser, browsing

PAGE = "/proeveby/tal/indtast"
PARENTS = {"noegletal": "parent_satisfaction", "aar": "2025/26", "enhed": "municipality"}
WELL_BEING = {"noegletal": "well_being_social", "aar": "2025/26", "enhed": "323001"}
TESTS = {"noegletal": "good_results_maths", "aar": "2025/26", "enhed": "323001"}
SURVEY = {"kilde": "Forældreundersøgelsen 2026, spørgsmål 12", "dag": "2026-06-01", "elever": ""}


def asked(which: dict[str, str]) -> str:
    return f"{PAGE}?{'&'.join(f'{name}={value}' for name, value in which.items())}"


def enter(browser: Browser, which: dict[str, str], value: str, **typed: str) -> tuple[int, str]:
    """Look at what stands, and type over it; gives the status and the page that follows."""
    seen = browser.get(asked(which)).text
    mark = re.search(r'name="set" value="(\d+)"', seen)
    assert mark
    answer = browser.send(PAGE, {**which, **SURVEY, "tal": value, "set": mark[1], **typed}, page=asked(which))
    return answer.status_code, browser.get(answer.headers["location"]).text if answer.is_redirect else answer.text


def shown(installation: Installation, unit: str) -> list[tuple[str, str]]:
    """Give all that is shown of a unit: the indicator with value or level."""
    with installation.store.read() as connection:
        found = shown_figures(connection, installation.municipalities[0], viewer_may_see_confidential=True, unit=unit)
    return [(one.indicator, str(one.value or one.level or one.missing)) for one in found]


def test_a_level_is_entered_and_shown_with_its_source(browser: Browser, installation: Installation) -> None:
    status, page = enter(browser, PARENTS, "høj")
    assert status == 303
    assert "Tallet er gemt og vises nu." in page
    assert "I dag står der <strong>høj</strong>. Kilde: Forældreundersøgelsen 2026, spørgsmål 12, 1. juni 2026." in page
    assert shown(installation, "municipality") == [("parent_satisfaction", "høj")]


def test_what_stands_is_seen_before_it_is_changed_and_what_stood_can_be_fetched_again(
    browser: Browser, installation: Installation
) -> None:
    assert "Der står ikke noget tal i dag." in browser.get(asked(WELL_BEING)).text
    enter(browser, WELL_BEING, "3,8", elever="212")
    before = browser.get(asked(WELL_BEING)).text
    assert "I dag står der <strong>3,8</strong>, 212 elever bag tallet." in before
    assert "Det har stået der før" not in before
    _, page = enter(browser, WELL_BEING, "3,4", kilde="Skolen selv")
    assert "I dag står der <strong>3,4</strong>. Kilde: Skolen selv" in page
    former = re.search(r'<strong>3,8</strong>, 212 elever bag tallet.*?<a href="([^"]+)">Hent det frem igen', page)
    assert former
    fetched = browser.get(former[1].replace("&amp;", "&")).text
    assert 'name="tal" maxlength="40" autocomplete="off" value="3,8"' in fetched
    assert 'value="212"' in fetched
    assert shown(installation, "323001") == [("well_being_social", "3.4")]
    enter(browser, WELL_BEING, "3,8", elever="212")
    assert shown(installation, "323001") == [("well_being_social", "3.8")]
    with installation.store.read() as connection:
        assert len(snapshots.snapshots(connection, "proeveby")) == 3


def test_a_figure_can_be_taken_back(browser: Browser, installation: Installation) -> None:
    enter(browser, WELL_BEING, "3,8")
    _, page = enter(browser, WELL_BEING, "-")
    assert "I dag står der <strong>tallet er ikke oplyst i kilden</strong>" in page
    assert shown(installation, "323001") == [("well_being_social", "MissingReason.UNKNOWN")]


def test_the_same_figure_again_changes_nothing(browser: Browser, installation: Installation) -> None:
    enter(browser, PARENTS, "høj")
    status, page = enter(browser, PARENTS, "høj")
    assert status == 303
    assert "Det tal stod der i forvejen; intet er ændret." in page
    with installation.store.read() as connection:
        assert len(snapshots.snapshots(connection, "proeveby")) == 1


def test_somebody_who_looked_before_another_saved_is_told(browser: Browser, installation: Installation) -> None:
    enter(browser, PARENTS, "høj")
    late = browser.send(PAGE, {**PARENTS, **SURVEY, "tal": "lav", "set": "0"}, page=asked(PARENTS))
    assert late.status_code == 409
    assert "En anden har ændret tallet imens. Se, hvad der står nu, før du gemmer igen." in late.text
    assert "I dag står der <strong>høj</strong>" in late.text
    assert "<option selected>lav</option>" in late.text
    assert shown(installation, "municipality") == [("parent_satisfaction", "høj")]


@pytest.mark.parametrize(
    ("which", "typed", "told"),
    [
        (WELL_BEING, {"tal": ""}, "Skriv tallet, eller -, hvis der ikke skal stå noget."),
        (WELL_BEING, {"tal": "3.8"}, "»3.8« er ikke et tal på dansk (som 2.351 eller 7,3)."),
        (WELL_BEING, {"tal": "6"}, "Tallet skal ligge mellem 1 og 5."),
        (WELL_BEING, {"tal": "3,8 %"}, "Social trivsel er ikke en procent; skriv tallet uden %."),
        (WELL_BEING, {"tal": "9999999999"}, "»9999999999« er for stort et tal."),
        (PARENTS, {"tal": "god"}, "Vælg et af niveauerne: meget lav, lav, middel, høj, meget høj."),
        ({**WELL_BEING, "noegletal": "pupils"}, {"tal": "377,5"}, "Skriv et helt antal."),
        (WELL_BEING, {"tal": "3,8", "kilde": "  "}, "Skriv, hvor tallet kommer fra, med højst 300 tegn."),
        (WELL_BEING, {"tal": "3,8", "elever": "-5"}, "Skriv antallet af elever som et helt tal"),
        (WELL_BEING, {"tal": "3,8", "elever": "mange"}, "»mange« er ikke et tal på dansk"),
        (WELL_BEING, {"tal": "3,8", "dag": "2026-11-23"}, "Skriv den dag, tallet er fra"),
        (WELL_BEING, {"tal": "3,8", "dag": "i går"}, "»i går« er ikke en dato"),
    ],
)
def test_what_is_filled_in_wrong_is_told_at_the_field_and_nothing_is_lost(
    browser: Browser, installation: Installation, which: dict[str, str], typed: dict[str, str], told: str
) -> None:
    others = {name: text for name, text in typed.items() if name != "tal"}
    status, page = enter(browser, which, typed["tal"], **others)
    assert status == 400
    assert "Tallet er ikke gemt" in page
    assert told in page
    assert typed.get("kilde", SURVEY["kilde"]).strip() in page
    assert shown(installation, which["enhed"]) == []


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ({**PARENTS, "noegletal": "lykke"}, "Vælg et nøgletal."),
        ({**PARENTS, "aar": "2027/28"}, "Vælg et skoleår, der er begyndt."),
        ({**PARENTS, "aar": "2026/28"}, "Vælg et skoleår, der er begyndt."),
        ({**PARENTS, "enhed": "999999"}, "Vælg en skole, kommunen eller hele landet."),
    ],
)
def test_a_figure_that_there_is_not_is_told(browser: Browser, which: dict[str, str], told: str) -> None:
    page = browser.get(asked(which))
    assert (page.status_code, told in page.text) == (400, True)
    assert "Hvad skal der stå?" not in page.text


def test_a_confidential_figure_is_marked_and_stands_in_no_log(browser: Browser, installation: Installation) -> None:
    assert "<strong>Fortroligt</strong> (folkeskoleloven § 55 b)" in browser.get(asked(TESTS)).text
    status, page = enter(browser, TESTS, "81,25", elever="40")
    assert status == 303
    assert "81,25" not in page.split('name="tal"')[1]
    with installation.store.read() as connection:
        events = [event for event in log.events(connection) if event.event == "figure_entered"]
    assert [(event.detail, event.actor) for event in events] == [
        (
            "Andel elever med gode resultater i nationale test, matematik for Buerup Skole i 2025/26 er indtastet.",
            "Fagcenter Børn",
        )
    ]
    with browsing(installation) as reading:
        for address in ("/proeveby/log", "/proeveby/revisionsspor", "/proeveby/udtraek", "/proeveby/revisionsspor.csv"):
            assert "81,25" not in reading.get(address).text


def test_few_pupils_are_kept_from_sight_here_too(browser: Browser, installation: Installation) -> None:
    enter(browser, WELL_BEING, "3,8", elever="212")
    _, page = enter(browser, WELL_BEING, "2,9", elever="3")
    assert "Der står et tal, som ikke vises, fordi der er få elever bag det." in page
    assert "2,9" not in page
    assert "Hent det frem igen" not in page
    assert shown(installation, "323001") == [("well_being_social", "MissingReason.SUPPRESSED")]


def test_the_figure_that_goals_are_counted_from_is_told_and_stays_as_it_was_fixed(installation: Installation) -> None:
    (town,) = installation.municipalities
    target = RisePoints(points=Decimal("0.5"))
    indicator = load_catalogue().indicators["well_being_social"]
    counted = goal(indicator, target, baseline=SchoolYear(2025), deadline=SchoolYear(2028))
    with browsing(replace(installation, municipalities=(replace(town, goals=(counted,)),))) as browser:
        before = browser.get(asked(WELL_BEING)).text
        assert "Det første, der bliver gemt, fastholdes, også når tallet senere rettes" in before
        enter(browser, WELL_BEING, "3,8")
        _, page = enter(browser, WELL_BEING, "3,4")
        assert "I dag står der <strong>3,4</strong>" in page
        assert "<strong>Udgangspunkt:</strong> mål regnes fra <strong>3,8</strong>." in page
        assert "Udgangspunkt" not in browser.get(asked(PARENTS)).text


@pytest.mark.parametrize("reader", [people.DIRECTOR, people.CONSULTANT, people.LEADER, people.OPERATOR])
def test_only_the_administration_types_figures(installation: Installation, reader: str) -> None:
    with browsing(people.peopled(installation), reader) as other:
        assert other.get(PAGE).status_code == 403


def test_the_extracts_lead_to_it_and_tell_what_was_entered(browser: Browser) -> None:
    enter(browser, PARENTS, "høj")
    page = browser.get("/proeveby/udtraek").text
    assert 'href="/proeveby/tal/indtast"' in page
    assert "Forældretilfredshed for Prøveby Kommune i 2025/26 er indtastet." in page
