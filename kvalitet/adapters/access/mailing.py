"""Mailing a login link: straight to the mail server, past the outbox, where others could read the secret."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from kvalitet.adapters.access import attempts, links
from kvalitet.adapters.access.visitors import by_mailbox
from kvalitet.adapters.mail.transport import MaybeSentError, NotSentError
from kvalitet.letters import login

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.outbox import NewMail
    from kvalitet.municipality import Municipality

logger = logging.getLogger(__name__)


def send_link(installation: Installation, municipality: Municipality, address: str, *, way: str, now: datetime) -> bool:
    """Mail a login link to a mailbox that the files name; tell whether one was sent. `way`: the page that it leads to.

    The one who asked is told the same in any case, so that nobody learns which mailboxes there are.
    """
    mailbox = address.strip().lower()
    standings = by_mailbox(installation, mailbox)
    if not any(found.municipality == municipality.key for found in standings):
        logger.info("Der er bedt om et loginlink til en postkasse, som ikke står i filerne for %s", municipality.key)
        return False
    with installation.store.write() as connection:
        if attempts.seconds_to_wait(connection, attempts.LINKS_TO_AN_ADDRESS, f"{municipality.key}:{mailbox}", now=now):
            logger.warning("Der er bedt om for mange loginlink til én postkasse i %s", municipality.key)
            return False
        token = links.make(connection, municipality.key, mailbox, now=now)
    message = login(municipality, mailbox, token=token, way=way, expires_at=now + links.LIFE)
    try:
        asyncio.run(_send(installation, installation.renderer.render(message, now=now)))
    except (NotSentError, MaybeSentError):
        logger.exception("Et loginlink kunne ikke sendes")
        return False
    return True


async def _send(installation: Installation, mail: NewMail) -> None:
    transport = installation.transport()
    try:
        await transport.send(mail)
    finally:
        await transport.close()
