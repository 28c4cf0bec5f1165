"""The pages of schools, dialogues and what happened in a real browser, and a meeting that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from tests import databases
from tests.web import builders, people
from tests.web.conftest import seed
from tests.web.test_pages_in_chromium import ARGUMENTS, Served, serving

pytestmark = pytest.mark.browser

SCHOOL = "/proeveby/skole/323001"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
DIALOGUE = "/proeveby/forekomst/proeveby.2026-27.dialogue.323001"
PAGES = {
    people.LEADER: (SCHOOL, f"{SCHOOL}?vis=mails", MEETING, f"{DIALOGUE}/samtaleark"),
    people.ADMINISTRATION: (
        SCHOOL,
        DIALOGUE,
        "/proeveby/udbakke?modtager=s1",
        "/proeveby/log",
        "/proeveby/revisionsspor",
    ),
    people.OPERATOR: ("/proeveby/udbakke", "/proeveby/mail/1", "/proeveby/forhaandsvisning?dato=2026-11-23"),
    "": ("/tilgaengelighed", "/privatliv"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    guides = home / "municipalities" / "proeveby"
    guides.mkdir(parents=True)
    (guides / "guide.md").write_text("# Spørgsmål\n\n- Hvad går godt?\n", encoding="utf-8")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    seed(store)
    installation = Installation(Settings.read(home), store, (builders.municipality("proeveby"),))
    with serving(people.peopled(installation)) as found:
        yield found
    store.close()


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def opened(chrome: Browser, address: Served, reader: str, *, width: int = 1280, scripts: bool = True) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="da-DK")
    if reader:
        context.add_cookies(address.cookies(reader))
    try:
        yield context.new_page()
    finally:
        context.close()


def _note(said: list[str], message: ConsoleMessage) -> None:
    said.append(message.text)


def move(page: Page, address: Served, day: str, *, done: str) -> None:
    """Put the meeting on another day, look at who is told, and say yes."""
    page.goto(address + MEETING)
    page.get_by_label("Dato").fill(day)
    page.get_by_label("Begynder").fill("10:00")
    page.get_by_label("Slutter").fill("11:30")
    page.get_by_role("button", name="Se, hvem der får besked").click()
    told = page.get_by_role("region", name="Det sker, når du siger ja")
    expect(told).to_contain_text("Leder af Buerup Skole")
    told.get_by_role("button", name="Ja, ").click()
    expect(page.get_by_role("status")).to_contain_text(done)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_meeting_is_moved_in_the_browser_with_javascript_and_without(
    chrome: Browser, address: Served, *, scripts: bool
) -> None:
    with opened(chrome, address, people.ADMINISTRATION, width=320, scripts=scripts) as page:
        page.goto(address + MEETING)
        if page.get_by_role("heading", name="Indkald til mødet").count():
            move(page, address, "2026-12-01", done="Mødet er indkaldt")
        day = "2026-12-03" if scripts else "2026-12-04"
        move(page, address, day, done="Mødet er flyttet, og de indkaldte får besked.")
        expect(page.get_by_text(f"den {int(day[-2:])}. december 2026, uge 49, kl. 10.00-11.30").first).to_be_visible()


@pytest.mark.parametrize("width", [320, 1920])
def test_no_page_must_be_scrolled_sideways_nor_breaks_a_rule_of_accessibility(
    chrome: Browser, address: Served, width: int
) -> None:
    for reader, paths in PAGES.items():
        with opened(chrome, address, reader, width=width) as page:
            said: list[str] = []
            page.on("console", partial(_note, said))
            for path in paths:
                page.goto(address + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                found = Axe().run(page).response["violations"]
                assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], path
            assert said == [], reader


def test_who_is_told_what_breaks_no_rule_of_accessibility(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, people.ADMINISTRATION, width=320) as page:
        page.goto(address + MEETING)
        page.get_by_label("Dato").fill("2026-12-08")
        page.get_by_label("Begynder").fill("10:00")
        page.get_by_label("Slutter").fill("11:30")
        page.get_by_role("button", name="Se, hvem der får besked").click()
        expect(page.get_by_role("region", name="Det sker, når du siger ja")).to_be_visible()
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_leader_logs_in_and_delivers_from_the_first_page(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, people.LEADER, width=320, scripts=False) as page:
        page.goto(f"{address}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Buerup Skole")
        page.get_by_role("link", name="Aflevér: Skolens egne mål").click()
        page.get_by_label("Skolens mål").fill("Vi vil have flere i skole.")
        page.get_by_label("Mål i procent").fill("5,4")
        page.get_by_role("button", name="Aflevér").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tak, det er modtaget")
        page.goto(f"{address}/")
        expect(page.get_by_role("link", name="Aflevér: Skolens egne mål")).to_have_count(0)
        expect(page.locator(".stream")).to_contain_text("Afleveret: Skolens egne mål, af Leder af Buerup Skole")
