"""The pages of login and access in a real browser: on a telephone, and for those who cannot see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.store import Store
from tests import databases
from tests.web.access.two_towns import ISSUER, two_towns
from tests.web.builders import NOON
from tests.web.test_pages_in_chromium import Served, chrome, serving

__all__ = ["chrome"]
pytestmark = pytest.mark.browser

# Who opens what: by the cookie of somebody who is let in, of somebody who waits, and of nobody.
PAGES = {
    "administration": ("/proeveby/adgang", "/proeveby/kalendere"),
    "leader": ("/proeveby/kalendere", "/proeveby/maal"),
    "consultant": ("/proeveby/kalendere",),
    "waiting": ("/",),
    "nobody": ("/log-ind/proeveby", "/log-ind/proeveby/openid", "/log-ind/openid/svar", "/log-ind/link/x"),
}


@pytest.fixture(scope="module")
def cookies(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[tuple[Served, dict[str, str]]]:
    """Serve both towns, and give everybody's cookie."""
    home = tmp_path_factory.mktemp("chromium")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    with two_towns(store, home / "home") as towns, serving(towns.installation) as address:
        found = {name: client.cookies.get("kvalitet_session", "") or "" for name, client in towns.browsers.items()}
        with store.write() as connection:
            long = "karen.vestergaard-mikkelsen.skolechef@proeveby.example"
            waits = accounts.seen(connection, ISSUER, "w", name="Karen Vestergaard-Mikkelsen", address=long, now=NOON)
            entry = Entry("proeveby", Method.OPENID, account=waits.id)
            found["waiting"] = sessions.begin(connection, entry, now=NOON)
        yield address, found
    store.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", PAGES)
def test_no_page_is_too_wide_or_breaks_a_rule_of_accessibility(
    chrome: Browser, cookies: tuple[Served, dict[str, str]], who: str, width: int
) -> None:
    address, known = cookies
    context = chrome.new_context(viewport={"width": width, "height": 900}, locale="da-DK")
    if known[who]:
        context.add_cookies([{"name": "kvalitet_session", "value": known[who], "url": str(address)}])
    page = context.new_page()
    for path in PAGES[who]:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], path
    context.close()
