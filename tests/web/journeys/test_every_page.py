"""Every page that a person can open, on a small and on a large screen, for those who see badly or use no mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kvalitet.adapters.access import links
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.web.routes import PAGES
from tests import databases
from tests.adapters.extracting.held import held
from tests.web import builders
from tests.web.conftest import seed
from tests.web.figures.built import with_figures
from tests.web.journeys.seeing import broken_rules, faint_texts, stops, too_wide
from tests.web.test_inbox import keep
from tests.web.test_pages_in_chromium import Served, chrome, opened, serving

__all__ = ["chrome"]
pytestmark = pytest.mark.browser

HERE = "/proeveby"
GOALS = f"{HERE}/forekomst/proeveby.2026-27.local_goals.323001"
DIALOGUE = f"{HERE}/forekomst/proeveby.2026-27.dialogue.323001"
EXTRACT = f"{HERE}/forekomst/proeveby.2026-27.spring_extract"
MEETING = f"{HERE}/forekomst/proeveby.2026-27.autumn_meeting.nord"
# One address, or several, of each page; what is given to programs or saved as a file has none.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "/": (),
    "/healthz": (),
    "/readyz": (),
    "/was": (),
    "/kalender/{token}/{name}.ics": (),
    "/tilgaengelighed": ("/tilgaengelighed",),
    "/privatliv": ("/privatliv",),
    "/log-ind": (),
    "/log-ind/link/{token}": ("/log-ind/link/brugt", "/log-ind/link/TOKEN"),
    "/log-ind/openid/svar": ("/log-ind/openid/svar",),
    "/log-ind/{municipality}": ("/log-ind/proeveby",),
    "/log-ind/{municipality}/openid": (),
    "/{municipality}/": (f"{HERE}/", f"{HERE}/?sidste=ja&start=januar"),
    "/{municipality}/hjul.svg": (),
    "/{municipality}/hjul.pdf": (),
    "/{municipality}/hjul.ics": (),
    "/{municipality}/tidslinje": (f"{HERE}/tidslinje",),
    "/{municipality}/liste": (f"{HERE}/liste",),
    "/{municipality}/udtraek": (f"{HERE}/udtraek",),
    "/{municipality}/udtraek/{pull:int}": (f"{HERE}/udtraek/1",),
    "/{municipality}/udtraek/{pull:int}/svar": (),
    "/{municipality}/rapport": (f"{HERE}/rapport", f"{HERE}/rapport?trin=draft"),
    "/{municipality}/rapport/forhaandsvisning": (f"{HERE}/rapport/forhaandsvisning?udgave=intern",),
    "/{municipality}/rapport/{year}/{version:int}/{file}": (),
    "/{municipality}/maal": (f"{HERE}/maal", f"{HERE}/maal?status=reached"),
    "/{municipality}/maal.csv": (),
    "/{municipality}/maal.xlsx": (),
    "/{municipality}/maal/{goal}/{unit}": (f"{HERE}/maal/own_goals/323001", f"{HERE}/maal/low_absence/municipality"),
    "/{municipality}/noegletal": (f"{HERE}/noegletal", f"{HERE}/noegletal?skole=323001&kun=tal"),
    "/{municipality}/noegletal.csv": (),
    "/{municipality}/noegletal.xlsx": (),
    "/{municipality}/noegletal/{indicator}": (
        f"{HERE}/noegletal/absence?skole=323001&skole=323005&aar=2023-24",
        f"{HERE}/noegletal/grade_average",
    ),
    "/{municipality}/tal/{indicator}/{school_year}/{unit}": (
        f"{HERE}/tal/absence/2024-25/323001",
        f"{HERE}/tal/absence/2023-24/323005",
        f"{HERE}/tal/grade_average/2024-25/323001",
    ),
    "/{municipality}/skoler": (f"{HERE}/skoler", f"{HERE}/skoler?kun=mangler"),
    "/{municipality}/skoler.csv": (),
    "/{municipality}/skoler.xlsx": (),
    "/{municipality}/aktivitet/{activity}": (f"{HERE}/aktivitet/local_goals",),
    "/{municipality}/aktivitet/{activity}/paamind": (f"{HERE}/aktivitet/local_goals/paamind",),
    "/{municipality}/skole/{number}": (f"{HERE}/skole/323001",),
    "/{municipality}/skole/{number}/aflevering/{activity}": (f"{HERE}/skole/323002/aflevering/local_goals",),
    "/{municipality}/skole/{number}/paamind": (f"{HERE}/skole/323002/paamind",),
    "/{municipality}/skole/{number}/opkald": (f"{HERE}/skole/323002/opkald",),
    "/{municipality}/forekomst/{key}": (GOALS, DIALOGUE, MEETING, EXTRACT),
    "/{municipality}/forekomst/{key}/aflever": (f"{GOALS}/aflever",),
    "/{municipality}/forekomst/{key}/kvittering/{version:int}": (f"{GOALS}/kvittering/1",),
    "/{municipality}/forekomst/{key}/fil/{version:int}": (),
    "/{municipality}/forekomst/{key}/samtaleark": (f"{DIALOGUE}/samtaleark",),
    "/{municipality}/forekomst/{key}/samtaleark.pdf": (),
    "/{municipality}/forekomst/{key}/bilag/{paper:int}": (),
    "/{municipality}/forekomst/{key}/paamind": (f"{GOALS}/paamind",),
    # Seen in tests/web/links/test_links_in_chromium.py, where there is a file to confirm.
    "/{municipality}/bekraeft/{token}": (),
    "/{municipality}/forhaandsvisning": (f"{HERE}/forhaandsvisning?dato=2026-11-23",),
    "/{municipality}/forhaandsvisning/mail": (),
    "/{municipality}/udbakke": (f"{HERE}/udbakke",),
    "/{municipality}/mail/{mail:int}": (f"{HERE}/mail/1",),
    "/{municipality}/mail/{mail:int}/html": (),
    "/{municipality}/mail/{mail:int}/mail.eml": (),
    "/{municipality}/indbakke": (f"{HERE}/indbakke",),
    "/{municipality}/indbakke/{incoming:int}": (f"{HERE}/indbakke/1",),
    "/{municipality}/indbakke/{incoming:int}/mail.eml": (),
    "/{municipality}/kalendere": (f"{HERE}/kalendere",),
    "/{municipality}/tal/indtast": (
        f"{HERE}/tal/indtast",
        f"{HERE}/tal/indtast?noegletal=parent_satisfaction&aar=2025/26&enhed=municipality",
        f"{HERE}/tal/indtast?noegletal=good_results_maths&aar=2025/26&enhed=323001",
    ),
    "/{municipality}/adgang": (f"{HERE}/adgang",),
    "/{municipality}/log": (f"{HERE}/log",),
    "/{municipality}/revisionsspor": (f"{HERE}/revisionsspor",),
    "/{municipality}/revisionsspor.csv": (),
}
# What a school has not delivered yet, its form, and an address that leads nowhere.
MISSING = f"{HERE}/forekomst/proeveby.2026-27.local_goals.323002"
OTHERS = (MISSING, f"{MISSING}/aflever", "/nowhere/")
ADDRESSES = (*(address for addresses in EXAMPLES.values() for address in addresses), *OTHERS)


@dataclass(frozen=True)
class Met:
    """What there is to say of a page as it stands on a screen."""

    broken_rules: list[tuple[str, list[str]]]
    faint_texts: list[str]
    too_wide: int
    title: str
    headings: int


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    seed(store)
    installation = with_figures(Installation(Settings.read(home), store, (builders.municipality("proeveby"),)))
    written = Submission({"goal": "Flere i skole hver dag.", "percent": "5,4"}, by="Leder af Buerup Skole")
    deliver(installation, "proeveby.2026-27.local_goals.323001", written, now=builders.NOON - timedelta(days=1))
    keep(installation, "Vi kan ikke den dag", hours=5)
    held(store, "proeveby", "proeveby.2026-27.spring_extract", now=builders.NOON)
    with serving(installation) as found:
        yield found
    store.close()


def test_every_page_has_its_examples() -> None:
    shown = {page.path for page in PAGES if page.method == "GET"}
    assert set(EXAMPLES) == shown


@pytest.fixture(scope="module", params=[320, 1920])
def met(request: pytest.FixtureRequest, chrome: Browser, site: Served) -> dict[str, Met]:
    """Open every page once on a screen of a width, and tell by address what was met."""
    found = {}
    with opened(chrome, site, width=request.param, scripts=True) as page:
        for address in ADDRESSES:
            page.goto(site + with_token(site, address))
            rules, wide = broken_rules(page), too_wide(page, request.param)
            found[address] = Met(rules, faint_texts(page), wide, page.title(), page.locator("h1").count())
    return found


def test_no_page_breaks_a_rule_has_faint_text_or_must_be_scrolled_sideways(met: dict[str, Met]) -> None:
    told = {address: (page.broken_rules, page.faint_texts, page.too_wide) for address, page in met.items()}
    assert {address: wrong for address, wrong in told.items() if wrong != ([], [], 0)} == {}


def test_every_page_has_a_title_and_a_heading_of_its_own(met: dict[str, Met]) -> None:
    assert {address: page.headings for address, page in met.items() if page.headings != 1} == {}
    titles: dict[str, str] = {}
    for address in (address for address in met if address not in OTHERS):
        titles.setdefault(met[address].title, address)
    pages = {address.partition("?")[0] for address in titles.values()}
    assert len(titles) >= len(pages) >= len({address.partition("?")[0] for address in met} - set(OTHERS)) - 2


def test_every_page_can_be_walked_through_with_the_keyboard_and_the_place_is_always_seen(
    chrome: Browser, site: Served
) -> None:
    wrong: dict[str, list[str]] = {}
    with opened(chrome, site, width=320, scripts=True) as page:
        for address in ADDRESSES:
            page.goto(site + with_token(site, address))
            walked = stops(page)
            assert walked, address
            unseen = [stop.what for stop in walked.values() if not stop.is_shown]
            if unseen:
                wrong[address] = unseen
    assert wrong == {}


def with_token(site: Served, address: str) -> str:
    """Put a login link that still works where one is asked for."""
    if "TOKEN" not in address:
        return address
    with site.installation.store.write() as connection:
        token = links.make(connection, "proeveby", "fagcenter@proeveby.example", now=builders.NOON)
    return address.replace("TOKEN", token)
