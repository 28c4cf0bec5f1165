"""Enqueueing: a message becomes bytes and a row of the outbox, once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.writing.explaining import UnwritableMailError
from kvalitet.adapters.store import log, outbox
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.outbox import NewMail
    from kvalitet.invites import Invite
    from kvalitet.messages import Message
    from kvalitet.municipality import Municipality


def note(
    connection: Connection, municipality: Municipality, errors: Iterable[UnwritableMailError], *, now: datetime
) -> None:
    """Tell the log, once a day for each mistake, that mails wait for it to be put right."""
    for reason in dict.fromkeys(error.reason for error in errors):
        mark = hashlib.sha256(reason.encode()).hexdigest()[:12]
        key = f"mail_unwritable:{municipality.key}:{danish_date(now).isoformat()}:{mark}"
        log.tell(connection, log.Event(key, now, "mail_unwritable", municipality.key, detail=reason))


def attempt(renderer: Renderer, message: Message, *, now: datetime) -> NewMail | UnwritableMailError:
    """Render a message, or give why it cannot be."""
    try:
        return renderer.render(message, now=now)
    except UnwritableMailError as error:
        return error


def enqueue_each(
    connection: Connection, renderer: Renderer, messages: Iterable[Message], *, now: datetime
) -> tuple[tuple[Message, ...], tuple[UnwritableMailError, ...]]:
    """Enqueue what can be written; give what was new, and why the rest could not be written."""
    new: list[Message] = []
    failed: list[UnwritableMailError] = []
    for message in messages:
        try:
            if enqueue(connection, renderer, message, now=now):
                new.append(message)
        except UnwritableMailError as error:
            failed.append(error)
    return tuple(new), tuple(failed)


def enqueue(
    connection: Connection, renderer: Renderer, message: Message, *, now: datetime, invite: Invite | None = None
) -> bool:
    """Render a message and put it into the outbox, unless its key is there; tell whether it was new."""
    if outbox.exists(connection, message.key):
        return False
    return outbox.enqueue(connection, renderer.render(message, now=now, invite=invite), now=now)
