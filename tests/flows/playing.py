"""What tests of the flows share: days that are turned, and the mails that came of them."""

import asyncio
from datetime import date, datetime, time
from functools import partial
from typing import NamedTuple

from flows import send_mail, turn_wheel
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import outbox
from kvalitet.board import danish_date
from kvalitet.days import days_between
from kvalitet.municipality import DANISH_TIME, Municipality


class Mailed(NamedTuple):
    """A mail of the outbox, as the tests look at it."""

    day: str
    recipient: str
    template: str
    about: dict[str, str]


def turned(installation: Installation, municipality: Municipality, first: str, last: str | None = None) -> list[str]:
    """Turn the wheel at five and send at seven, every day of a span; list the failures."""
    failures: list[str] = []
    for day in days_between(date.fromisoformat(first), date.fromisoformat(last or first)):
        at_five, at_seven = (datetime.combine(day, time(hour), tzinfo=DANISH_TIME) for hour in (5, 7))
        for outcome in turn_wheel.run(installation, municipality, now=at_five):
            failures += outcome.failures
        asyncio.run(send_mail.run(installation, now=partial(_same, at_seven)))
    return failures


def mailed(installation: Installation, *templates: str) -> list[Mailed]:
    """List the mails of some templates, or all but the weekly digest, in the order in which they were made."""
    with installation.store.read() as connection:
        return [
            Mailed(
                danish_date(mail.created_at).isoformat(),
                mail.recipient,
                mail.template,
                outbox.about(connection, mail.id),
            )
            for mail in reversed(outbox.mails(connection))
            if (mail.template in templates if templates else mail.template != "weekly_digest")
        ]


def _same(now: datetime) -> datetime:
    return now
