"""Logging in by the municipality's own login, and everything that is no login."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import Response
from starlette.testclient import TestClient

from kvalitet.adapters.access import accounts
from kvalitet.adapters.installation import Installation
from kvalitet.web.app import create_app
from tests.web.access.identity_provider import CLIENT, IdentityProvider
from tests.web.access.rounds import START, come_back, leave, log_in
from tests.web.builders import NOON
from tests.web.conftest import HOST, Browser, browsing, deeds_of


def test_the_way_out_asks_for_a_code_with_a_proof_and_nothing_secret(
    stranger: Browser, provider: IdentityProvider
) -> None:
    address = leave(stranger)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    secrets = {name: len(asked.pop(name)) for name in ("state", "nonce", "code_challenge")}
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert secrets == {"state": 43, "nonce": 43, "code_challenge": 43}
    assert asked == {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": f"{HOST}/log-ind/openid/svar",
        "scope": "openid profile email",
        "code_challenge_method": "S256",
    }


def test_a_leader_comes_back_to_the_page_that_they_were_going_to(stranger: Browser, provider: IdentityProvider) -> None:
    provider.roles = ["school_leader:323001"]
    answer = log_in(stranger, provider, f"{START}?til=/proeveby/skole/323001")
    assert (answer.status_code, answer.headers["location"]) == (303, "/proeveby/skole/323001")
    page = stranger.get("/proeveby/skole/323001")
    assert (page.status_code, "Anna Andersen" in page.text) == (200, True)
    assert stranger.get("/proeveby/skole/323002").status_code == 404


def test_the_login_gives_a_new_session_and_forgets_its_own_cookie(
    stranger: Browser, provider: IdentityProvider
) -> None:
    stranger.client.cookies.set("kvalitet_session", "planted-by-somebody")
    provider.roles = ["reader"]
    cookies = log_in(stranger, provider).headers.get_list("set-cookie")
    given = {cookie.split("=", 1)[0]: cookie for cookie in cookies}
    assert set(given) == {"kvalitet_session", "kvalitet_login"}
    assert "planted" not in given["kvalitet_session"]
    assert given["kvalitet_session"].endswith("; HttpOnly; Path=/; SameSite=lax")
    assert "Max-Age=0" in given["kvalitet_login"]


def test_over_https_the_cookies_are_of_this_host_alone(installation: Installation, provider: IdentityProvider) -> None:
    settings = installation.settings.model_copy(update={"base_url": "https://kvalitet.example"})
    safe = replace(installation, settings=settings)
    provider.roles = ["reader"]
    app = create_app(lambda: safe, lambda: NOON, public_url="https://kvalitet.example")
    with TestClient(app, base_url="https://kvalitet.example", client=("192.0.2.1", 50000)) as client:
        answer = log_in(Browser(client), provider)
        page = client.get("/proeveby/kalendere")
    cookies = [*answer.headers.get_list("set-cookie"), *page.headers.get_list("set-cookie")]
    names = [cookie.split("=", 1)[0] for cookie in cookies]
    assert names == ["__Host-kvalitet_session", "__Host-kvalitet_login", "__Host-kvalitet_formular"]
    assert all("; Path=/" in cookie and cookie.endswith("; Secure") for cookie in cookies)
    assert page.headers["strict-transport-security"] == "max-age=31536000"


def test_a_login_that_takes_the_secret_in_the_header_gets_it_there(
    stranger: Browser, provider: IdentityProvider
) -> None:
    provider.methods, provider.roles = ("client_secret_basic",), ["reader"]
    assert log_in(stranger, provider).headers["location"] == "/proeveby/"
    assert "client_secret" not in provider.forms[0]


def test_the_same_person_is_known_again_by_subject_whatever_they_are_called(
    installation: Installation, provider: IdentityProvider
) -> None:
    provider.roles = ["reader"]
    for told in (
        {"name": "Anna Andersen"},
        {"name": "Anna\r\nBerg", "preferred_username": "anna.berg@proeveby.example"},
    ):
        provider.claims = told
        with browsing(installation, "") as browser:
            log_in(browser, provider)
    with installation.store.read() as connection:
        known = accounts.accounts(connection, provider.issuer)
    assert [(found.subject, found.name, found.address) for found in known] == [
        ("anna-323001", "AnnaBerg", "anna.berg@proeveby.example")
    ]


def test_an_address_that_belongs_to_an_administrator_opens_nothing(
    stranger: Browser, provider: IdentityProvider
) -> None:
    provider.claims = {"email": "fagcenter@proeveby.example", "email_verified": True}
    assert log_in(stranger, provider).headers["location"] == "/"
    assert stranger.get("/proeveby/").headers["location"] == "/"


def test_whoever_is_let_in_nowhere_is_told_who_can_change_that(stranger: Browser, provider: IdentityProvider) -> None:
    log_in(stranger, provider)
    page = stranger.get("/")
    assert (page.status_code, "forvaltningen i Prøveby Kommune har ikke givet dig adgang" in page.text) == (200, True)
    assert 'Du er logget ind som Anna Andersen (<span class="long-word">anna@proeveby.example</span>)' in page.text


def test_roles_that_nobody_knows_open_nothing_and_are_told_of_in_the_log(
    stranger: Browser, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.roles = [
        "admin",
        "school_leader",
        "school_leader:999999",
        "deputy:",
        "administration:323001",
        "consultant:øst",
    ]
    with caplog.at_level(logging.WARNING):
        assert log_in(stranger, provider).headers["location"] == "/"
    assert [record.args for record in caplog.records] == [("proeveby", provider.roles)]


@pytest.mark.parametrize("roles", ["administration", {"administration": True}, None, 7])
def test_roles_that_are_no_list_open_nothing(stranger: Browser, provider: IdentityProvider, roles: object) -> None:
    provider.claims = {"roles": roles}
    assert log_in(stranger, provider).headers["location"] == "/"


def test_a_role_that_is_taken_away_at_the_login_is_gone_after_the_next(
    installation: Installation, provider: IdentityProvider
) -> None:
    for roles, status in ((["administration"], 200), (["reader"], 403)):
        provider.roles = roles
        with browsing(installation, "") as browser:
            log_in(browser, provider)
            assert browser.get("/proeveby/adgang").status_code == status


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"]
)
def test_nobody_is_led_to_another_site(stranger: Browser, provider: IdentityProvider, way: str) -> None:
    provider.roles = ["reader"]
    answer: Response = stranger.client.get(START, params={"til": way}, follow_redirects=False)
    assert come_back(stranger, provider.approve(answer.headers["location"])).headers["location"] == "/proeveby/"


def test_a_login_and_a_failed_one_are_both_written_down(
    stranger: Browser, installation: Installation, provider: IdentityProvider
) -> None:
    provider.roles = ["reader"]
    told = provider.approve(leave(stranger))
    come_back(stranger, {"error": "access_denied", "state": told["state"]})
    log_in(stranger, provider)
    with installation.store.read() as connection:
        found = deeds_of(connection, "proeveby")
    assert [(deed.actor, deed.access, deed.action, deed.outcome) for deed in found] == [
        ("Anna Andersen", "reader", "openid_pages.come_back", 303),
        ("Ingen", "", "openid_pages.come_back", 400),
    ]


def test_neither_code_nor_secret_stands_in_the_log(
    stranger: Browser, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims = {"nonce": "another"}
    with caplog.at_level(logging.INFO, logger="kvalitet"):
        told = provider.approve(leave(stranger))
        come_back(stranger, told)
    assert "nonce" in caplog.text
    assert [word for word in (told["code"], told["state"], "hemmeligt") if word in caplog.text] == []


def test_a_municipality_without_a_login_of_its_own_says_so(installation: Installation) -> None:
    none = replace(installation.municipalities[0], login=replace(installation.municipalities[0].login, issuer=""))
    with browsing(replace(installation, municipalities=(none,)), "") as browser:
        assert browser.get(START).status_code == 404
        assert "Log ind med kommunens login" not in browser.get("/log-ind/proeveby").text


def test_the_provider_of_the_tests_checks_the_proof(provider: IdentityProvider) -> None:
    provider.codes["code"] = {"code_challenge": "x", "code_challenge_method": "S256", "redirect_uri": "y"}
    form = {"code": "code", "redirect_uri": "y", "client_id": CLIENT, "client_secret": "hemmeligt & ægte"}
    assert httpx.post(f"{provider.issuer}/token", data=form).json() == {"error": "invalid_grant"}
