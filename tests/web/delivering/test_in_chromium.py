"""Delivering in a real browser, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kvalitet.adapters.delivering import drafts
from kvalitet.adapters.store import Store, deliveries
from kvalitet.days import SchoolYear
from tests import databases
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, DIRECTOR, FORM, KEY, LEADER, PAGE
from tests.web.test_pages_in_chromium import ARGUMENTS, Served, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Served]:
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, tmp_path / "kvalitet.sqlite"))
    with serving(forms.planned(store, tmp_path, SchoolYear(2025), SchoolYear(2026))) as found:
        yield found
    store.close()


@contextmanager
def opened(
    chrome: Browser, address: Served, *, reader: str = LEADER, scripts: bool = True, width: int = 1280
) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="da-DK")
    context.add_cookies(address.cookies(reader))
    try:
        yield context.new_page()
    finally:
        context.close()


def fill_in(page: Page, **other: str) -> None:
    for name, text in {**ANSWERS, **other}.items():
        field = page.locator(f'[name="{name}"]')
        if name.endswith(".indicator"):
            field.select_option(text)
        else:
            field.fill(text)


def deliver(page: Page) -> None:
    page.get_by_role("button", name="Aflevér", exact=True).click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def draft(address: Served) -> drafts.Draft | None:
    with address.installation.store.read() as connection:
        return drafts.draft(connection, KEY, f"mail:{LEADER}")


def test_what_is_typed_is_kept_by_itself_and_offered_again(chrome: Browser, address: Served) -> None:
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        page.get_by_label("Sådan følger I op").fill("Hver anden uge")
        expect(page.get_by_role("status")).to_have_text("Kladde gemt kl. 12.00")
        page.goto(address + FORM)
        expect(page.get_by_text("Din kladde er hentet frem")).to_be_visible()
        expect(page.get_by_label("Sådan følger I op")).to_have_value("Hver anden uge")
        page.get_by_role("button", name="Slet kladde").click()
        expect(page.get_by_label("Sådan følger I op")).to_have_value("")
    assert draft(address) is None


def test_what_is_typed_is_kept_when_the_page_is_left_at_once(chrome: Browser, address: Served) -> None:
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        page.get_by_label("Sådan følger I op").fill("Hver anden uge")
        with page.expect_response(lambda answer: answer.url.endswith("/kladde")) as saved:
            page.evaluate(
                "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
                "document.dispatchEvent(new Event('visibilitychange'))"
            )
    assert saved.value.status == 200
    found = draft(address)
    assert found
    assert found.answers["follow_up"] == "Hver anden uge"


def test_a_draft_is_kept_by_a_button_without_javascript(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, scripts=False, width=320) as page:
        page.goto(address + FORM)
        fill_in(page, follow_up="Hver anden uge")
        page.get_by_role("button", name="Gem kladde").click()
        expect(page.get_by_text("Kladden er gemt: 22. november 2026 kl. 12.00.")).to_be_visible()
        deliver(page)
        expect(heading(page)).to_have_text("Tak, det er modtaget")
    assert draft(address) is None


def test_rows_are_added_with_javascript_without_leaving_the_page(chrome: Browser, address: Served) -> None:
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        fill_in(page)
        page.get_by_role("button", name="Flere rækker").click()
        expect(page.get_by_label("Indsats, række 4")).to_be_focused()
        page.get_by_label("Indsats, række 4").fill("Gåbus")
        page.get_by_label("Hvem, række 4").fill("Alle")
        deliver(page)
        expect(page.get_by_text("Gåbus · Alle")).to_be_visible()
        expect(page.get_by_text("Læsebånd · Lederen")).to_be_visible()


def test_rows_are_added_without_javascript_and_what_was_typed_stands(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, scripts=False, width=320) as page:
        page.goto(address + FORM)
        fill_in(page)
        page.get_by_role("button", name="Flere rækker").click()
        expect(page.get_by_label("Indsats, række 1")).to_have_value("Læsebånd")
        page.get_by_label("Indsats, række 6").fill("Gåbus")
        page.get_by_label("Hvem, række 6").fill("Alle")
        deliver(page)
        expect(page.get_by_text("Gåbus · Alle")).to_be_visible()


def test_last_years_promises_hold_up_this_years_plan_until_they_are_answered(chrome: Browser, address: Served) -> None:
    forms.promised_last_year(address.installation)
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        fill_in(page)
        deliver(page)
        expect(page.get_by_role("alert").first).to_be_focused()
        page.get_by_role("link", name="Svar på, hvad der blev af »Gåbus").click()
        page.get_by_label("Fortsætter").check()
        page.get_by_label("Hvordan gik det?").fill("Godt i gang.")
        deliver(page)
        expect(page.get_by_text("Gåbus · Klasselærerne · juni: fortsætter. Godt i gang.")).to_be_visible()


def test_last_years_answer_is_copied_into_the_field(chrome: Browser, address: Served) -> None:
    forms.promised_last_year(address.installation)
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        page.get_by_text("Sidste svar, 2025/26: Sådan følger I op").click()
        page.get_by_role("button", name="Brug sidste års svar i Sådan følger I op").click()
        expect(page.get_by_label("Sådan følger I op", exact=True)).to_have_value("Hver uge")


def test_last_years_goal_and_table_are_copied_whole(chrome: Browser, address: Served) -> None:
    rows = {f"efforts.{number}.effort": f"Indsats {number}" for number in range(1, 6)}
    people = {f"efforts.{number}.responsible": "Alle" for number in range(1, 6)}
    forms.promised_last_year(address.installation, **rows, **people)
    with opened(chrome, address) as page:
        page.goto(address + FORM)
        page.get_by_label("Hvem, række 3").fill("Ingen endnu")
        for title in ("Indsatser", "Mål for fravær"):
            page.get_by_text(f"Sidste svar, 2025/26: {title}").click()
            page.get_by_role("button", name=f"Brug sidste års svar i {title}").click()
        expect(page.get_by_label("Indsats, række 5")).to_have_value("Indsats 5")
        expect(page.get_by_label("Hvem, række 3")).to_have_value("Alle")
        expect(page.get_by_label("Målet", exact=True)).to_have_value("Flere i skole")
        expect(page.get_by_label("Måles på")).to_have_value("absence")
        expect(page.get_by_label("Måltal")).to_have_value("5,4")
        expect(page.get_by_label("Nås senest")).to_have_value("2027-06-30")
        expect(page.get_by_label("Målet", exact=True)).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_of_two_who_write_at_once_the_second_sees_both_and_chooses(
    chrome: Browser, address: Served, *, scripts: bool
) -> None:
    with opened(chrome, address, scripts=scripts) as mine, opened(chrome, address, reader=DIRECTOR) as other:
        mine.goto(address + FORM)
        other.goto(address + FORM)
        fill_in(other, follow_up="Hver uge")
        deliver(other)
        expect(heading(other)).to_have_text("Tak, det er modtaget")
        fill_in(mine, **{"absence.text": "Fravær ned"})
        deliver(mine)
        expect(mine.get_by_role("alert").first).to_contain_text("Direktøren har afleveret udgave 1, mens du skrev.")
        theirs = mine.get_by_role("group", name="Direktøren har skrevet noget andet i »Sådan følger I op«")
        expect(theirs).to_contain_text("Hver uge")
        theirs.get_by_label("Tag det, Direktøren har skrevet").check()
        deliver(mine)
        expect(heading(mine)).to_have_text("Tak, det er modtaget")
    with address.installation.store.read() as connection:
        first, second = deliveries.versions(connection, KEY)
    assert (first.answers["follow_up"], first.answers["absence.text"]) == ("Hver uge", "Flere i skole")
    assert (second.answers["follow_up"], second.answers["absence.text"]) == ("Hver uge", "Fravær ned")


def test_the_director_sends_back_and_approves(chrome: Browser, address: Served) -> None:
    with opened(chrome, address) as school, opened(chrome, address, reader=DIRECTOR, width=320) as director:
        school.goto(address + FORM)
        fill_in(school)
        deliver(school)
        expect(heading(school)).to_have_text("Tak, det er modtaget")
        director.goto(address + PAGE)
        director.get_by_role("button", name="Send retur").click()
        expect(director.get_by_role("alert")).to_contain_text("Skriv, hvad skolen skal rette")
        director.get_by_label("Kommentar til skolen").fill("Hvem følger op?")
        director.get_by_role("button", name="Send retur").click()
        expect(director.get_by_role("status")).to_contain_text("Afleveringen er sendt retur")
        school.goto(address + FORM)
        expect(school.get_by_text("Direktøren skriver: Hvem følger op?")).to_be_visible()
        fill_in(school, follow_up="Lederen, hver måned")
        deliver(school)
        expect(heading(school)).to_have_text("Tak, det er modtaget")
        director.goto(address + PAGE)
        director.get_by_role("button", name="Godkend").click()
        expect(director.get_by_role("status")).to_contain_text("Afleveringen er godkendt")
        director.get_by_role("button", name="Fortryd").click()
        expect(director.get_by_role("status")).to_contain_text("Afgørelsen er fortrudt")


def test_a_warning_comes_some_minutes_before_the_session_ends(chrome: Browser, address: Served) -> None:
    with opened(chrome, address) as page:
        page.clock.install()
        page.goto(address + FORM)
        warning = page.get_by_role("alert")
        page.clock.fast_forward("54:00")
        expect(warning).to_be_hidden()
        page.clock.fast_forward("01:30")
        expect(warning).to_contain_text("Det sker om 5 minutter.")
        page.get_by_role("button", name="Bliv logget ind").click()
        expect(warning).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_breaks_no_rule_and_is_not_scrolled_sideways(chrome: Browser, address: Served, width: int) -> None:
    forms.promised_last_year(address.installation)
    with opened(chrome, address, width=width) as page, opened(chrome, address, reader=DIRECTOR, width=width) as other:
        page.goto(address + FORM)
        deliver(page)
        expect(page.get_by_role("alert").first).to_be_visible()
        other.goto(address + FORM)
        fill_in(other)
        other.get_by_label("Opgivet").check()
        other.get_by_label("Hvordan gik det?").fill("For få.")
        deliver(other)
        expect(heading(other)).to_have_text("Tak, det er modtaget")
        other.goto(address + PAGE)
        for shown in (page, other):
            found = Axe().run(shown).response["violations"]
            assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
