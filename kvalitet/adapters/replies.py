"""Replies: one reading of the mailbox, with all that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.incoming.dealing import read_inbox, reader_of
from kvalitet.adapters.incoming.inboxes import inbox_of
from kvalitet.adapters.offers.taking import taker
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.incoming import IncomingKind

JOB = "read_replies"


def read_replies(installation: Installation, *, now: datetime) -> dict[IncomingKind, int]:
    """Read what has come in, and stamp that it was done; gives how many there were of each kind."""
    reader = reader_of(installation, on_human=taker(installation, now=now))
    counted = read_inbox(reader, inbox_of(installation), now=now)
    with installation.store.write() as connection:
        log.beat(connection, JOB, now=now)
    return counted
