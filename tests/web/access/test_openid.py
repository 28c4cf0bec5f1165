"""Logging in by the municipality's own login, and everything that is no login."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import Response
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from starlette.testclient import TestClient

from kvalitet.adapters.access import accounts, audits
from kvalitet.adapters.installation import Installation
from kvalitet.web.app import create_app
from tests.web.access.identity_provider import CLIENT, IdentityProvider, key_named
from tests.web.builders import NOON
from tests.web.conftest import HOST, Browser, browsing

START, ANSWER = "/log-ind/proeveby/openid", "/log-ind/openid/svar"
NOT_OURS = "Loginet er ikke begyndt i denne browser, eller det tog for lang tid."
USED_UP = "Loginet er brugt, eller det tog for lang tid."
NOT_TRUE = "Svaret fra kommunens login passer ikke til det, der blev spurgt om, så ingen er lukket ind."
CLOCKS = "Uret hos kommunens login og uret her går ikke ens, så svaret kan ikke bruges."


@pytest.fixture
def stranger(installation: Installation) -> Iterator[Browser]:
    with browsing(installation, "") as browser:
        yield browser


def leave(browser: Browser, address: str = START) -> str:
    out = browser.get(address)
    assert out.status_code == 303
    return out.headers["location"]


def come_back(browser: Browser, told: dict[str, str]) -> Response:
    answer: Response = browser.client.get(ANSWER, params=told, follow_redirects=False)
    return answer


def log_in(browser: Browser, provider: IdentityProvider, address: str = START) -> Response:
    return come_back(browser, provider.approve(leave(browser, address)))


def refused(answer: Response) -> str:
    """Give the sentence of a login that let nobody in."""
    assert "kvalitet_session" not in answer.headers.get("set-cookie", "")
    return answer.text.split('<p class="lead">')[1].split("</p>")[0]


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
    assert "Du er logget ind som Anna Andersen (anna@proeveby.example)" in page.text


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


def test_a_wrong_state_lets_nobody_in(stranger: Browser, provider: IdentityProvider) -> None:
    told = provider.approve(leave(stranger))
    answer = come_back(stranger, {**told, "state": "x" * 43})
    assert (answer.status_code, refused(answer).startswith(NOT_OURS), provider.forms) == (400, True, [])


def test_an_answer_is_worth_nothing_in_another_browser(
    stranger: Browser, installation: Installation, provider: IdentityProvider
) -> None:
    told = provider.approve(leave(stranger))
    with browsing(installation, "") as victim:
        assert refused(come_back(victim, told)).startswith(NOT_OURS)
        leave(victim)
        assert refused(come_back(victim, told)).startswith(NOT_OURS)


@pytest.mark.parametrize("cookie", ["", "x", ".", "e30.", "eyJtdW5pY2lwYWxpdHkiOiAicHJvZXZlYnkifQ==.x"])
def test_a_cookie_that_we_have_not_sealed_is_none(stranger: Browser, cookie: str) -> None:
    stranger.client.cookies.set("kvalitet_login", cookie)
    assert refused(come_back(stranger, {"code": "1", "state": "2"})).startswith(NOT_OURS)


def test_a_round_is_used_once_and_its_code_too(stranger: Browser, provider: IdentityProvider) -> None:
    provider.roles = ["reader"]
    told = provider.approve(leave(stranger))
    cookie = stranger.client.cookies["kvalitet_login"]
    assert come_back(stranger, told).status_code == 303
    stranger.client.cookies.set("kvalitet_login", cookie)
    assert refused(come_back(stranger, told)).startswith(USED_UP)
    assert len(provider.forms) == 1


def test_a_code_that_was_used_elsewhere_lets_nobody_in(stranger: Browser, provider: IdentityProvider) -> None:
    told = provider.approve(leave(stranger))
    provider.codes.clear()
    assert refused(come_back(stranger, told)).startswith(USED_UP)


def test_a_code_of_another_round_lacks_its_proof(stranger: Browser, provider: IdentityProvider) -> None:
    stolen = provider.approve(leave(stranger))["code"]
    state = provider.approve(leave(stranger))["state"]
    assert refused(come_back(stranger, {"code": stolen, "state": state})).startswith(USED_UP)


def test_a_login_that_forgot_to_ask_for_a_proof_is_no_way_round_it(
    stranger: Browser, provider: IdentityProvider
) -> None:
    told = provider.approve(leave(stranger))
    del provider.codes[told["code"]]["code_challenge"]
    assert refused(come_back(stranger, told)).startswith(USED_UP)


def test_after_ten_minutes_the_way_back_is_closed(installation: Installation, provider: IdentityProvider) -> None:
    moments = [NOON]
    app = create_app(lambda: installation, lambda: moments[-1])
    with TestClient(app, base_url=HOST, client=("127.0.0.1", 50000)) as client:
        told = provider.approve(leave(Browser(client)))
        moments.append(NOON + timedelta(minutes=10))
        assert refused(come_back(Browser(client), told)).startswith(NOT_OURS)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"nonce": "another"}, NOT_TRUE),
        ({"iss": "https://login.example/other"}, NOT_TRUE),
        ({"iss": ["x"]}, NOT_TRUE),
        ({"aud": "another"}, NOT_TRUE),
        ({"aud": [CLIENT, "another"]}, NOT_TRUE),
        ({"aud": []}, NOT_TRUE),
        ({"azp": "another"}, NOT_TRUE),
        ({"sub": ""}, NOT_TRUE),
        ({"sub": 7}, NOT_TRUE),
        ({"at_hash": "wrong"}, NOT_TRUE),
        ({"exp": int(NOON.timestamp()) - 121}, CLOCKS),
        ({"iat": int(NOON.timestamp()) + 600}, CLOCKS),
        ({"nbf": int(NOON.timestamp()) + 600}, CLOCKS),
    ],
)
def test_a_signed_answer_that_does_not_fit_lets_nobody_in(
    stranger: Browser, provider: IdentityProvider, claims: dict[str, object], sentence: str
) -> None:
    provider.claims, provider.roles = claims, ["administration"]
    answer = log_in(stranger, provider)
    assert (answer.status_code, refused(answer).startswith(sentence)) == (400, True)


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_signed_answer_says_all_that_it_must(stranger: Browser, provider: IdentityProvider, claim: str) -> None:
    provider.left_out, provider.roles = (claim,), ["administration"]
    assert log_in(stranger, provider).status_code == 400


def test_clocks_may_differ_by_two_minutes(stranger: Browser, provider: IdentityProvider) -> None:
    provider.claims, provider.roles = {"exp": int(NOON.timestamp()) - 119}, ["reader"]
    assert log_in(stranger, provider).status_code == 303


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_answer_that_the_login_has_not_signed_lets_nobody_in(
    stranger: Browser, provider: IdentityProvider, algorithm: str
) -> None:
    provider.algorithm, provider.roles = algorithm, ["administration"]
    assert refused(log_in(stranger, provider)).startswith(NOT_TRUE)


@pytest.mark.parametrize("kid", ["first", "unknown"])
def test_an_answer_signed_with_a_key_of_somebody_else_lets_nobody_in(
    stranger: Browser, provider: IdentityProvider, kid: str
) -> None:
    provider.signs_with, provider.roles = RSAKey.generate_key(2048, {"kid": kid}), ["administration"]
    assert refused(log_in(stranger, provider)).startswith(NOT_TRUE)


def test_what_the_login_tells_of_itself_is_kept_and_a_new_key_is_asked_for(
    installation: Installation, provider: IdentityProvider
) -> None:
    provider.roles, moments = ["reader"], [NOON]
    app = create_app(lambda: installation, lambda: moments[-1])
    with TestClient(app, base_url=HOST, client=("127.0.0.1", 50000)) as client:
        for _ in range(2):
            assert log_in(Browser(client), provider).status_code == 303
        assert provider.asked == ["metadata", "keys"]
        provider.key = key_named("second")
        assert log_in(Browser(client), provider).status_code == 400  # asked a moment ago
        moments.append(NOON + timedelta(minutes=2))
        assert log_in(Browser(client), provider).status_code == 303
    assert provider.asked == ["metadata", "keys", "keys"]


def test_another_login_that_calls_itself_ours_is_refused(stranger: Browser, provider: IdentityProvider) -> None:
    told = provider.approve(leave(stranger))
    assert refused(come_back(stranger, {**told, "iss": "https://login.example/"})).startswith(NOT_TRUE)


def test_a_login_that_calls_itself_something_else_is_told_of(stranger: Browser, provider: IdentityProvider) -> None:
    provider.told_issuer = f"{provider.issuer}/other"
    page = stranger.get(START)
    assert (page.status_code, refused(page).startswith("Kommunens login kalder sig noget andet")) == (503, True)


def test_a_wrong_secret_is_told_of(installation: Installation, provider: IdentityProvider) -> None:
    settings = installation.settings.model_copy(update={"openid_secrets": {"proeveby": SecretStr("forkert")}})
    with browsing(replace(installation, settings=settings), "") as browser:
        answer = log_in(browser, provider)
    sentence = "Kommunens login afviser hemmeligheden i KVALITET_OPENID_SECRETS; den er forkert eller udløbet."
    assert (answer.status_code, refused(answer).startswith(sentence)) == (503, True)


def test_a_secret_that_is_not_set_is_told_of_before_anybody_is_led_away(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"openid_secrets": {}})
    with browsing(replace(installation, settings=settings), "") as browser:
        page = browser.get(START)
    assert (page.status_code, "hemmeligheden mangler i KVALITET_OPENID_SECRETS" in page.text) == (503, True)


def test_a_login_that_is_down_is_told_of_and_the_link_still_works(installation: Installation) -> None:
    down = replace(installation.municipalities[0].login, issuer="http://127.0.0.1:9")
    municipality = replace(installation.municipalities[0], login=down)
    with browsing(replace(installation, municipalities=(municipality,)), "") as browser:
        page = browser.get(START)
        assert (page.status_code, refused(page).startswith("Kommunens login svarer ikke lige nu")) == (503, True)
        assert browser.get("/log-ind/proeveby").status_code == 200


def test_who_changes_their_mind_is_told_to_begin_again(stranger: Browser, provider: IdentityProvider) -> None:
    state = provider.approve(leave(stranger))["state"]
    answer = come_back(stranger, {"error": "access_denied", "error_description": "<b>Nej</b>", "state": state})
    assert (answer.status_code, "<b>" in answer.text) == (400, False)
    assert refused(answer).startswith("Kommunens login lukkede dig ikke ind, eller du fortrød.")


def test_a_mere_look_uses_nothing_up(stranger: Browser, provider: IdentityProvider) -> None:
    provider.roles = ["reader"]
    told = provider.approve(leave(stranger))
    assert stranger.client.head(ANSWER, params=told).status_code == 405
    assert come_back(stranger, told).status_code == 303


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
        found = audits.deeds(connection, "proeveby")
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
