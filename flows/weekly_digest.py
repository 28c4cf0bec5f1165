"""weekly_digest: tells the administration once a week who is missing and what is coming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.follow_up import digest
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Skriv ugens overblik"


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether this week's digest is still to be written."""
    with installation.store.read() as connection:
        return digest.is_due(connection, municipality, now=now)


@flow(name="weekly_digest", flow_run_name=f"{TITLE} – {{municipality}}")
async def weekly_digest(municipality: str = ALL) -> Ended:
    """Fortæller én gang om ugen forvaltningen, hvem der mangler at aflevere, og hvad der kommer."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Put the week's digest into the outbox: on its first mail day, once."""
    if not municipality.calendar.is_mail_day(danish_date(now)):
        return Outcome("Intet overblik på lukkedage.")
    with installation.store.write() as connection:
        sent = digest.put(connection, installation.renderer, municipality, now=now)
    if sent is None:
        return Outcome("Der er ingen plan at fortælle om.")
    rows = tuple({"til": message.to.address, "mail": message.template} for message in sent.messages)
    done = "Ugens overblik kan ikke skrives." if sent.failures else "Ugens overblik er sendt."
    return Outcome(f"Ugens overblik til {len(rows)}." if rows else done, rows, sent.failures)
