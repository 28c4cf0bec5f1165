"""weekly_digest: tells the administration once a week who is missing and what is coming."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet import letters
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.store import log
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.messages import Message
    from kvalitet.municipality import Municipality

TITLE = "Skriv ugebrevet"
# The last due dates of a wheel are followed up for some weeks.
AFTERMATH = timedelta(weeks=4)


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether this week's digest is still to be written."""
    if not municipality.calendar.is_mail_day(danish_date(now)):
        return False
    with installation.store.read() as connection:
        return log.recall(connection, _name(municipality)) != _week(now)


@flow(name="weekly_digest", flow_run_name=f"{TITLE} – {{municipality}}")
async def weekly_digest(municipality: str = ALL) -> Ended:
    """Fortæller én gang om ugen forvaltningen, hvem der mangler at aflevere, og hvad der kommer."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Put the week's digest into the outbox: on its first mail day, once."""
    if not municipality.calendar.is_mail_day(danish_date(now)):
        return Outcome("Intet ugebrev på lukkedage.")
    digest = messages(installation, municipality, now=now)
    if not digest:
        return Outcome("Der er ingen plan at fortælle om.")
    with installation.store.write() as connection:
        log.remember(connection, _name(municipality), _week(now))
        sent = [message for message in digest if enqueue(connection, installation.renderer, message, now=now)]
    rows = tuple({"til": message.to.address, "mail": message.template} for message in sent)
    return Outcome(f"Ugebrev til {len(rows)}." if rows else "Ugebrevet er sendt.", rows)


def messages(installation: Installation, municipality: Municipality, *, now: datetime) -> tuple[Message, ...]:
    """Give the week's digest; in the months in which two wheels turn, it tells of both."""
    current = installation.current_year(municipality, now=now)
    board = installation.board(municipality, current, now=now)
    before = current.plus(-1)
    turning = municipality.wheel.span(before)[1] + AFTERMATH >= board.today
    ending = installation.board(municipality, before, now=now) if turning else None
    return letters.weekly_digest(board, ending if ending and ending.rows else None) if board.rows else ()


def _name(municipality: Municipality) -> str:
    return f"weekly_digest:{municipality.key}"


def _week(now: datetime) -> str:
    year, week, _ = danish_date(now).isocalendar()
    return f"{year}-W{week:02d}"
