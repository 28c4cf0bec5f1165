"""Sending: the outbox of an installation, emptied as far as it is due."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation

TEXTS = {"sent": "sendt", "retried": "venter", "failed": "fejlet", "cancelled": "annulleret", "uncertain": "uvis"}


async def send_due(installation: Installation, *, now: Callable[[], datetime]) -> Drained:
    """Send what is queued; every mail is one transaction, and any number of workers share the work."""
    needed = NeededNow.of(installation.municipalities, installation.renderer)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    drained = await drain(installation.store, installation.transport(), needed, now=now, worker=worker)
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=now(), detail=summary(drained))
    return drained


def summary(drained: Drained) -> str:
    """Say what became of the mails: "12 sendt, 1 fejlet"."""
    told = [f"{number} {text}" for name, text in TEXTS.items() if (number := getattr(drained, name))]
    return ", ".join(told) or "Ingen mails at sende."
