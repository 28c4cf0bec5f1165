"""send_mail: empties the outbox, as far as it is due."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import Ended, Report, conclude, guarded, opened
from kvalitet.adapters import clock
from kvalitet.adapters.mail.draining import drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail.draining import Drained

TITLE = "Send mails"
_TEXTS = {"sent": "sendt", "retried": "venter", "failed": "fejlet", "cancelled": "annulleret", "uncertain": "uvis"}


@flow(name="send_mail", flow_run_name=TITLE)
async def send_mail() -> Ended:
    """Sender det, der venter i udbakken. Kan køres så tit, man vil; ingen mail sendes to gange af den grund."""
    async with opened() as installation:
        outcome = await guarded(lambda: run(installation, now=clock.now))
    return conclude([Report("Udbakken", outcome.summary, outcome.failures)])


async def run(installation: Installation, *, now: Callable[[], datetime]) -> Outcome:
    """Send what is queued; every mail is one transaction, and any number of workers share the work."""
    needed = NeededNow.of(installation.municipalities, installation.renderer)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    drained = await drain(installation.store, installation.transport(), needed, now=now, worker=worker)
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=now(), detail=summary(drained))
    rows = ({"udfald": summary(drained)},) if any(_counts(drained).values()) else ()
    return Outcome(summary(drained), rows, (drained.stopped,) if drained.stopped else ())


def summary(drained: Drained) -> str:
    """Say what became of the mails: "12 sendt, 1 fejlet"."""
    told = [f"{number} {_TEXTS[name]}" for name, number in _counts(drained).items() if number]
    return ", ".join(told) or "Ingen mails at sende."


def _counts(drained: Drained) -> dict[str, int]:
    return {name: value for name, value in asdict(drained).items() if name in _TEXTS}
