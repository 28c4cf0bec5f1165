"""read_replies: reads what comes back to the mailbox that invites, and keeps who comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import Ended, Report, conclude, guarded, opened, started_at
from kvalitet.adapters.mail import replies
from kvalitet.adapters.mail.replies import FolderInbox, ImapInbox, ReplyKind
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail.replies import Inbox

TITLE = "Læs svar på indkaldelser"
INBOX = "inbox"
_TEXTS = {
    ReplyKind.ANSWER: "svar på indkaldelser",
    ReplyKind.AUTOMATIC: "automatiske svar",
    ReplyKind.BOUNCE: "mails, der kom retur",
    ReplyKind.OTHER: "til gennemsyn",
}


@flow(name="read_replies", flow_run_name=TITLE)
async def read_replies() -> Ended:
    """Læser postkassen og noterer, hvem der kommer. Kan køres så tit, man vil; hvert svar læses én gang."""
    now = started_at()
    async with opened() as installation:
        outcome = await guarded(lambda: asyncio.to_thread(run, installation, now=now))
    return conclude([Report("Postkassen", outcome.summary, outcome.failures)])


def run(installation: Installation, *, now: datetime) -> Outcome:
    """Read the mailbox; without one, the .eml files in the folder `inbox` of the home folder."""
    counted = replies.read_replies(installation.store, _inbox(installation), now=now)
    with installation.store.write() as connection:
        log.beat(connection, "read_replies", now=now)
    told = [f"{number} {_TEXTS[kind]}" for kind, number in counted.items() if number]
    rows = ({"udfald": ", ".join(told)},) if told else ()
    return Outcome(", ".join(told) or "Ingen nye svar.", rows)


def _inbox(installation: Installation) -> Inbox:
    settings = installation.settings
    if settings.imap_host:
        return ImapInbox(settings.imap_host, settings.imap_user, settings.imap_password.get_secret_value())
    return FolderInbox(settings.home / INBOX)
