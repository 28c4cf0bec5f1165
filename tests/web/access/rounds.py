"""Going out to the identity provider and coming back, as a browser does."""

from __future__ import annotations

from httpx import Response

from tests.web.access.identity_provider import IdentityProvider
from tests.web.conftest import Browser

START, ANSWER = "/log-ind/proeveby/openid", "/log-ind/openid/svar"


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
