"""The pages in a real browser: small and large screens, without JavaScript, and for those who cannot see them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.web.app import create_app
from kvalitet.web.serve import listen
from tests import databases
from tests.web import builders
from tests.web.conftest import ADMINISTRATION, logged_in, seed

pytestmark = pytest.mark.browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OCCURRENCE = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
PAGES = (
    "/log-ind/proeveby",
    "/proeveby/",
    "/proeveby/tidslinje",
    "/proeveby/liste",
    "/proeveby/skoler",
    "/proeveby/skole/323001",
    "/proeveby/aktivitet/local_goals",
    OCCURRENCE,
    f"{OCCURRENCE}/aflever",
    f"{OCCURRENCE}/paamind",
    MEETING,
    "/proeveby/forhaandsvisning?dato=2026-11-23",
    "/proeveby/udbakke",
    "/proeveby/indbakke",
    "/proeveby/kalendere",
    "/proeveby/maal",
    "/proeveby/log",
)


class Served(str):
    """The address of a board, and its installation."""

    __slots__ = ("installation",)
    installation: Installation

    def cookies(self, reader: str = ADMINISTRATION) -> list[Any]:
        """Give the cookies of whoever reads a mailbox."""
        return [{"name": "kvalitet_session", "value": logged_in(self.installation, reader), "url": str(self)}]


@contextmanager
def serving(installation: Installation) -> Iterator[Served]:
    """Serve the board on a free port for as long as the tests run."""
    app = create_app(lambda: installation, lambda: builders.NOON)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            address = Served(f"http://127.0.0.1:{listening.getsockname()[1]}")
            address.installation = installation
            yield address
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    seed(store)
    with serving(Installation(Settings.read(home), store, (builders.municipality("proeveby"),))) as found:
        yield found
    store.close()


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def opened(
    chrome: Browser, address: Served, *, width: int, scripts: bool = False, reader: str = ADMINISTRATION
) -> Iterator[Page]:
    """Open a page as whoever reads a mailbox; "" is nobody."""
    context: BrowserContext = chrome.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="da-DK"
    )
    context.add_cookies(address.cookies(reader) if reader else [])
    try:
        yield context.new_page()
    finally:
        context.close()


def test_no_page_breaks_its_own_security_policy(chrome: Browser, address: Served) -> None:
    said: list[str] = []
    with opened(chrome, address, width=1280, scripts=True) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in PAGES:
            page.goto(address + path)
    assert said == []


def test_a_school_delivers_without_javascript_from_the_board_to_the_receipt(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, width=320) as page:
        page.goto(f"{address}/proeveby/")
        page.get_by_role("link", name="Kalundborg Skole").first.click()
        page.get_by_role("link", name="Skolens egne mål", exact=True).click()
        page.get_by_role("link", name="Aflevér").click()
        page.get_by_role("button", name="Aflevér").click()
        expect(page.get_by_role("alert")).to_contain_text("Udfyld »Skolens mål«.")
        page.get_by_label("Skolens mål").fill("Vi vil have flere i skole.")
        page.get_by_label("Mål i procent").fill("5,4")
        page.get_by_label("Planen som fil").set_input_files(
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 planen"}
        )
        page.get_by_role("button", name="Aflevér").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tak, det er modtaget")
        expect(page.get_by_text("plan.pdf")).to_be_visible()


def test_a_file_that_is_too_large_gets_an_answer_and_not_a_broken_line(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, width=1280) as page:
        page.goto(f"{address}/proeveby/forekomst/proeveby.2026-27.local_goals.323005/aflever")
        page.get_by_label("Skolens mål").fill("Vi vil have flere i skole.")
        page.get_by_label("Planen som fil").set_input_files(
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" + bytes(14 * 1024 * 1024)}
        )
        page.get_by_role("button", name="Aflevér").click()
        expect(page.get_by_role("alert")).to_contain_text("Filen er for stor")
        expect(page.get_by_label("Skolens mål")).to_have_value("Vi vil have flere i skole.")


def test_the_wheel_can_be_walked_with_the_keyboard(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, width=1280, scripts=True) as page:
        page.goto(f"{address}/proeveby/")
        page.locator(".wheel a").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Dataudtræk for alle skoler")


def test_a_box_that_must_be_ticked_can_be_seen(chrome: Browser, address: Served) -> None:
    with opened(chrome, address, width=360) as page:
        page.goto(address + MEETING)
        box = page.locator("input[type=checkbox][required]").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 16
