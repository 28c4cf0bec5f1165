"""follow_up: the day's one mail to each person about what opens, is due, or is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.follow_up import following
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.messages import Message
    from kvalitet.municipality import Municipality

TITLE = "Følg op på afleveringer"


@flow(name="follow_up", flow_run_name=f"{TITLE} – {{municipality}}")
async def follow_up(municipality: str = ALL) -> Ended:
    """Lægger dagens ene mail til hver person i udbakken: hvad der åbner, snart skal afleveres eller mangler."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Put the day's mails into the outbox, and note when each deliverable is next to be looked at."""
    if not municipality.calendar.is_mail_day(danish_date(now)):
        return Outcome("Ingen mails på lukkedage.")
    followed = following.follow_up(installation, municipality, now=now)
    rows = tuple(_row(message) for message in followed.messages)
    done = f"{len(rows)} mails lagt i udbakken." if rows or followed.failures else "Ingen skal høre noget i dag."
    return Outcome(done, rows, followed.failures)


def _row(message: Message) -> dict[str, str]:
    return {"til": message.to.address, "mail": message.template, "om": str(len(message.about))}
