"""Everything that comes back from the municipality's login and is no login."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from starlette.testclient import TestClient

from kvalitet.adapters.installation import Installation
from kvalitet.web.app import create_app
from tests.web.access.identity_provider import CLIENT, IdentityProvider, key_named
from tests.web.access.rounds import ANSWER, START, come_back, leave, log_in, refused
from tests.web.builders import NOON
from tests.web.conftest import HOST, Browser, browsing

NOT_OURS = "Loginet er ikke begyndt i denne browser, eller det tog for lang tid."
USED_UP = "Loginet er brugt, eller det tog for lang tid."
NOT_TRUE = "Svaret fra kommunens login passer ikke til det, der blev spurgt om, så ingen er lukket ind."
CLOCKS = "Uret hos kommunens login og uret her går ikke ens, så svaret kan ikke bruges."


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
