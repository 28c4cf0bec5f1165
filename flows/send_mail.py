"""send_mail: empties the outbox, as far as it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import Ended, Report, conclude, guarded, opened
from kvalitet.adapters import clock
from kvalitet.adapters.mail.draining import Drained
from kvalitet.adapters.mail.sending import send_due, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation

TITLE = "Send mails"


@flow(name="send_mail", flow_run_name=TITLE)
async def send_mail() -> Ended:
    """Sender det, der venter i udbakken. Kan køres så tit, man vil; ingen mail sendes to gange af den grund."""
    async with opened() as installation:
        outcome = await guarded(lambda: run(installation, now=clock.now))
    return conclude([Report("Udbakken", outcome.summary, outcome.failures)])


async def run(installation: Installation, *, now: Callable[[], datetime]) -> Outcome:
    """Send what is queued, as one of any number of workers."""
    drained = await send_due(installation, now=now)
    told = summary(drained)
    rows = ({"udfald": told},) if drained != Drained(stopped=drained.stopped) else ()
    return Outcome(told, rows, (drained.stopped,) if drained.stopped else ())
