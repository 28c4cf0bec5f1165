"""The weekly digest: once a week the administration hears who is missing and what is coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet import letters
from kvalitet.adapters.installation import board_on, current_year_on
from kvalitet.adapters.mail.enqueueing import enqueue_each, note
from kvalitet.adapters.mail.writing.explaining import told
from kvalitet.adapters.store import incoming, log, outbox
from kvalitet.board import danish_date
from kvalitet.letters import WaitingMail
from kvalitet.outgoing import MailState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.messages import Message
    from kvalitet.municipality import Municipality

# The last due dates of a wheel are followed up for some weeks.
AFTERMATH = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Written:
    """Skrevet: whom the digest was put into the outbox for, and why others could not be written to."""

    messages: tuple[Message, ...]
    failures: tuple[str, ...]


def is_due(connection: Connection, municipality: Municipality, *, now: datetime) -> bool:
    """Tell whether this week's digest is still to be written: on the week's first mail day, or the first one after."""
    is_open = municipality.calendar.is_mail_day(danish_date(now))
    return is_open and log.recall(connection, _name(municipality)) != _week(now)


def put(connection: Connection, renderer: Renderer, municipality: Municipality, *, now: datetime) -> Written | None:
    """Put the week's digest into the outbox, once; None where there is no plan to tell of.

    One that cannot be written is tried anew at the next run.
    """
    digest = messages(connection, municipality, now=now)
    if not digest:
        return None
    new, failed = enqueue_each(connection, renderer, digest, now=now)
    if not failed:
        log.remember(connection, _name(municipality), _week(now))
    note(connection, municipality, failed, now=now)
    return Written(new, told(failed))


def messages(connection: Connection, municipality: Municipality, *, now: datetime) -> tuple[Message, ...]:
    """Give the week's digest; in the months in which two wheels turn, it tells of both."""
    current = current_year_on(connection, municipality, now=now)
    board = board_on(connection, municipality, current, now=now)
    before = current.plus(-1)
    turning = municipality.wheel.span(before)[1] + AFTERMATH >= board.today
    ending = board_on(connection, municipality, before, now=now) if turning else None
    if not board.rows:
        return ()
    return letters.weekly_digest(board, ending if ending and ending.rows else None, _waiting(connection, municipality))


def _waiting(connection: Connection, municipality: Municipality) -> WaitingMail:
    """Count the mail that waits for a person."""
    attention = incoming.attention(connection, municipality.key)
    states = outbox.counts(connection, municipality.key)
    astray = states.get(MailState.FAILED, 0) + states.get(MailState.UNCERTAIN, 0)
    return WaitingMail(attention.unread, attention.bouncing, states.get(MailState.HELD, 0), astray)


def _name(municipality: Municipality) -> str:
    return f"weekly_digest:{municipality.key}"


def _week(now: datetime) -> str:
    year, week, _ = danish_date(now).isocalendar()
    return f"{year}-W{week:02d}"
