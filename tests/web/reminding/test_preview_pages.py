"""The page of a day's mails: the very mails, and why others get none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows import plan_year
from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, address_marks
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.web.app import create_app
from tests.adapters.installed import installation as made
from tests.builders import AARBY, OFFICE, RORBY, YEAR, activity, dialogue, instant, municipality
from tests.flows.playing import turned
from tests.flows.test_twice import everything
from tests.web.conftest import HOST, Browser, let_in

PROEVEBY = municipality(activity(), dialogue(), schools=(AARBY, RORBY))
PAGE = "/proeveby/forhaandsvisning"
LEADER = AARBY.leader.address
KEY = f"tasks:proeveby:2026-08-17:{LEADER}"


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    turned(made_here, PROEVEBY, "2026-08-14")
    return made_here


def browser(installation: Installation, now: str = "2026-08-14") -> Browser:
    app = create_app(lambda: installation, lambda: instant(now, "12:00"))
    client = TestClient(app, base_url=HOST, raise_server_exceptions=False)
    at = instant(now, "12:00")
    let_in(client, installation, OFFICE.address, now=at)
    return Browser(client)


def test_a_day_ahead_shows_each_mail_with_its_subject_text_and_html(installation: Installation) -> None:
    opened = browser(installation)
    page = opened.get(f"{PAGE}?dato=2026-08-17").text
    assert "mandag den 17. august 2026, uge 34" in page
    assert "Skolens egne mål 2026/27 – Aarby Skole" in page
    assert "Når I har afleveret, hører I ikke mere om det." in page
    assert f"{PAGE}?dato=2026-08-16" in page
    assert f"{PAGE}?dato=2026-08-18" in page
    inside = opened.get(f"{PAGE}/mail?dato=2026-08-17&noegle={KEY}")
    assert "Skolens egne mål" in inside.text
    assert "sandbox" in inside.headers["content-security-policy"]
    assert opened.get(f"{PAGE}/mail?dato=2026-08-18&noegle={KEY}").status_code == 404


def test_nothing_has_happened_when_a_page_has_been_shown(installation: Installation) -> None:
    opened = browser(installation)
    before = everything(installation.store)
    assert "Skolens egne mål" in opened.get(f"{PAGE}?dato=2026-09-25").text
    assert everything(installation.store) == before


def test_a_closed_day_says_so_and_so_does_a_paused_school_a_marked_address_and_paused_sending(
    installation: Installation,
) -> None:
    assert "Lukket (søndag)." in browser(installation).get(f"{PAGE}?dato=2026-08-16").text
    pausing.pause(
        installation,
        PROEVEBY,
        AARBY.number,
        first_day=date(2026, 8, 14),
        last_day=None,
        reason="Vandskade",
        by="Fagcenter",
        now=instant("2026-08-14"),
    )
    with installation.store.write() as connection:
        address = RORBY.leader.address
        address_marks.mark(connection, "proeveby", address, reason="Ukendt postkasse", now=instant("2026-08-14"))
        mail_pauses.pause(connection, "proeveby", reason="Skift af server", by="Drift", now=instant("2026-08-14"))
    page = browser(installation).get(f"{PAGE}?dato=2026-08-17").text
    assert "Mangler at aflevere, men »Skolens egne mål« er på pause (Vandskade)." in page
    assert "holdes tilbage: Ukendt postkasse" in page
    assert "Afsendelsen er sat på pause, så mailene venter: Skift af server" in page


def test_today_shows_what_was_sent_and_what_waits(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17")
    page = browser(installation, "2026-08-17").get(PAGE).text
    assert "sendt 17. august 2026 kl. 7.00" in page
    assert "Læs mailen" in page
    assert "Dagen er forbi" in browser(installation, "2026-08-18").get(f"{PAGE}?dato=2026-08-17").text


def test_what_is_no_day_or_too_far_away_is_refused(installation: Installation) -> None:
    opened = browser(installation)
    assert opened.get(f"{PAGE}?dato=i-morgen").status_code == 400
    assert opened.get(f"{PAGE}?dato=2028-01-01").status_code == 400
    assert opened.get(f"{PAGE}?dato=0001-01-01").status_code == 400
    assert opened.get(f"{PAGE}?dato=9998-01-01").status_code == 400
