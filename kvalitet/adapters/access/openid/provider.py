"""The provider: what the municipality's login tells of itself, and its keys, kept for a while."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kvalitet.adapters.access.openid.faults import NO_ANSWER, WRONG_ISSUER, ProviderFault

SECONDS = 10.0
KEPT = timedelta(hours=1)
# A key that is not known is asked for anew, though not each time that somebody makes one up.
ASKED_AGAIN = timedelta(minutes=1)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """Kommunens login: the addresses that it has told (OpenID Connect Discovery 1.0 § 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_secret_in_form: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    since: datetime


class Providers:
    """Kommunernes login: asks each once in a while; threads share what it has told."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def provider(self, issuer: str, *, now: datetime) -> Provider:
        """Give what a login tells of itself."""
        found: Provider = self._fetched(issuer, KEPT, now, lambda: _discovered(issuer))
        return found

    def keys(self, provider: Provider, *, now: datetime, anew: bool = False) -> KeySet:
        """Give the keys that a login signs with; `anew`: one was not among those that are kept."""
        address = provider.jwks_uri
        found: KeySet = self._fetched(address, ASKED_AGAIN if anew else KEPT, now, lambda: _keys_at(address))
        return found

    def _fetched(self, name: str, at_most: timedelta, now: datetime, fetch: Any) -> Any:
        with self._lock:
            known = self._kept.get(name)
        if known and timedelta(0) <= now - known.since < at_most:
            return known.value
        value = fetch()
        with self._lock:
            self._kept[name] = _Kept(value, now)
        return value


def is_safe(address: str) -> bool:
    """Tell whether an address may be asked: by https, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _discovered(issuer: str) -> Provider:
    told = _json(issuer.rstrip("/") + _WELL_KNOWN)
    # Exactly: another tenant, or another name for the same, is another login (§ 4.3).
    if told.get("issuer") != issuer:
        raise ProviderFault(WRONG_ISSUER)
    addresses = {name: str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(is_safe(address) for address in addresses.values()):
        raise ProviderFault(WRONG_ISSUER)
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(issuer, **addresses, takes_secret_in_form="client_secret_post" in methods)


def _keys_at(address: str) -> KeySet:
    try:
        return KeySet.import_key_set(_json(address))  # type: ignore[arg-type]  # it checks what it is given
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFault(NO_ANSWER) from error


def _json(address: str) -> dict[str, Any]:
    if not is_safe(address):
        raise ProviderFault(WRONG_ISSUER)
    try:
        answer = httpx.get(address, timeout=SECONDS)
        found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFault(NO_ANSWER) from error
    if not isinstance(found, dict):
        raise ProviderFault(NO_ANSWER)
    return found
