"""Protection of the pages: headers on every answer, and forms that only our own pages can send."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
# A mail's own HTML: it may look as it does, and do nothing; only our own page may frame it.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
COOKIE = "kvalitet_formular"
# Over https no other host of the same domain can put a token of its own there (RFC 6265bis § 4.1.3.2).
SAFE_COOKIE = f"__Host-{COOKIE}"
HSTS = "max-age=31536000"
TOKEN_FIELD = "formularmærke"  # noqa: S105 -- the field's name
FOREIGN = "Formularen blev ikke sendt fra denne side. Gå tilbage, hent siden igen, og send den på ny."


class SecurityHeaders:
    """Sikkerhedshoveder: puts the headers on every answer that has not chosen its own."""

    def __init__(self, app: ASGIApp, *, is_encrypted: bool) -> None:
        self.app = app
        chosen = {**HEADERS, "strict-transport-security": HSTS} if is_encrypted else HEADERS
        self._headers = [(name.encode(), value.encode()) for name, value in chosen.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                chosen = {name for name, _ in message["headers"]}
                added = (header for header in self._headers if header[0] not in chosen)
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def form_token(request: Request) -> str:
    """Give the token of this browser's forms as this answer writes it: the cookie's, or a new one's.

    It is written under another mask in each answer, so that nobody who sees how tight a page packs, beside something
    that they have let it say, can guess the token letter by letter (BREACH).
    """
    if not hasattr(request.state, "masked_token"):
        known = request.cookies.get(cookie_name(request)) or secrets.token_urlsafe(24)
        request.state.form_token, request.state.masked_token = known, _masked(known)
    return str(request.state.masked_token)


def unmasked(request: Request, page: bytes) -> bytes:
    """Give a page as it would be without a mask: two that differ by the mask alone are the same page."""
    if not hasattr(request.state, "masked_token"):
        return page
    return page.replace(request.state.masked_token.encode(), request.state.form_token.encode())


def _masked(token: str) -> str:
    mask = secrets.token_bytes(len(token.encode()))
    return urlsafe_b64encode(mask + _xor(mask, token.encode())).decode()


def _token_in(text: str) -> bytes:
    """Take the mask off what a form has sent; what never had one is no token."""
    try:
        both = urlsafe_b64decode(text.encode())
    except ValueError:
        return b""
    half = len(both) // 2
    return _xor(both[:half], both[half:])


def _xor(mask: bytes, text: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, text, strict=False))


def keep_token(request: Request, response: Response) -> None:
    """Set the cookie when the page has a form."""
    token = getattr(request.state, "form_token", None)
    name = cookie_name(request)
    if token and request.cookies.get(name) != token:
        # Lax: one who comes by a link in a mail is to keep the token that the other pages of the browser have.
        response.set_cookie(name, token, httponly=True, samesite="lax", secure=name == SAFE_COOKIE)


def forget_token(request: Request, response: Response) -> None:
    """Let the browser forget its token."""
    name = cookie_name(request)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=name == SAFE_COOKIE)


def cookie_name(request: Request) -> str:
    """Give the name of the token's cookie; without https, on one's own machine, no prefix can be promised."""
    return SAFE_COOKIE if request.app.state.is_encrypted else COOKIE


def is_kept(request: Request) -> bool:
    """Tell whether the browser has the token of the page's forms already, so that the next page is the same."""
    token = getattr(request.state, "form_token", None)
    return token is None or request.cookies.get(cookie_name(request)) == token


def refuse_foreign(request: Request, token: str) -> None:
    """Refuse a form that another site has sent, or that lacks this browser's token."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise HTTPException(403, FOREIGN)
    if site is None and origin not in {None, "null"} and str(origin).rpartition("//")[2] != request.headers.get("host"):
        raise HTTPException(403, FOREIGN)
    known = request.cookies.get(cookie_name(request), "")
    if not known or not secrets.compare_digest(known.encode(), _token_in(token)):
        raise HTTPException(403, FOREIGN)


class KnownHosts:
    """Kendte værtsnavne: a page of another site cannot reach the board under a name of its own (DNS rebinding)."""

    LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

    def __init__(self, app: ASGIApp, *, own_name: str = "") -> None:
        self.app = app
        self._names = self.LOOPBACK | {own_name}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request to a name that is ours."""
        if scope["type"] != "http" or self._is_known(scope):
            await self.app(scope, receive, send)
            return
        answer = PlainTextResponse(
            "Serveren kender ikke det navn; brug adressen, som den skriver ved start.", status_code=400
        )
        await answer(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        return _host(dict(scope["headers"]).get(b"host", b"")) in self._names


# A service is asked by few names.
@lru_cache(64)
def _host(address: bytes) -> str | None:
    """Read the name out of an address; one that is none has no name."""
    try:
        return urlsplit(f"//{address.decode('latin-1')}").hostname
    except ValueError:
        return None
