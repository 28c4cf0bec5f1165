"""The year in a real browser: labels, keyboard, paper, small screens and large letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kvalitet.adapters.access import sessions
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import Store
from kvalitet.municipality import Municipality
from kvalitet.wheel import Role
from tests import databases
from tests.web import builders
from tests.web.test_pages_in_chromium import ARGUMENTS, Served, serving
from tests.web.year.planning import LAST_YEAR, crowd, write_year

pytestmark = pytest.mark.browser

LABELS = (Path(__file__).parent / "labels.js").read_text(encoding="utf-8")
YEAR = "skoleaar=2026-27"
LAST = f"?{YEAR}&sidste=ja"
CHOSEN = f"?{YEAR}&ring=deliverables&ring=school_groups&rolle=school_leader&sidste=ja&start=august"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    """Serve both shipped municipalities and one with eighty points, each with this year and the last."""
    home = tmp_path_factory.mktemp("home")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    crowded = replace(builders.municipality("mangepunkt", crowd()), name="Mangepunkt Kommune")
    municipalities = (*load_all(CHECKOUT / "deployments"), crowded)
    for municipality in municipalities:
        write_year(store, municipality)
        write_year(store, municipality, LAST_YEAR, later=10)
    with serving(Installation(Settings.read(home), store, municipalities)) as found:
        yield found
    store.close()


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def opened(chrome: Browser, address: Served, municipality: str, *, width: int = 1440) -> Iterator[Page]:
    """Open a browser logged in as the administration of a municipality."""
    context = chrome.new_context(viewport={"width": width, "height": 1000}, locale="da-DK", base_url=str(address))
    found = address.installation.municipality(municipality)
    entry = Entry(municipality, Method.LINK, address=administration_of(found))
    with address.installation.store.write() as connection:
        token = sessions.begin(connection, entry, now=builders.NOON)
    context.add_cookies([{"name": "kvalitet_session", "value": token, "url": str(address)}])
    try:
        yield context.new_page()
    finally:
        context.close()


def administration_of(municipality: Municipality) -> str:
    return next(contact.address for contact in municipality.contacts if contact.role is Role.ADMINISTRATION)


@pytest.mark.parametrize("municipality", ["kalundborg", "hvidovre", "mangepunkt"])
@pytest.mark.parametrize("query", [f"?{YEAR}", f"?{YEAR}&start=januar", f"?{YEAR}&start=august", LAST])
def test_no_label_or_mark_of_the_wheel_touches_another(
    chrome: Browser, address: Served, municipality: str, query: str
) -> None:
    with opened(chrome, address, municipality) as page:
        page.goto(f"/{municipality}/{query}")
        page.evaluate("document.fonts.ready.then(() => true)")
        found = page.evaluate(LABELS)
    assert found["touching"] == []
    assert found["letters"] > 300


def test_the_whole_wheel_is_walked_with_tab_in_the_order_in_which_it_is_drawn(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "hvidovre") as page:
        page.goto(f"/hvidovre/?{YEAR}")
        wanted = page.eval_on_selector_all(".wheel a", "links => links.map(link => link.getAttribute('aria-label'))")
        page.locator(".year-filter summary").focus()
        walked = []
        for _ in range(len(wanted) + 1):
            page.keyboard.press("Tab")
            walked.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert walked[0] is None  # the link past the wheel comes first
    assert walked[1:] == wanted


def test_the_wheel_can_be_skipped(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "hvidovre") as page:
        page.goto(f"/hvidovre/?{YEAR}")
        page.locator(".year-filter summary").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("PDF til A3")


def test_an_arc_shows_its_card_when_it_is_pointed_at_or_focused(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "kalundborg") as page:
        page.goto(f"/kalundborg/?{YEAR}")
        first, second = page.locator(".bar a").nth(0), page.locator(".bar a").nth(1)
        expect(first.locator(".card")).to_be_hidden()
        page.locator(".year-filter summary").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        expect(first.locator(".card")).to_be_visible()
        expect(first.locator(".card text").first).to_have_text("1 Dataudtræk for alle skoler")
        second.locator(".mark").hover()
        expect(second.locator(".card")).to_be_visible()
        expect(first.locator(".card")).to_be_hidden()


def test_no_line_of_any_card_reaches_into_the_wheel(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "kalundborg") as page:
        page.goto(f"/kalundborg/?{YEAR}")
        page.evaluate("document.fonts.ready.then(() => true)")
        nearest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll(".card")].flatMap(card => {
              card.style.display = "inline";
              const ends = [...card.querySelectorAll("text")].map(text => {
                const box = text.getBBox();
                return Math.hypot(600 - (box.x + box.width), 600 - (box.y + box.height));
              });
              card.style.display = "";
              return ends;
            }))"""
        )
    assert nearest > 592


