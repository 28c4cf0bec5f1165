"""Logging out: ending what somebody is logged in with, in all municipalities that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.access import sessions
from kvalitet.adapters.access.visitors import is_let_in_by_mail

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality


def log_out(
    installation: Installation,
    municipality: Municipality,
    *,
    mailbox: str = "",
    accounts: Iterable[int] = (),
    now: datetime,
) -> int:
    """End the sessions of a mailbox and of accounts; give how many there were.

    A mailbox that the municipality lets in is logged out wherever it logged in, since one session holds in all the
    municipalities that name it; of any other only what began here is ended.
    """
    begun_in = None if is_let_in_by_mail(installation, municipality.key, mailbox, now=now) else municipality.key
    with installation.store.write() as connection:
        ended = sessions.end_of_mailbox(connection, mailbox, begun_in=begun_in, now=now) if mailbox else 0
        return ended + sum(sessions.end_of_account(connection, account, now=now) for account in accounts)
