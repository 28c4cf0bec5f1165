"""Networks: from where somebody asks, and how much may come from there."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kvalitet.adapters.access import attempts
from kvalitet.web.security import KnownHosts
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.access.attempts import Limit

TOO_OFTEN = "Der er prøvet for mange gange herfra. Vent {minutes} minutter, og prøv igen."
# One who has IPv6 has at least so many addresses to himself (RFC 6177).
_OWN_NETWORK = 64
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


def network_of(request: Request) -> str:
    """Name the network that a request comes from: one address, or all that one subscriber has of IPv6."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, _OWN_NETWORK), strict=False))
    return str(address)


def is_at_the_machine(request: Request) -> bool:
    """Tell whether a request comes from the machine that the board runs on, and through no proxy."""
    try:
        is_here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        is_here = False
    is_passed_on = any(name in request.headers for name in _FORWARDED)
    return is_here and not is_passed_on and request.url.hostname in KnownHosts.LOOPBACK


def refuse_too_many(request: Request, limit: Limit) -> None:
    """Count what comes from a network, and turn away what is too much."""
    site = site_of(request)
    with site.installation_provider().store.write() as connection:
        seconds = attempts.seconds_to_wait(connection, limit, network_of(request), now=site.clock())
    if seconds:
        sentence = TOO_OFTEN.format(minutes=-(-seconds // 60))
        raise HTTPException(429, sentence, headers={"retry-after": str(seconds)})
