"""read_replies: reads what comes back to the mailbox that invites, and keeps who comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import Ended, Report, conclude, guarded, opened, started_at
from kvalitet.adapters.incoming.dealing import read_inbox, reader_of
from kvalitet.adapters.incoming.inboxes import inbox_of
from kvalitet.adapters.incoming.kinds import counted_text
from kvalitet.adapters.offers.taking import taker
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation

TITLE = "Læs svar på indkaldelser"
INBOX = "inbox"


@flow(name="read_replies", flow_run_name=TITLE)
async def read_replies() -> Ended:
    """Læser postkassen og noterer, hvem der kommer. Kan køres så tit, man vil; hvert svar læses én gang."""
    now = started_at()
    async with opened() as installation:
        outcome = await guarded(lambda: asyncio.to_thread(run, installation, now=now))
    return conclude([Report("Postkassen", outcome.summary, outcome.failures)])


def run(installation: Installation, *, now: datetime) -> Outcome:
    """Read the mailbox; without one, the .eml files in the folder `inbox` of the home folder."""
    inbox = inbox_of(installation.settings, installation.settings.home / INBOX)
    reader = reader_of(installation, on_human=taker(installation, now=now))
    told = counted_text(read_inbox(reader, inbox, now=now))
    with installation.store.write() as connection:
        log.beat(connection, "read_replies", now=now)
    return Outcome(told or "Ingen nye svar.", ({"udfald": told},) if told else ())
