"""Answers: the code that a browser brings back, changed for a signed answer that says who it is."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError

from kvalitet.adapters.access.openid.faults import (
    CLOCKS,
    NO_ANSWER,
    NOT_KNOWN_THERE,
    NOT_TRUE,
    USED_UP,
    AnswerFault,
    ProviderFault,
)
from kvalitet.adapters.access.openid.provider import SECONDS

if TYPE_CHECKING:
    from datetime import datetime

    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

    from kvalitet.adapters.access.openid.provider import Provider, Providers

logger = logging.getLogger(__name__)

# Signatures of the provider's own key pair alone: never "none", never one that the client's secret could make.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Two machines' clocks may differ by so many seconds.
LEEWAY = 120
_OF_THE_CLOCK = frozenset({"exp", "iat", "nbf"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Spurgt: what was asked, and must fit the answer."""

    client_id: str
    secret: str
    redirect_uri: str
    nonce: str
    verifier: str


def claims_for(providers: Providers, provider: Provider, asked: Asked, code: str, *, now: datetime) -> dict[str, Any]:
    """Change a code for what the login says of the person; anything that does not fit is a fault."""
    token = _exchanged(provider, asked, code)
    id_token = token.get("id_token")
    if not isinstance(id_token, str):
        raise AnswerFault(NOT_TRUE)
    read = _read(id_token, providers, provider, now=now)
    _check(read, provider, asked, access_token=token.get("access_token"), now=now)
    return dict(read.claims)


def _exchanged(provider: Provider, asked: Asked, code: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect_uri,
        "code_verifier": asked.verifier,
        "client_id": asked.client_id,
    }
    auth = None
    if provider.takes_secret_in_form:
        form["client_secret"] = asked.secret
    else:
        auth = httpx.BasicAuth(quote(asked.client_id, safe=""), quote(asked.secret, safe=""))
    try:
        answer = httpx.post(provider.token_endpoint, data=form, auth=auth, timeout=SECONDS)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFault(NO_ANSWER) from error
    if not isinstance(found, dict):
        raise ProviderFault(NO_ANSWER)
    if answer.is_success:
        return found
    _refused(answer.status_code, str(found.get("error", "")))
    raise ProviderFault(NO_ANSWER)


def _refused(status: int, error: str) -> None:
    """Tell why a code was not changed; RFC 6749 § 5.2 names the errors."""
    logger.warning("Kommunens login afviste en kode: %d %r", status, error[:40])
    if error == "invalid_grant":
        raise AnswerFault(USED_UP)
    if error in {"invalid_client", "unauthorized_client"} or status == HTTPStatus.UNAUTHORIZED:
        raise ProviderFault(NOT_KNOWN_THERE)


def _read(id_token: str, providers: Providers, provider: Provider, *, now: datetime) -> Token:
    """Read a signed answer; where its key is new, the login's keys are asked for once more."""
    try:
        try:
            return _decoded(id_token, providers.keys(provider, now=now))
        except InvalidKeyIdError:
            return _decoded(id_token, providers.keys(provider, now=now, anew=True))
    except (JoseError, ValueError) as error:
        logger.warning(
            "Kommunens login er svaret med noget, der ikke er underskrevet rigtigt: %s", type(error).__name__
        )
        raise AnswerFault(NOT_TRUE) from error


def _decoded(id_token: str, keys: KeySet) -> Token:
    return jwt.decode(id_token, keys, algorithms=ALGORITHMS)


def _check(read: Token, provider: Provider, asked: Asked, *, access_token: object, now: datetime) -> None:
    """Check who says it, to whom, about which question, and when (OpenID Connect Core 1.0 § 3.1.3.7)."""
    claims = read.claims
    options = {"iss": {"essential": True, "value": provider.issuer}, "sub": {"essential": True}}
    params = {"nonce": asked.nonce, "client_id": asked.client_id, "access_token": access_token}
    try:
        if claims.get("aud") not in (asked.client_id, [asked.client_id]):
            raise InvalidClaimError("aud")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), asked.nonce.encode()):
            raise InvalidClaimError("nonce")
        CodeIDToken(claims, read.header, options, params).validate(now=int(now.timestamp()), leeway=LEEWAY)
    except JoseError as error:
        claim = "exp" if isinstance(error, ExpiredTokenError) else str(getattr(error, "claim", ""))
        logger.warning("Svaret fra kommunens login passer ikke: %s", claim or type(error).__name__)
        raise AnswerFault(CLOCKS if claim in _OF_THE_CLOCK else NOT_TRUE) from error
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise AnswerFault(NOT_TRUE)
