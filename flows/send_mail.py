"""send_mail: empties the outbox, as far as it is due."""

from __future__ import annotations

import socket
from os import getpid
from typing import TYPE_CHECKING

from flows.outcome import Outcome
from kvalitet.adapters.mail.draining import drain
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation


async def run(installation: Installation, *, now: datetime, worker: str | None = None) -> Outcome:
    """Send what is queued; every mail is one transaction, and many workers share the work."""
    name = worker or f"{socket.gethostname()}:{getpid()}"
    drained = await drain(installation, now=now, worker=name)
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=now, detail=drained.summary)
    return Outcome(drained.summary, drained.rows, drained.failures)
