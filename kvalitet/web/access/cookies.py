"""Cookies: the session's and the forms'. Nothing but a secret stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.settings import Settings

_SESSION = "kvalitet_session"
_ROUND = "kvalitet_login"
# A browser takes such a cookie only from this very host, over https, for all of its pages (RFC 6265bis § 4.1.3.2).
_HOST_ONLY = "__Host-"


def session_name(settings: Settings) -> str:
    """Give the name of the session's cookie; without https, on one's own machine, no prefix can be promised."""
    return f"{_HOST_ONLY}{_SESSION}" if settings.is_encrypted else _SESSION


def session_token(request: Request, settings: Settings) -> str:
    """Read the secret of a browser's session; "" where it has none."""
    return request.cookies.get(session_name(settings), "")


def any_session_token(request: Request) -> str:
    """Read the same without knowing the settings: enough to know again whom we have let in."""
    return request.cookies.get(f"{_HOST_ONLY}{_SESSION}", "") or request.cookies.get(_SESSION, "")


def keep_session(response: Response, settings: Settings, token: str) -> None:
    """Let a browser keep its session until it is closed; a link in a mail from us may lead to it."""
    response.set_cookie(
        session_name(settings), token, httponly=True, secure=settings.is_encrypted, samesite="lax", path="/"
    )


def forget_session(response: Response, settings: Settings) -> None:
    """Let a browser forget its session."""
    response.delete_cookie(
        session_name(settings), httponly=True, secure=settings.is_encrypted, samesite="lax", path="/"
    )


def round_of(request: Request, settings: Settings) -> str:
    """Read what a browser keeps while it is at the municipality's login."""
    return request.cookies.get(_round_name(settings), "")


def keep_round(response: Response, settings: Settings, sealed: str, *, seconds: int) -> None:
    """Let a browser keep it until it comes back; coming from another site, it must still be sent (lax)."""
    response.set_cookie(
        _round_name(settings),
        sealed,
        max_age=seconds,
        httponly=True,
        secure=settings.is_encrypted,
        samesite="lax",
        path="/",
    )


def forget_round(response: Response, settings: Settings) -> None:
    """Let a browser forget it; it has been used."""
    response.delete_cookie(_round_name(settings), httponly=True, secure=settings.is_encrypted, samesite="lax", path="/")


def _round_name(settings: Settings) -> str:
    return f"{_HOST_ONLY}{_ROUND}" if settings.is_encrypted else _ROUND
