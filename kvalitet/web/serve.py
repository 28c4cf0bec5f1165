"""Serving the board: on this machine alone, or behind a proxy that speaks https."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from kvalitet.adapters import clock
from kvalitet.adapters.errors import OperationError, ShownError, UserError
from kvalitet.adapters.settings import Settings
from kvalitet.web import sending
from kvalitet.web.app import create_app
from kvalitet.web.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from kvalitet.adapters.installation import Installation

logger = logging.getLogger(__name__)

SECONDS_TO_STOP = 10
# All would seem to come from the proxy, and one who asks too often would shut the door for all.
NO_PROXY = (
    "KVALITET_TRUSTED_PROXIES er tom, men folk når statusoverblikket med https gennem en proxy. Sæt den til proxyens "
    "adresse; ellers deler alle den samme grænse for, hvor tit man må logge ind."
)


def main() -> int:
    """Serve the installation of the settings until it is told to stop; gives the exit code."""
    try:
        settings = Settings.read()
        serve(settings, Opened(settings))
    except ShownError as error:
        print(error, file=sys.stderr)  # noqa: T201 -- this is a program
        return error.exit_code
    return 0


def serve(settings: Settings, provider: Callable[[], Installation]) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that have begun are finished."""
    refuse_open_doors(settings)
    with listen(settings.host, settings.port) as listening:
        config = uvicorn.Config(
            create_app(provider, clock.now, public_url=settings.public_url),
            log_level="warning",
            access_log=False,  # the addresses of feeds are secrets
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=SECONDS_TO_STOP,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
        )
        _Server(config).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Server: told to stop, it also lets the mail in flight be the last one."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop taking mails and requests."""
        sending.stop()
        super().handle_exit(sig, frame)


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or say in one sentence why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, each answer leaves at once: asyncio would else let its end wait for a word from the other side.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise OperationError(
            f"Porten {port} er optaget af et andet program; stop det, eller vælg en anden port i KVALITET_PORT."
        ) from error
    return listening


def refuse_open_doors(settings: Settings) -> None:
    """Refuse an address that other machines can reach without https: who logs in there could be listened to."""
    try:
        is_own = settings.host == "localhost" or ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        is_own = False
    if not is_own and not settings.is_encrypted:
        raise UserError(
            f"Statusoverblikket må kun lytte på »{settings.host}«, når folk når det med https; sæt KVALITET_BASE_URL "
            f"til den adresse, som proxyen foran svarer på, eller KVALITET_HOST til 127.0.0.1."
        )
    if settings.is_encrypted and not settings.trusted_proxies:
        logger.warning(NO_PROXY)
