"""Enqueueing: a message becomes bytes and a row of the outbox, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.store import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.invites import Invite
    from kvalitet.messages import Message


def enqueue(
    connection: Connection, renderer: Renderer, message: Message, *, now: datetime, invite: Invite | None = None
) -> bool:
    """Render a message and put it into the outbox, unless its key is there; tell whether it was new."""
    if outbox.exists(connection, message.key):
        return False
    return outbox.enqueue(connection, renderer.render(message, now=now, invite=invite), now=now)
