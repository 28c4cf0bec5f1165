"""The form of a delivery: goals, tables and promises, and two people who write at the same time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.delivering.figures import beside
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, plans, snapshots
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason
from kvalitet.rights import Right, Viewer, standings_of
from tests.web import builders
from tests.web.conftest import Browser
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, FORM, KEY, LEADER, PAGE

LAST, THIS = SchoolYear(2025), SchoolYear(2026)


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return forms.planned(store, tmp_path / "home", LAST, THIS)


def versions(installation: Installation) -> list[deliveries.Delivery]:
    with installation.store.read() as connection:
        return deliveries.versions(connection, KEY)


def values(page: str, name: str) -> list[str]:
    """Give the value of an input, or the text of a textarea, with a name."""
    found = re.findall(rf'<textarea[^>]* name="{re.escape(name)}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return found or re.findall(rf'<input[^>]* name="{re.escape(name)}"[^>]*value="([^"]*)"', page)


def test_a_goal_and_a_table_are_delivered_and_read_again(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        sent = browser.send(FORM, ANSWERS)
        assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}/kvittering/1")
        for page in (browser.get(PAGE).text, browser.get(f"{PAGE}/kvittering/1").text):
            assert "Flere i skole\nSamlet elevfravær, måltal 5,4, senest 30.6.2027" in page
            assert "Læsebånd · Lederen" in page


def test_what_is_wrong_in_a_goal_and_a_row_is_said_at_its_own_place(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        sent = browser.send(FORM, {**ANSWERS, "absence.target": "lavt", "efforts.1.responsible": ""})
    assert sent.status_code == 400
    assert 'href="#felt-absence.target">Skriv måltallet i »Mål for fravær« som et tal, fx 5,4.' in sent.text
    assert 'href="#felt-efforts.1.responsible">Udfyld »Hvem« i række 1 af »Indsatser«.' in sent.text
    assert values(sent.text, "absence.target") == ["lavt"]
    assert values(sent.text, "efforts.1.effort") == ["Læsebånd"]


def test_a_table_has_empty_rows_and_gives_more_without_a_script(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        first = browser.get(FORM).text
        more = browser.send(FORM, {**ANSWERS, "rækker.efforts": "3", "flere": "efforts"})
    assert (len(re.findall(r'name="efforts\.\d+\.effort"', first)), more.status_code) == (3, 200)
    assert len(re.findall(r'name="efforts\.\d+\.effort"', more.text)) == 6
    assert values(more.text, "efforts.1.effort") == ["Læsebånd"]
    assert values(more.text, "follow_up") == ["Hver måned"]
    assert versions(installation) == []


def test_empty_rows_between_others_are_left_out(installation: Installation) -> None:
    rows = {
        "efforts.4.effort": "Gåbus",
        "efforts.4.responsible": "Alle",
        "efforts.4.until": "",
        "efforts.2.effort": " ",
    }
    with forms.reading(installation) as browser:
        browser.send(FORM, {**ANSWERS, **rows})
    (made,) = versions(installation)
    assert {name: text for name, text in made.answers.items() if name.startswith("efforts.")} == {
        "efforts.1.effort": "Læsebånd",
        "efforts.1.responsible": "Lederen",
        "efforts.1.until": "",
        "efforts.2.effort": "Gåbus",
        "efforts.2.responsible": "Alle",
        "efforts.2.until": "",
    }


def test_last_years_promises_are_answered_before_the_plan_counts(installation: Installation) -> None:
    forms.promised_last_year(installation)
    with forms.reading(installation) as browser:
        page = browser.get(FORM).text
        assert "Det er fra skoleåret 2025/26." in page
        assert "Gåbus · Klasselærerne · juni" in page
        refused = browser.send(FORM, ANSWERS)
        assert refused.status_code == 400
        assert "Svar på, hvad der blev af »Gåbus · Klasselærerne · juni«: gennemført," in refused.text
        assert versions(installation) == []
        answered = {"last_year.1.outcome": "continued", "last_year.1.word": "Vi er godt i gang."}
        assert browser.send(FORM, {**ANSWERS, **answered}).status_code == 303
        assert "Gåbus · Klasselærerne · juni: fortsætter. Vi er godt i gang." in browser.get(PAGE).text


def test_where_nothing_was_promised_nothing_is_asked(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        assert "Hvad blev der af det?" not in browser.get(FORM).text
        assert browser.send(FORM, ANSWERS).status_code == 303


def test_last_years_answers_stand_beside_the_new_ones(installation: Installation) -> None:
    forms.promised_last_year(installation)
    with forms.reading(installation) as browser:
        page = browser.get(FORM).text
    assert "Sidste svar, 2025/26" in page
    assert """hidden data-copy='{"follow_up": "Hver uge"}' data-to="follow_up\"""" in page
    assert values(page, "follow_up") == [""]


