"""Draining: sends what waits in the outbox, one mail and one transaction at a time.

Between the server's acceptance and our own note of it nobody can know the truth (RFC 1047). A mail that
was interrupted there is sent again with the same bytes, message id and date, and flagged; after a day
it is left to a person instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from kvalitet.adapters.mail.transport import MaybeSentError, NotSentError
from kvalitet.adapters.store import log, outbox
from kvalitet.adapters.store.log import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.transport import Transport
    from kvalitet.adapters.store import Store
    from kvalitet.adapters.store.outbox import Mail, NewMail

RESEND_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Bedømmelse: why a mail is not sent after all ("" when it is), and what is sent in its place."""

    reason: str = ""
    replacement: NewMail | None = None


STILL_NEEDED = Judgement()


class StillNeeded(Protocol):
    """Er den stadig nødvendig? Asked in the transaction that claims the mail."""

    def __call__(self, connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        """Judge one mail."""
        ...


@dataclass(frozen=True, slots=True)
class Drained:
    """Udfald: what became of the mails of one batch; `stopped` says why the rest still waits."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0
    uncertain: int = 0
    stopped: str = ""

    def plus(self, outcome: str) -> Drained:
        """Count one more mail."""
        return replace(self, **{outcome: getattr(self, outcome) + 1})


async def drain(
    store: Store,
    transport: Transport,
    still_needed: StillNeeded,
    *,
    now: Callable[[], datetime],
    worker: str,
    limit: int | None = None,
) -> Drained:
    """Send what is due; a refused mail stops nothing, a dead server stops the batch and loses nothing."""
    total = Drained()
    taken = 0
    try:
        while (limit is None or taken < limit) and not total.stopped:
            mail, cancelled = _claim(store, still_needed, now=now(), worker=worker)
            if cancelled:
                total = total.plus("cancelled")
            elif mail is None:
                break
            else:
                outcome, stopped = await _send(store, transport, mail, now)
                total = replace(total.plus(outcome), stopped=stopped)
            taken += 1
    finally:
        await transport.close()
    return total


def _claim(store: Store, still_needed: StillNeeded, *, now: datetime, worker: str) -> tuple[Mail | None, bool]:
    """Claim the next mail, or cancel it (True) when nobody needs it any more."""
    with store.write() as connection:
        claimed = outbox.claim(connection, worker=worker, now=now)
        if not claimed:
            return None, False
        (mail,) = claimed
        judgement = still_needed(connection, mail, now=now)
        if judgement.reason:
            outbox.cancel(connection, mail.id, reason=judgement.reason)
            if judgement.replacement:
                outbox.enqueue(connection, judgement.replacement, now=now)
        return mail, bool(judgement.reason)


async def _send(store: Store, transport: Transport, mail: Mail, now: Callable[[], datetime]) -> tuple[str, str]:
    """Send a claimed mail and note what became of it; give the outcome and why the batch must stop."""
    interrupted = mail.reason == outbox.INTERRUPTED
    if interrupted and _too_old(mail, now()):
        return _uncertain(store, mail), ""
    try:
        await transport.send(mail)
    except NotSentError as error:
        return _not_sent(store, mail, error, now=now()), error.reason if error.server_down else ""
    except MaybeSentError as error:
        return _maybe_sent(store, mail, error, now=now()), ""
    _sent(store, mail, now=now())
    return "sent", ""


def _sent(store: Store, mail: Mail, *, now: datetime) -> None:
    reason = outbox.INTERRUPTED if mail.reason == outbox.INTERRUPTED else ""
    with store.write() as connection:
        outbox.mark_sent(connection, mail.id, now=now, reason=reason)
        log.tell(connection, _event(mail, at=now))


def _not_sent(store: Store, mail: Mail, error: NotSentError, *, now: datetime) -> str:
    with store.write() as connection:
        if error.permanent:
            outbox.mark_failed(connection, mail.id, reason=error.reason)
            return "failed"
        # A mail that was interrupted once stays flagged, whatever happens to it afterwards.
        reason = mail.reason if mail.reason == outbox.INTERRUPTED else error.reason
        outbox.mark_retry(connection, mail, reason=reason, now=now)
        return "retried"


def _maybe_sent(store: Store, mail: Mail, error: MaybeSentError, *, now: datetime) -> str:
    if _too_old(mail, now):
        return _uncertain(store, mail, error.reason)
    with store.write() as connection:
        outbox.mark_retry(connection, mail, reason=outbox.INTERRUPTED, now=now)
    return "retried"


def _uncertain(store: Store, mail: Mail, cause: str = "") -> str:
    reason = f"Ingen ved, om mailen kom frem; spørg modtageren, eller send den igen. {cause}".strip()
    with store.write() as connection:
        outbox.mark_uncertain(connection, mail.id, reason=reason)
    return "uncertain"


def _too_old(mail: Mail, now: datetime) -> bool:
    return now - mail.created_at > RESEND_FOR


def _event(mail: Mail, *, at: datetime) -> Event:
    return Event(
        key=f"mail_sent:{mail.message_id}",
        at=at,
        event="mail_sent",
        municipality=mail.municipality,
        activity=mail.activity or "",
        school=mail.school or "",
        recipient=mail.recipient,
        message_id=mail.message_id,
        detail=f"{mail.template}: {mail.subject}",
    )
