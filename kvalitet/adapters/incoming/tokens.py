"""Tokens: the right to read a mailbox, which the identity provider gives to a program (OAuth 2.0, RFC 6749 § 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from kvalitet.adapters.errors import OperationError, UserError

if TYPE_CHECKING:
    from kvalitet.adapters.settings import Settings

# A secret is sent in clear text to nobody else.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def access_token(settings: Settings) -> str:
    """Fetch a token; it is used at once and kept nowhere."""
    url = urlsplit(settings.imap_token_url)
    if url.scheme != "https" and url.hostname not in LOOPBACK:
        raise UserError("Sæt KVALITET_IMAP_TOKEN_URL til adressen, som giver adgang; den begynder med https://.")
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.imap_client_id,
        "client_secret": settings.imap_client_secret.get_secret_value(),
        "scope": settings.imap_scope,
    }
    try:
        answer = httpx.post(settings.imap_token_url, data=asked, timeout=settings.imap_timeout)
        token = answer.json().get("access_token") if answer.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError) as error:
        raise OperationError(f"{_where(settings)} svarer ikke, som den skal: {error}") from error
    if not token or not isinstance(token, str):
        raise OperationError(f"{_where(settings)} giver ikke adgang ({answer.status_code}): {_said(answer)}")
    return token


def _where(settings: Settings) -> str:
    return f"Adgangen til postkassen (KVALITET_IMAP_TOKEN_URL, {settings.imap_token_url})"


def _said(answer: httpx.Response) -> str:
    """Give the server's own reason, without what it may have repeated of the question."""
    try:
        found = answer.json()
    except ValueError:
        return "intet svar, der kan læses"
    reason = found.get("error") if isinstance(found, dict) else None
    return str(reason or "uden begrundelse")[:200]
