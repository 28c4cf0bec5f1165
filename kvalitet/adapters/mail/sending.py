"""Sending: the outbox of an installation, emptied as far as it is due."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.patience import Patience, until_told
from kvalitet.adapters.mail.transport import SmtpTransport
from kvalitet.adapters.store import log
from kvalitet.outgoing import Rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.settings import Settings

TEXTS = {
    "sent": "sendt",
    "retried": "venter",
    "failed": "fejlet",
    "cancelled": "annulleret",
    "uncertain": "uvis",
    "held": "holdt tilbage",
}


PAUSED = "Afsendelsen er sat på pause."


async def send_due(
    installation: Installation, *, now: Callable[[], datetime], patience: Patience | None = None
) -> Drained:
    """Send what is queued; every mail is one transaction, and any number of workers share the work."""
    needed = NeededNow.of(installation.municipalities, installation.renderer)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    patience, transport = patience or Patience(), installation.transport()
    rules = rules_of(installation.settings, is_limited=isinstance(transport, SmtpTransport))
    with until_told(patience):
        drained = await drain(
            installation.store, transport, needed, now=now, worker=worker, rules=rules, patience=patience
        )
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=now(), detail=summary(drained))
    return drained


def rules_of(settings: Settings, *, is_limited: bool) -> Rules:
    """Give the rules that the settings ask for; the local mailbox takes as many mails as it gets."""
    return Rules(
        lease=timedelta(seconds=settings.mail_lease),
        rate=settings.mail_rate if is_limited else 0,
        surge=settings.mail_surge,
        uncertain=settings.mail_uncertain,
    )


def summary(drained: Drained) -> str:
    """Say what became of the mails: "12 sendt, 1 fejlet"."""
    told = [f"{number} {text}" for name, text in TEXTS.items() if (number := getattr(drained, name))]
    text = ", ".join(told) or ("" if drained.paused else "Ingen mails at sende.")
    return f"{text}. {PAUSED}".removeprefix(". ") if drained.paused else text
