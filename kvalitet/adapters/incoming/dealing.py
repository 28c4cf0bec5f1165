"""Dealing with what came back: each mail is kept once, together with what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.incoming import answering, bouncing
from kvalitet.adapters.incoming.reading import ReceivedMail, read, unreadable
from kvalitet.adapters.store import incoming, log
from kvalitet.adapters.store.incoming import IncomingKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.incoming.inboxes import Delivered, Inbox
    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store import Store
    from kvalitet.adapters.store.incoming import OurMail

logger = structlog.get_logger()
# Where every mail belongs when there is only one municipality.
ANYBODY = "*"
GUESSED = "Mailen henviser ikke til en af vores; vist er den sidste, som vi sendte til afsenderen."


@dataclass(frozen=True, slots=True)
class Placed:
    """Placeret: where an incoming mail belongs; `ours` is the mail of ours that it surely answers."""

    id: int
    municipality: str | None
    ours: OurMail | None


OnHuman = Callable[["Connection", Placed, ReceivedMail], IncomingKind]


def leave(connection: Connection, placed: Placed, mail: ReceivedMail) -> IncomingKind:  # noqa: ARG001 -- as OnHuman
    """Do nothing with what a person wrote but show it."""
    return mail.kind


@dataclass(frozen=True)
class Reader:
    """Læser: what is needed to deal with a mail.

    `municipalities` maps the addresses and domains that are written to, to the municipality's key. `on_human` is
    called, in the transaction that keeps it, for each mail that a person wrote, and says what kind it turned out to be.
    """

    store: Store
    municipalities: Mapping[str, str]
    authserv_id: str = ""
    on_human: OnHuman = leave


def reader_of(installation: Installation, *, on_human: OnHuman = leave) -> Reader:
    """Give the reader of an installation."""
    known = {found.sender.address.lower(): found.key for found in installation.municipalities}
    domains = {found.sender.domain.lower(): found.key for found in installation.municipalities}
    only = {ANYBODY: installation.municipalities[0].key} if len(installation.municipalities) == 1 else {}
    return Reader(installation.store, only | domains | known, installation.settings.authserv_id, on_human)


def read_inbox(reader: Reader, inbox: Inbox, *, now: datetime) -> dict[IncomingKind, int]:
    """Read what has come in; a mail is marked only when all it changes is safe in the store."""
    counted = dict.fromkeys(IncomingKind, 0)
    try:
        with reader.store.read() as connection:
            cursor = log.recall(connection, inbox.name) or ""
        for number, delivered in enumerate(inbox.mails(cursor, now=now)):
            # A stamp from the future counts as now; those who have such clocks are still told apart.
            kind = _deal_with(reader, inbox, delivered, now=now + timedelta(microseconds=number))
            if kind:
                counted[kind] += 1
            inbox.mark_read(delivered)
    finally:
        inbox.close()
    return counted


def _deal_with(reader: Reader, inbox: Inbox, delivered: Delivered, *, now: datetime) -> IncomingKind | None:
    """Keep one mail with its effect; one that makes our own code stumble is kept for a person."""
    mail = delivered.too_large() if delivered.is_cut else read(delivered.content, authserv_id=reader.authserv_id)
    try:
        return _keep(reader, inbox, delivered, mail, now=now)
    except (OperationalError, InterfaceError, OperationError):
        raise
    except Exception:
        logger.exception("En indkommen mail kunne ikke behandles og er lagt til gennemsyn", key=mail.key)
        return _keep(reader, inbox, delivered, unreadable(delivered.content), now=now)


def _keep(
    reader: Reader, inbox: Inbox, delivered: Delivered, mail: ReceivedMail, *, now: datetime
) -> IncomingKind | None:
    with reader.store.write() as connection:
        if delivered.cursor:
            log.remember(connection, inbox.name, delivered.cursor)
        identity = incoming.keep(connection, mail.as_new(), now=now)
        if identity is None:
            return None
        return _effect(connection, reader, identity, mail, now=now)


def _effect(
    connection: Connection, reader: Reader, identity: int, mail: ReceivedMail, *, now: datetime
) -> IncomingKind:
    municipality = _municipality(reader, mail)
    if mail.report:
        return bouncing.keep(connection, identity, mail, municipality, now=now)
    if mail.answer:
        return answering.keep(connection, identity, mail, municipality, now=now)
    ours = incoming.ours_by_message_id(connection, mail.refers_to) or incoming.ours_in_thread(
        connection, mail.refers_to, mail.sender
    )
    last = ours or (incoming.last_to(connection, mail.sender) if mail.sender else None)
    placed = Placed(identity, last.municipality if last else municipality, ours)
    about = {"mail": last.id, "occurrence": last.occurrence} if last else {}
    detail = f"{mail.detail} {GUESSED}".strip() if last and not ours else mail.detail
    incoming.place(connection, identity, municipality=placed.municipality, detail=detail, **about)
    if mail.kind is IncomingKind.HUMAN:
        return reader.on_human(connection, placed, mail)
    return mail.kind


def _municipality(reader: Reader, mail: ReceivedMail) -> str | None:
    """Find whose mail it is: by the address that it was sent to, else by its sender's domain, else the only one."""
    known = reader.municipalities
    wanted = [*mail.recipients, mail.sender.rpartition("@")[2], ANYBODY]
    return next((known[one] for one in wanted if one in known), None)
