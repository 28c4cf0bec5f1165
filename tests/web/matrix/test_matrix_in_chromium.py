"""The matrix in a real browser: it stays fresh, keeps its place, and can be read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.deliveries import Submission
from tests.web import builders
from tests.web.conftest import seed
from tests.web.test_pages_in_chromium import ARGUMENTS, Served, serving

pytestmark = pytest.mark.browser

PAGE = "/proeveby/skoler"
OCCURRENCE = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
CELL_PAGE = "/proeveby/skole/323001/aflevering/local_goals"
CELL = 'a[href="skole/323001/aflevering/open_school"]'
DELIVERED = Submission({"goal": "Flere i skole", "percent": "5"}, "Leder")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def address(tmp_path: Path, sqlite_url: str) -> Iterator[Served]:
    store = Store.open(sqlite_url)
    seed(store)
    installation = Installation(Settings.read(tmp_path), store, (builders.municipality("proeveby"),))
    with serving(installation) as served:
        yield served
    store.close()


def opened(browser: Browser, address: Served, path: str, *, width: int = 1280, script: bool = True) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 480}, locale="da-DK", java_script_enabled=script)
    context.add_cookies(address.cookies())
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}{path}")
    return page


def test_what_a_school_delivers_appears_by_itself_and_focus_and_scroll_stay(browser: Browser, address: Served) -> None:
    page = opened(browser, address, PAGE, width=800)
    link = page.locator('a[href="skole/323001/opkald"]')
    link.focus()
    page.locator("#skoler-tabel").evaluate("part => { part.scrollLeft = 15; part.scrollTop = 9; }")
    place = "[document.querySelector('#skoler-tabel').scrollLeft, document.querySelector('#skoler-tabel').scrollTop]"
    before = page.evaluate(place)
    deliver(address.installation, "proeveby.2026-27.open_school.323001", DELIVERED, now=builders.NOON)
    page.clock.run_for(31_000)
    expect(page.locator(CELL)).to_have_text("afleveret")
    expect(page.locator("#antal")).to_contain_text("1 af 15 afleveret")
    expect(page.get_by_role("status")).to_contain_text("Tabellen er opdateret kl.")
    expect(link).to_be_focused()
    assert page.evaluate(place) == before
    assert before[0] == 15


def test_what_has_not_changed_is_not_sent_again_and_nothing_moves(browser: Browser, address: Served) -> None:
    page = opened(browser, address, PAGE)
    page.reload()
    page.evaluate("document.querySelector('.board-table').isTheSame = true")
    with page.expect_response(lambda answer: answer.url.endswith("/skoler")) as asked:
        page.clock.run_for(31_000)
    assert asked.value.status in {200, 304}
    assert page.evaluate("document.querySelector('.board-table').isTheSame")
    expect(page.get_by_role("status")).to_have_text("")


def test_whoever_is_logged_out_is_told_so_and_keeps_what_is_on_the_screen(browser: Browser, address: Served) -> None:
    page = opened(browser, address, PAGE)
    page.context.clear_cookies()
    page.clock.run_for(31_000)
    expect(page.get_by_role("status")).to_have_text("Du er logget ud. Hent siden igen for at se den seneste status.")
    assert page.locator(".board-table tbody tr").count() == 5


def test_without_javascript_the_matrix_is_narrowed_by_its_form(browser: Browser, address: Served) -> None:
    context = browser.new_context(locale="da-DK", java_script_enabled=False)
    context.add_cookies(address.cookies())
    page = context.new_page()
    page.goto(f"{address}{PAGE}")
    page.get_by_label("Skolens navn").fill("åmose")
    page.get_by_role("button", name="Vis").last.click()
    expect(page.locator(".board-table tbody th")).to_have_text(["Åmoseskolen"])
    page.get_by_role("link", name="Vis alt").click()
    assert page.locator(".board-table tbody tr").count() == 5


def test_the_head_and_the_first_column_stay_when_the_table_is_scrolled(browser: Browser, address: Served) -> None:
    page = opened(browser, address, PAGE, width=800)
    page.locator("#skoler-tabel").evaluate("part => { part.style.maxHeight = '200px'; part.scrollTo(200, 100); }")
    frame = page.locator("#skoler-tabel").bounding_box()
    head = page.locator(".board-table thead th").first.bounding_box()
    name = page.locator(".board-table tbody th").last.bounding_box()
    assert frame
    assert head
    assert name
    assert abs(head["y"] - frame["y"]) <= 2
    assert abs(head["x"] - frame["x"]) <= 2
    assert abs(name["x"] - frame["x"]) <= 2


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?kun=mangler", CELL_PAGE, "/proeveby/skole/323001/opkald", OCCURRENCE])
@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_read_it_on_large_and_small_screens(
    browser: Browser, address: Served, path: str, width: int
) -> None:
    page = opened(browser, address, path, width=width)
    page.clock.resume()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width


MISSING = 'a[href="skole/323001/aflevering/local_goals?kun=mangler"]'


def test_a_cell_is_opened_and_its_form_sent_on_the_spot_with_the_keyboard(browser: Browser, address: Served) -> None:
    page = opened(browser, address, f"{PAGE}?kun=mangler")
    page.evaluate("document.querySelector('.board-table').isTheSame = true")
    page.locator(MISSING).focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Skolens egne mål")
    expect(box.get_by_role("heading", name="Skolens egne mål")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(page.locator(MISSING)).to_be_focused()
    page.keyboard.press("Enter")
    box.get_by_label("Ny frist").fill("2026-11-01")
    box.get_by_label("Begrundelse").first.fill("Ny leder.")
    box.get_by_role("button", name="Udsæt fristen").click()
    expect(box.get_by_role("alert")).to_contain_text("frist")
    expect(box.get_by_label("Begrundelse").first).to_have_value("Ny leder.")
    box.get_by_label("Ny frist").fill("2026-12-11")
    box.get_by_role("button", name="Udsæt fristen").click()
    expect(page.locator(f"td:has(> {MISSING})")).to_have_text("åbenudsat til 11. december")
    expect(page.get_by_role("status")).to_have_text("Skolens frist er udsat.")
    expect(page.locator(MISSING)).to_be_focused()
    assert page.url == f"{address}{PAGE}?kun=mangler"
    assert page.evaluate("document.querySelector('[data-live]').isConnected")


def test_without_javascript_a_cell_leads_to_a_page_and_back_to_the_same_schools(
    browser: Browser, address: Served
) -> None:
    page = opened(browser, address, f"{PAGE}?kun=mangler", script=False)
    page.locator(MISSING).click()
    page.get_by_label("Notér et opkald").fill("De er ramt af sygdom.")
    page.get_by_role("button", name="Gem notatet").click()
    expect(page.get_by_role("status").first).to_have_text("Opkaldet er noteret.")
    assert page.url == f"{address}{PAGE}?kun=mangler&sket=noteret#s323001"


@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_read_what_is_opened_on_the_spot(browser: Browser, address: Served, width: int) -> None:
    page = opened(browser, address, f"{PAGE}?kun=mangler", width=width)
    page.clock.resume()
    page.locator(MISSING).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("(box => box.scrollWidth - box.clientWidth)(document.querySelector('dialog'))") == 0
