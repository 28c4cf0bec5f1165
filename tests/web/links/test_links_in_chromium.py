"""The pages behind secret links, on a narrow screen and for those who cannot see them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from kvalitet.adapters.store import Store
from tests import databases
from tests.adapters.offers.asked import asked, key
from tests.adapters.offers.mails import File
from tests.web.builders import NOON
from tests.web.test_pages_in_chromium import ARGUMENTS, serving

pytestmark = pytest.mark.browser


def test_a_file_is_confirmed_and_a_calendar_made_by_hand(tmp_path: Path, migrated_sqlite: Path, chromium: str) -> None:
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, tmp_path / "kvalitet.sqlite"))
    leader = asked(store, tmp_path, key("local_goals"), key("action_plan"))
    leader.answers(File(), now=NOON)
    here = replace(leader.installation, settings=leader.installation.settings.model_copy(update={"base_url": ""}))
    with serving(here) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 320, "height": 640})
        wrong: dict[str, tuple[int, int]] = {}

        def look(name: str) -> None:
            wide: int = page.evaluate("document.documentElement.scrollWidth")
            wrong[name] = (Axe().run(page).violations_count, max(0, wide - 320))

        page.goto(f"{address}/proeveby/bekraeft/{leader.token()}")
        look("what the file is")
        with page.expect_navigation():
            page.get_by_role("link", name="Skolens egne mål, Aarby Skole").click()
        look("the form")
        with page.expect_navigation():
            page.get_by_role("button", name="Ja, aflevér filen").click()
        look("the form with its problem")
        page.get_by_label("Skolens mål").fill("Bedre læsning")
        page.get_by_role("button", name="Ja, aflevér filen").click()
        page.get_by_role("heading", name="Tak, det er modtaget").wait_for()
        page.context.add_cookies(address.cookies("fagcenter@proeveby.example"))
        page.goto(f"{address}/proeveby/kalendere")
        page.get_by_label("Hvem er kalenderen til?").select_option(label="Skoleleder, Aarby Skole (skoleleder)")
        with page.expect_navigation():
            page.get_by_role("button", name="Lav adresse").click()
        look("the new addresses")
        assert page.get_by_label("Møder og frister").input_value().endswith("/alt.ics")
        browser.close()
    store.close()
    assert wrong == dict.fromkeys(wrong, (0, 0))
    assert len(wrong) == 4
