"""read_replies: reads what comes back to the mailbox that invites, and keeps who comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import Ended, Report, conclude, guarded, opened, started_at
from kvalitet.adapters import replies
from kvalitet.adapters.incoming.kinds import counted_text

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation

TITLE = "Læs svar på indkaldelser"


@flow(name="read_replies", flow_run_name=TITLE)
async def read_replies() -> Ended:
    """Læser postkassen og noterer, hvem der kommer. Kan køres så tit, man vil; hvert svar læses én gang."""
    now = started_at()
    async with opened() as installation:
        outcome = await guarded(lambda: asyncio.to_thread(run, installation, now=now))
    return conclude([Report("Postkassen", outcome.summary, outcome.failures)])


def run(installation: Installation, *, now: datetime) -> Outcome:
    """Read the mailbox; without one, the .eml files in the folder `inbox` of the home folder."""
    told = counted_text(replies.read_replies(installation, now=now))
    return Outcome(told or "Ingen nye svar.", ({"udfald": told},) if told else ())
