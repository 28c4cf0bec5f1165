"""An identity provider of the tests' own on the loopback: real keys, real signatures, and faults to order."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.builders import NOON

CLIENT, SECRET = "kvalitet-prøve", "hemmeligt & ægte"


@cache
def key_named(kid: str) -> RSAKey:
    """Make a key pair, once for all tests; two names are two pairs."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class IdentityProvider:
    """Whom it vouches for, and what it does wrong; `claims` overrides what the signed answer says."""

    issuer: str
    roles: list[str] | None = None
    subject: str = "anna-323001"
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    algorithm: str = "RS256"
    told_issuer: str = ""
    methods: tuple[str, ...] = ("client_secret_post", "client_secret_basic")
    now: datetime = NOON
    key: RSAKey = field(default_factory=lambda: key_named("first"))
    signs_with: RSAKey | None = None
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def approve(self, address: str) -> dict[str, str]:
        """Be the person who logs in at the provider: read what was asked, and give the answer's query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def metadata(self, _request: Request) -> Response:
        self.asked.append("metadata")
        here = self.issuer
        return JSONResponse(
            {
                "issuer": self.told_issuer or here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/keys",
                "token_endpoint_auth_methods_supported": self.methods,
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def keys(self, _request: Request) -> Response:
        self.asked.append("keys")
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.forms.append(form)
        if not self._knows(request, form):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        asked = self.codes.pop(form.get("code", ""), None)  # a code is given once
        if asked is None or not _proves(asked, form) or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse({"token_type": "Bearer", "access_token": "adgang", "id_token": self.signed(asked)})

    def signed(self, asked: dict[str, str]) -> str:
        """Sign the answer, in the way that has been ordered."""
        now = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "name": "Anna Andersen",
            "preferred_username": "Anna@Proeveby.example",
            **({} if self.roles is None else {"roles": self.roles}),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        if self.algorithm == "none":
            return unsigned(claims)
        if self.algorithm == "HS256":
            return jwt.encode({"alg": "HS256", "kid": "first"}, claims, OctKey.import_key(SECRET * 4))
        key = self.signs_with or self.key
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key)

    def _knows(self, request: Request, form: dict[str, str]) -> bool:
        if "client_secret_post" in self.methods:
            return form.get("client_secret") == SECRET and form.get("client_id") == CLIENT
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode() == "kvalitet-pr%C3%B8ve:hemmeligt%20%26%20%C3%A6gte"


def unsigned(claims: dict[str, Any]) -> str:
    """Write an answer that nobody has signed."""
    parts = (json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def _proves(asked: dict[str, str], form: dict[str, str]) -> bool:
    """Check the proof of PKCE; nobody gets away without one."""
    made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(made).decode().rstrip("=")
    return asked.get("code_challenge_method") == "S256" and asked.get("code_challenge") == challenge


@contextmanager
def served_provider() -> Iterator[IdentityProvider]:
    """Serve a provider on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        provider = IdentityProvider(f"http://127.0.0.1:{listening.getsockname()[1]}")
        routes = [
            Route("/.well-known/openid-configuration", provider.metadata),
            Route("/keys", provider.keys),
            Route("/token", provider.token, methods=["POST"]),
        ]
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()