@pytest.mark.parametrize("width", [320, 1920])
@pytest.mark.parametrize("page_of_year", ["", "tidslinje", "liste"])
def test_the_open_form_and_last_year_break_no_rule_of_accessibility(
    chrome: Browser, address: Served, page_of_year: str, width: int
) -> None:
    with opened(chrome, address, "kalundborg", width=width) as page:
        page.goto(f"/kalundborg/{page_of_year}{CHOSEN}")
        page.locator(".year-filter summary").click()
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_choice_that_leaves_nothing_breaks_no_rule_of_accessibility(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "kalundborg") as page:
        page.goto(f"/kalundborg/?{YEAR}&ring=data&rolle=unions")
        expect(page.get_by_text("Ingen af årets punkter passer til det, du har valgt.")).to_be_visible()
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("page_of_year", ["", "tidslinje", "liste"])
def test_letters_twice_as_large_need_no_scrolling_sideways(chrome: Browser, address: Served, page_of_year: str) -> None:
    with opened(chrome, address, "kalundborg", width=1280) as page:
        page.goto(f"/kalundborg/{page_of_year}{CHOSEN}")
        page.locator(".year-filter summary").click()
        page.evaluate("document.documentElement.style.fontSize = '125%'")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 32
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_part_of_the_year_is_chosen_with_the_keyboard(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "hvidovre") as page:
        page.goto(f"/hvidovre/liste?{YEAR}")
        page.locator(".year-filter summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name="Data")).to_be_checked()
        page.keyboard.press("Enter")
        page.wait_for_url("**/hvidovre/liste?**ring=data**")
        expect(page.get_by_role("status")).to_contain_text("Viser 2 af årets")
        expect(page.locator(".year-item")).to_have_count(2)


@pytest.mark.parametrize("municipality", ["kalundborg", "hvidovre"])
def test_the_year_is_one_sheet_of_a3_on_paper(chrome: Browser, address: Served, municipality: str) -> None:
    with opened(chrome, address, municipality) as page:
        page.goto(f"/{municipality}/?{YEAR}")
        pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(round(float(width)), round(float(height))) for width, height in boxes] == [(1191, 842)]


def test_on_paper_stand_the_wheel_and_its_points_and_no_buttons(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "kalundborg") as page:
        page.emulate_media(media="print")
        page.goto(f"/kalundborg/?{YEAR}")
        expect(page.locator("svg.wheel").first).to_be_visible()
        expect(page.locator(".points li").first).to_be_visible()
        expect(page.locator(".legend")).to_be_visible()
        for hidden in (".menu", ".when", ".year-filter", ".downloads", ".who", ".board-side"):
            expect(page.locator(hidden).first).to_be_hidden()


def test_without_colours_every_state_has_a_shape_of_its_own(chrome: Browser, address: Served) -> None:
    """In black and white only shapes are left: no two entries of the legend may be drawn alike."""
    with opened(chrome, address, "kalundborg") as page:
        page.goto(f"/kalundborg/{LAST}")
        shapes = page.eval_on_selector_all(
            ".legend svg",
            """keys => keys.map(key => [...key.querySelectorAll("path, circle, rect")].map(part =>
                 [part.tagName, part.getAttribute("d"), getComputedStyle(part).strokeDasharray,
                  getComputedStyle(part).fill === "rgb(255, 255, 255)"].join()).join(" "))""",
        )
    assert len(shapes) >= 11
    assert len(set(shapes)) == len(shapes)


def test_in_forced_colours_the_arcs_can_still_be_told_from_their_ground(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, "kalundborg") as page:
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        page.goto(f"/kalundborg/?{YEAR}")
        style = page.eval_on_selector(
            ".bar .window", "arc => [getComputedStyle(arc).stroke !== 'none', getComputedStyle(arc).transitionDuration]"
        )
    assert style == [True, "0s"]
