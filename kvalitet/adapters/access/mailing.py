"""Mailing a login link: straight to the mail server, past the outbox, where others could read the secret."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.access import links
from kvalitet.adapters.access.attempts import LINKS_TO_AN_ADDRESS, LINKS_TO_AN_ADDRESS_IN_ALL, seconds_to_wait
from kvalitet.adapters.access.visitors import is_let_in_by_mail
from kvalitet.adapters.mail.transport import MaybeSentError, NotSentError
from kvalitet.letters import login

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.outbox import NewMail
    from kvalitet.municipality import Municipality

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """Bedt om link: for which mailbox, from which network; `way` is the page that the link leads to."""

    municipality: Municipality
    address: str
    way: str
    network: str


async def send_link(installation: Installation, asked: LinkAsked, *, now: datetime) -> bool:
    """Mail a login link to a mailbox that the files name; tell whether one was sent.

    The one who asked is told the same in any case, so that nobody learns which mailboxes there are. No thread waits
    for the mail server: one that does not answer is not to keep the pages waiting.
    """
    mail = await asyncio.to_thread(_written, installation, asked, now=now)
    if mail is None:
        return False
    try:
        await _send(installation, mail)
    except (NotSentError, MaybeSentError):
        logger.exception("Et loginlink kunne ikke sendes")
        return False
    return True


def _written(installation: Installation, asked: LinkAsked, *, now: datetime) -> NewMail | None:
    """Write the mail with a new link; None for a mailbox without access, or for one that has got enough."""
    municipality, mailbox = asked.municipality, asked.address.strip().lower()
    if not is_let_in_by_mail(installation, municipality.key, mailbox, now=now):
        logger.info("Der er bedt om et loginlink til en postkasse, som ikke står i filerne for %s", municipality.key)
        return None
    who = f"{municipality.key}:{mailbox}"
    with installation.store.write() as connection:
        if seconds_to_wait(connection, LINKS_TO_AN_ADDRESS, f"{who}:{asked.network}", now=now) or seconds_to_wait(
            connection, LINKS_TO_AN_ADDRESS_IN_ALL, who, now=now
        ):
            logger.warning("Der er bedt om for mange loginlink til én postkasse i %s", municipality.key)
            return None
        token = links.make(connection, municipality.key, mailbox, now=now)
    message = login(municipality, mailbox, token=token, way=asked.way, expires_at=now + links.LIFE)
    return installation.renderer.render(message, now=now)


async def _send(installation: Installation, mail: NewMail) -> None:
    transport = installation.transport()
    try:
        await transport.send(mail)
    finally:
        await transport.close()