def test_two_who_write_at_once_see_both_texts_and_choose(installation: Installation) -> None:
    with forms.reading(installation) as mine, forms.reading(installation, forms.DIRECTOR) as other:
        other.send(FORM, {**ANSWERS, "follow_up": "Hver uge", "udgave": "0"})
        refused = mine.send(FORM, {**ANSWERS, "absence.text": "Fravær ned", "udgave": "0"})
        assert refused.status_code == 409
        assert "Direktøren har afleveret udgave 1, mens du skrev. Intet er gået tabt" in refused.text
        assert "Direktøren har skrevet noget andet i »Sådan følger I op«" in refused.text
        assert "Direktøren har skrevet noget andet i »Mål for fravær«" in refused.text
        assert "Direktøren har skrevet noget andet i »Indsatser«" not in refused.text
        assert "<p>Hver uge</p>" in refused.text
        assert values(refused.text, "follow_up") == ["Hver måned"]
        assert values(refused.text, "udgave") == ["1"]
        assert len(versions(installation)) == 1
        chosen = {"vælg.follow_up": "deres", "vælg.absence": "min", "udgave": "1"}
        assert mine.send(FORM, {**ANSWERS, "absence.text": "Fravær ned", **chosen}).status_code == 303
    _, second = versions(installation)
    assert (second.answers["follow_up"], second.answers["absence.text"]) == ("Hver uge", "Fravær ned")


def test_a_double_click_after_somebody_elses_version_is_still_one_submission(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        texts = {**ANSWERS, "afleveringsmærke": "et mærke", "udgave": "0"}
        first, second = browser.send(FORM, texts), browser.send(FORM, texts)
    assert (first.headers["location"], second.headers["location"]) == (f"{PAGE}/kvittering/1",) * 2
    assert len(versions(installation)) == 1


def test_the_file_of_the_version_before_goes_on_when_it_is_kept(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        browser.send(FORM, ANSWERS, files={"plan": ("plan.pdf", b"%PDF-1.7 planen")})
        assert "Behold »plan.pdf« fra udgave 1" in browser.get(FORM).text
        browser.send(FORM, {**ANSWERS, "behold-fil": "1"})
        browser.send(FORM, ANSWERS)
    first, second, third = versions(installation)
    assert (first.file, third.file) == (second.file, None)


def figures(installation: Installation, *found: Measurement) -> None:
    new = snapshots.NewSnapshot("proeveby", None, "files", {}, b"tal", found)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with installation.store.write() as connection:
        snapshot, _ = snapshots.add(connection, new, now=now)
        snapshots.publish(connection, snapshot.id, now=now)


def absence(unit: str, **given: object) -> Measurement:
    year = SchoolYear(2024)
    values = {"indicator": "absence", "published_on": date(2025, 11, 1), **given}
    return Measurement(school_year=year, unit=unit, source="files", **values)  # type: ignore[arg-type]


def cells(browser: Browser) -> list[str]:
    return re.findall(r'<td data-title="[^"]+">(.*?)</td>', browser.get(FORM).text, re.DOTALL)[:3]


def test_the_schools_own_figures_stand_beside_the_municipalitys_and_the_countrys(installation: Installation) -> None:
    figures(
        installation,
        absence("323001", value=Decimal("6.1")),
        absence(MUNICIPALITY, value=Decimal("5.9")),
        absence(COUNTRY, missing=MissingReason.NOT_PUBLISHED),
    )
    with forms.reading(installation) as browser:
        page = browser.get(FORM).text
        assert '<td data-title="Buerup Skole">6,1 %</td>' in page
        assert '<td data-title="Prøveby Kommune">5,9 %</td>' in page
        assert "– tallet er ikke offentliggjort endnu" in page
        assert ">0 %" not in page


def test_figures_that_nobody_has_fetched_are_said_to_be_missing(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        page = browser.get(FORM).text
    assert "Der er ikke hentet noget tal endnu for Samlet elevfravær." in page
    assert '<table class="beside">' not in page


def test_another_school_cannot_open_the_form(installation: Installation) -> None:
    with forms.reading(installation, LEADER.replace("s1", "s2")) as browser:
        assert browser.get(FORM).status_code == 404


@pytest.mark.parametrize(("reader", "is_shown"), [(LEADER, True), ("laeser@proeveby.example", False)])
def test_confidential_figures_are_for_those_alone_who_may_see_them(
    installation: Installation, reader: str, *, is_shown: bool
) -> None:
    secret = replace(forms.PLAN, figures=("absence", "good_results_danish"))
    town = builders.municipality("proeveby", (*builders.ACTIVITIES, secret))
    figures(installation, absence("323001", indicator="good_results_danish", value=Decimal(81)))
    with installation.store.read() as connection:
        occurrence = plans.occurrence(connection, KEY)
        assert occurrence
        viewer = Viewer("mail", "En", standings=standings_of(town, reader, today=date(2026, 11, 22)))
        sees = viewer.may_about(Right.SEE_CONFIDENTIAL, town, occurrence)
        lines = beside(connection, town, occurrence, sees_confidential=sees, sees_confidential_of_all=sees)
    shown = [line.own.text for line in lines if line.own and line.indicator.confidential]
    assert shown == (["81,0 %"] if is_shown else [])
