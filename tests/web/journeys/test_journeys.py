"""What each kind of person comes for, done in a real browser: with JavaScript and without, on a phone and on a desk."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.deliveries import Submission
from tests import databases
from tests.web import builders
from tests.web.conftest import seed
from tests.web.test_pages_in_chromium import Served, chrome, opened, serving

__all__ = ["chrome"]
pytestmark = pytest.mark.browser

LEADER, DIRECTOR = "s1@skole.example", "direktor@proeveby.example"
OPEN_SCHOOL = "/proeveby/forekomst/proeveby.2026-27.open_school.323001"
DIALOGUE = "/proeveby/forekomst/proeveby.2026-27.dialogue.323001"
PATIENCE = 20  # seconds
WAYS = pytest.mark.parametrize(("width", "scripts"), [(320, False), (320, True), (1920, True)])


@pytest.fixture
def site(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Served]:
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, tmp_path / "kvalitet.sqlite"))
    seed(store)
    guides = tmp_path / "municipalities" / "proeveby"
    guides.mkdir(parents=True)
    (guides / "guide.md").write_text("# Spørgsmål\n\n- Hvad går godt?\n", encoding="utf-8")
    with serving(Installation(Settings.read(tmp_path), store, (builders.municipality("proeveby"),))) as found:
        yield found
    store.close()


def mailbox(site: Served) -> list[str]:
    """Give the text parts of all mails that have left, the oldest first."""
    folder = site.installation.settings.home / "mailbox"
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
    return [str(part.get_content()) for mail in mails if (part := mail.get_body(("plain",)))]


def mails(site: Served, count: int) -> list[str]:
    """Wait until so many mails have left: they do once the page has been answered."""
    deadline = time.monotonic() + PATIENCE
    while len(found := mailbox(site)) < count and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert len(found) == count
    return found


def fill_in(page: Page) -> None:
    page.get_by_label("Skolens mål").fill("Alle klasser har en virksomhed som makker.")
    page.get_by_label("Mål i procent").fill("80")


@WAYS
def test_a_leader_delivers_from_the_link_in_the_mail_to_the_receipt(
    chrome: Browser, site: Served, width: int, *, scripts: bool
) -> None:
    with opened(chrome, site, width=width, scripts=scripts, reader="") as page:
        page.goto(f"{site}{OPEN_SCHOOL}/aflever")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log ind i årshjulet for Prøveby Kommune")
        page.get_by_label("Mailadresse").fill(LEADER.upper())
        page.get_by_role("button", name="Send et link").click()
        expect(page.get_by_role("status")).to_contain_text("Det virker i ti minutter.")
        (mail,) = mails(site, 1)
        (link,) = [word for word in mail.split() if "/log-ind/link/" in word]
        page.goto(link.replace("http://127.0.0.1:8321", site))
        page.get_by_role("button", name="Log ind").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Aflevér: Den åbne skole")
        fill_in(page)
        page.get_by_role("button", name="Aflevér", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tak, det er modtaget")
        page.goto(f"{site}/proeveby/skole/323002")
        expect(page.get_by_role("heading", level=1)).to_have_text("Siden findes ikke")
        page.goto(link.replace("http://127.0.0.1:8321", site))
        expect(page.get_by_role("heading", level=1)).to_have_text("Linket virker ikke mere")
        page.get_by_role("button", name="Log ud").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Log ind")


@WAYS
def test_the_administration_finds_who_is_missing_and_reminds_them(
    chrome: Browser, site: Served, width: int, *, scripts: bool
) -> None:
    with opened(chrome, site, width=width, scripts=scripts) as page:
        page.goto(f"{site}/proeveby/")
        expect(page.get_by_role("heading", name="Hvem mangler noget?")).to_be_visible()
        page.get_by_role("link", name="Liste", exact=True).click()
        page.get_by_role("link", name="Plan for fravær").first.click()
        page.get_by_role("link", name="Påmind nu").click()
        expect(page.get_by_text("s3@skole.example").first).to_be_visible()
        assert mailbox(site) == []
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Udbakke")
        assert all("Plan for fravær" in text for text in mails(site, 5))


@WAYS
def test_a_meeting_is_moved_once_it_has_been_shown_who_is_told(
    chrome: Browser, site: Served, width: int, *, scripts: bool
) -> None:
    with opened(chrome, site, width=width, scripts=scripts, reader=DIRECTOR) as page:
        page.goto(site + DIALOGUE)
        for day, button, done, before in (
            ("2026-12-01", "Ja, indkald", "Mødet er indkaldt", 0),
            ("2026-12-02", "Ja, flyt og giv besked", "Mødet er flyttet", 2),
        ):
            page.get_by_label("Dato", exact=True).fill(day)
            page.get_by_label("Begynder").fill("10:00")
            page.get_by_label("Slutter").fill("11:30")
            page.get_by_role("button", name="Se, hvem der får besked").click()
            expect(page.get_by_text(LEADER).first).to_be_visible()
            assert len(mails(site, before)) == before
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("status").filter(has_text=done)).to_be_visible()
        assert any("onsdag den 2. december 2026, uge 49, kl. 10.00-11.30" in text for text in mails(site, 4))


@WAYS
def test_the_director_approves_what_a_school_has_delivered(
    chrome: Browser, site: Served, width: int, *, scripts: bool
) -> None:
    written = Submission({"goal": "Alle klasser har en virksomhed som makker.", "percent": "80"}, by="Leder")
    deliver(site.installation, OPEN_SCHOOL.rpartition("/")[2], written, now=builders.NOON)
    with opened(chrome, site, width=width, scripts=scripts, reader=DIRECTOR) as page:
        page.goto(f"{site}/proeveby/skoler?status=delivered")
        page.get_by_role("link", name="Buerup Skole", exact=True).click()
        page.get_by_text("Alt, hvad skolen skal aflevere").click()
        page.get_by_role("link", name="Den åbne skole").first.click()
        expect(page.get_by_text("Alle klasser har en virksomhed som makker.")).to_be_visible()
        page.get_by_role("button", name="Send retur").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        page.get_by_label("Kommentar til skolen").fill("Godt set.")
        page.get_by_role("button", name="Godkend").click()
        expect(page.get_by_role("status").first).to_be_visible()
        receipt, approval = mails(site, 2)
        assert "Godt set." not in receipt
        assert "Godt set." in approval
    with opened(chrome, site, width=width, scripts=scripts, reader=LEADER) as page:
        page.goto(site + OPEN_SCHOOL)
        expect(page.get_by_text("godkendt", exact=True).first).to_be_visible()
        expect(page.get_by_role("button", name="Godkend")).to_have_count(0)


def test_a_leader_delivers_with_the_keyboard_alone(chrome: Browser, site: Served) -> None:
    with opened(chrome, site, width=1280, scripts=True, reader=LEADER) as page:
        page.goto(f"{site}{OPEN_SCHOOL}")
        press_on(page, page.get_by_role("link", name="Aflevér", exact=True))
        page.get_by_role("heading", name="Aflevér: Den åbne skole").wait_for()
        walk_to(page, page.get_by_label("Skolens mål"))
        page.keyboard.type("Alle klasser har en virksomhed som makker.")
        walk_to(page, page.get_by_label("Mål i procent"))
        page.keyboard.type("80")
        press_on(page, page.get_by_role("button", name="Aflevér", exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text("Tak, det er modtaget")


def press_on(page: Page, wanted: Locator) -> None:
    walk_to(page, wanted)
    page.keyboard.press("Enter")


def walk_to(page: Page, wanted: Locator) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tabulatoren når aldrig {wanted}")
