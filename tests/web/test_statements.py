from __future__ import annotations

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.web.access.cookies import session_name
from kvalitet.web.security import COOKIE
from tests.web.conftest import browsing


@pytest.mark.parametrize("address", ["/tilgaengelighed", "/privatliv"])
def test_a_statement_is_for_everybody_and_says_whom_to_write_to(installation: Installation, address: str) -> None:
    with browsing(installation, "") as opened:
        page = opened.get(address)
    assert page.status_code == 200
    assert "mailto:fagcenter@proeveby.example" in page.text
    assert "Prøveby Kommune" in page.text
    assert "<script" not in page.text


def test_the_address_that_every_public_site_has_leads_to_the_statement(installation: Installation) -> None:
    with browsing(installation, "") as opened:
        answer = opened.get("/was")
    assert (answer.status_code, answer.headers["location"]) == (308, "/tilgaengelighed")


def test_the_statement_says_what_is_tested_and_what_is_not(installation: Installation) -> None:
    with browsing(installation, "") as opened:
        page = opened.get("/tilgaengelighed").text
    for said in ("delvist i overensstemmelse", "Det er testet", "Det er ikke testet", "Digitaliseringsstyrelsen"):
        assert said in page


def test_both_cookies_are_named_with_how_long_they_last(installation: Installation) -> None:
    with browsing(installation, "") as opened:
        page = opened.get("/privatliv").text
    assert f"<code>{session_name(installation.settings)}</code>" in page
    assert f"<code>{COOKIE}</code>" in page
    assert "60 minutter, eller senest efter 10 timer" in page


@pytest.mark.parametrize("address", ["/log-ind/proeveby", "/proeveby/", "/nowhere/", "/privatliv"])
def test_every_page_leads_to_both_statements(installation: Installation, address: str) -> None:
    with browsing(installation, "" if "log-ind" in address else "fagcenter@proeveby.example") as opened:
        footer = opened.get(address).text.split("<footer")[1]
    assert 'href="/tilgaengelighed"' in footer
    assert 'href="/privatliv"' in footer
