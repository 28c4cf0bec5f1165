"""Logging in by the municipality's own login: the way out, the way back, and who it turned out to be."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from kvalitet.adapters.access import accounts
from kvalitet.adapters.access.openid import rounds
from kvalitet.adapters.access.openid.answers import Asked, claims_for
from kvalitet.adapters.access.openid.faults import (
    NOT_OURS,
    NOT_SET_UP,
    NOT_TRUE,
    STOPPED,
    USED_UP,
    AnswerFault,
    ProviderFault,
)
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.board import danish_date
from kvalitet.rights import standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kvalitet.adapters.access.accounts import Account
    from kvalitet.adapters.access.openid.provider import Providers
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.rights import Standing

logger = logging.getLogger(__name__)

ANSWERS_AT = "/log-ind/openid/svar"
SCOPE = "openid profile email"
# App roles of Entra ID come in this claim.
ROLES = "roles"
MOST_ROLES, LONGEST_NAME, LONGEST_ADDRESS = 100, 200, 320


@dataclass(frozen=True, slots=True)
class WayOut:
    """Vejen ud: where the browser is led, and what it keeps in its cookie meanwhile."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """Lukket ind: as whom, who that is, and the page that they were going to."""

    entry: Entry
    account: Account
    way: str


def begin(
    installation: Installation, providers: Providers, municipality: Municipality, way: str, *, now: datetime
) -> WayOut:
    """Lead a browser out to the municipality's login."""
    _secret(installation, municipality)
    provider = providers.provider(municipality.login.issuer, now=now)
    key, made = rounds.key_of(installation.store), rounds.begin(municipality.key, way, now=now)
    address = prepare_grant_uri(
        provider.authorization_endpoint,
        client_id=municipality.login.client_id,
        response_type="code",
        redirect_uri=_redirect_uri(installation),
        scope=SCOPE,
        state=made.state(key),
        nonce=made.nonce(key),
        code_challenge=create_s256_code_challenge(made.verifier(key)),
        code_challenge_method="S256",
    )
    return WayOut(address, rounds.sealed(made, key))


def finish(
    installation: Installation, providers: Providers, cookie: str, told: Mapping[str, str], *, now: datetime
) -> LetIn:
    """Take what the browser brings back from the login; whatever does not fit lets nobody in."""
    key = rounds.key_of(installation.store)
    asked = rounds.unsealed(cookie, key, now=now)
    if asked is None or not hmac.compare_digest(told.get("state", "").encode(), asked.state(key).encode()):
        raise AnswerFault(NOT_OURS)
    with installation.store.write() as connection:
        if not rounds.use(connection, asked, now=now):
            raise AnswerFault(USED_UP)
    municipality = installation.municipality(asked.municipality)
    issuer = municipality.login.issuer
    # Another login's answer sent to us (RFC 9207 § 2.4).
    if told.get("iss", issuer) != issuer:
        raise AnswerFault(NOT_TRUE)
    if not told.get("code"):
        logger.info("Kommunens login lukkede ingen ind: %r", told.get("error", "")[:40])
        raise AnswerFault(STOPPED)
    question = Asked(
        municipality.login.client_id,
        _secret(installation, municipality),
        _redirect_uri(installation),
        asked.nonce(key),
        asked.verifier(key),
    )
    claims = claims_for(providers, providers.provider(issuer, now=now), question, told["code"], now=now)
    account = _keep(installation, municipality, claims, now=now)
    return LetIn(Entry(municipality.key, Method.OPENID, account=account.id), account, asked.way)


def municipality_of_round(installation: Installation, cookie: str, *, now: datetime) -> str:
    """Tell which municipality a browser was on its way into; "" where nobody knows."""
    found = rounds.unsealed(cookie, rounds.key_of(installation.store), now=now)
    return found.municipality if found else ""


def standings_in(municipality: Municipality, claims: Mapping[str, Any], *, today: date) -> list[Standing]:
    """Read what the login lets somebody in as; a role that we do not know opens nothing, and is told of in the log."""
    told = claims.get(ROLES, [])
    roles = [str(role) for role in told[:MOST_ROLES]] if isinstance(told, list) else []
    found = {role: standing_of(municipality, role, today=today) for role in roles}
    unknown = [role for role, standing in found.items() if standing is None]
    if unknown:
        logger.warning("Kommunens login nævner roller, som %s ikke kender: %r", municipality.key, unknown)
    return [standing for standing in found.values() if standing]


def _keep(installation: Installation, municipality: Municipality, claims: dict[str, Any], *, now: datetime) -> Account:
    address = _line(claims.get("email") or claims.get("preferred_username"), LONGEST_ADDRESS).lower()
    name = _line(claims.get("name"), LONGEST_NAME) or address or "Uden navn"
    with installation.store.write() as connection:
        found = accounts.seen(connection, municipality.login.issuer, claims["sub"], name=name, address=address, now=now)
        provided = standings_in(municipality, claims, today=danish_date(now))
        accounts.replace_provided(connection, found.id, municipality.key, provided, now=now)
    return found


def _line(value: object, longest: int) -> str:
    """Read a text that is shown; what no line holds is left out."""
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:longest]


def _secret(installation: Installation, municipality: Municipality) -> str:
    known = installation.settings.openid_secrets.get(municipality.key)
    if known is None or not known.get_secret_value():
        raise ProviderFault(NOT_SET_UP)
    return known.get_secret_value()


def _redirect_uri(installation: Installation) -> str:
    return f"{installation.settings.public_url}{ANSWERS_AT}"
