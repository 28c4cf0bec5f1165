"""Draining: sends what waits in the outbox, one mail at a time, with one transaction between two mails.

In it the mail before is settled and the next one taken, after asking whether anybody still needs it.
Between the server's acceptance and our own note of it nobody can know the truth (RFC 1047); what was
interrupted there follows the rule for uncertain mails, always with the same bytes, message id and date.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import SQLAlchemyError

from kvalitet.adapters.mail.patience import Patience
from kvalitet.adapters.mail.transport import MaybeSentError, NotSentError
from kvalitet.adapters.store import outbox
from kvalitet.adapters.store.dispatch import claiming, settling
from kvalitet.outgoing import Ending, HeldFor, MailState, Rules, Trial, accepted, interrupted, refused, unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.transport import Transport
    from kvalitet.adapters.store import Store
    from kvalitet.adapters.store.dispatch.claiming import Candidate
    from kvalitet.adapters.store.outbox import Mail, NewMail

logger = logging.getLogger(__name__)

# So many connections lost in a row, and the server is left alone until the next run.
MOST_LOST = 3
# So many mails are judged unneeded in one transaction, so that others may write in between.
MOST_JUDGED = 50
MARKED = (
    "Mails til {address} kommer tilbage: {mark} Ret adressen i kommunens filer, "
    "eller sig, at den virker igen, med »kvalitet mail unmark {address}«."
)
UNJUDGED = "Det kan ikke afgøres, om mailen stadig skal sendes ({error}). Få fejlen rettet, og frigiv mailen."
COUNTED = {
    MailState.SENT: "sent",
    MailState.RETRY: "retried",
    MailState.FAILED: "failed",
    MailState.CANCELLED: "cancelled",
    MailState.UNCERTAIN: "uncertain",
    MailState.HELD: "held",
}


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
    held: int = 0
    stopped: str = ""
    paused: bool = False


async def drain(  # noqa: PLR0913 -- each is one part, named where it is given
    store: Store,
    transport: Transport,
    still_needed: StillNeeded,
    *,
    now: Callable[[], datetime],
    worker: str,
    rules: Rules | None = None,
    patience: Patience | None = None,
) -> Drained:
    """Send what is due; a refused mail stops nothing, a dead server stops the batch and loses nothing."""
    batch = _Batch(store, transport, still_needed, now, worker, rules or Rules(), patience or Patience())
    try:
        await batch.run()
    finally:
        await transport.close()
    return batch.told()


@dataclass(frozen=True, slots=True)
class _Step:
    """Skridt: the mail that was taken, or how long to wait for it."""

    mail: Mail | None = None
    seconds: float = 0.0


NOTHING = _Step()


@dataclass(slots=True)
class _Batch:
    """Bunke: one worker's way through what is due, with never more than one mail in flight."""

    store: Store
    transport: Transport
    still_needed: StillNeeded
    now: Callable[[], datetime]
    worker: str
    rules: Rules
    patience: Patience
    began: datetime = field(init=False)
    newest: int = field(init=False)
    counts: Counter[MailState] = field(default_factory=Counter)
    # The mail that has been tried and is not settled yet.
    tried: tuple[Mail, Ending] | None = None
    stopped: str = ""
    lost: int = 0
    paused: bool = False

    async def run(self) -> None:
        """Go on until nothing is due, the server does not answer or the process is told to stop."""
        while self._goes_on and await self._round():
            pass

    def told(self) -> Drained:
        """Say what became of the mails."""
        numbers = {COUNTED[state]: number for state, number in self.counts.items()}
        return Drained(**numbers, stopped=self.stopped, paused=self.paused)

    @property
    def _goes_on(self) -> bool:
        return not self.stopped and not self.patience.is_over

    async def _round(self) -> bool:
        """Send what is due at this moment; tell whether there was anything."""
        before = self.counts.total()
        step = self._next(is_first=True)
        while step.mail or step.seconds:
            if step.mail:
                await self._try(step.mail)
            else:
                await self.patience.wait(step.seconds)
            step = self._next()
        return self.counts.total() > before

    async def _try(self, mail: Mail) -> None:
        trial = Trial(mail.key, mail.attempts, mail.since, mail.expires_at, mail.may_be_doubled)
        policy = self.rules.uncertain
        was_lost = True
        try:
            await self.transport.send(mail)
        except NotSentError as error:
            was_lost = error.lost
            if error.server_down:
                self.stopped = error.reason
                ending = unreachable(trial, error.reason, now=self.now())
            else:
                ending = refused(trial, error.reason, permanent=error.permanent, now=self.now())
        except MaybeSentError as error:
            ending = interrupted(trial, error.reason, policy, now=self.now())
        except Exception as error:
            # Nobody knows how far it came, which is what "uncertain" means; the others are still sent.
            logger.exception("Mail nr. %s kunne ikke sendes", mail.id)
            ending = interrupted(trial, f"Uventet fejl: {error}", policy, now=self.now())
        else:
            was_lost = False
            ending = accepted(trial)
        self._count_lost(ending, was_lost=was_lost)
        self.tried = mail, ending

    def _count_lost(self, ending: Ending, *, was_lost: bool) -> None:
        self.lost = self.lost + 1 if was_lost else 0
        if self.lost >= MOST_LOST and not self.stopped:
            self.stopped = f"Mailserveren blev væk {self.lost} gange i træk. {ending.reason}"

    def _next(self, *, is_first: bool = False) -> _Step:
        """Settle the mail before and take the next one, in as many transactions as there are unneeded mails for."""
        while True:
            counted: Counter[MailState] = Counter()
            try:
                with self.store.write() as connection:
                    step = self._in_one(connection, counted, is_first=is_first)
            except Exception:
                self._settle_alone()
                raise
            self.counts += counted
            self.tried = None
            if step is not None:
                return step
            is_first = False

    def _in_one(self, connection: Connection, counted: Counter[MailState], *, is_first: bool) -> _Step | None:
        now = self.now()
        if self.tried:
            mail, ending = self.tried
            settling.settle(connection, mail, ending, worker=self.worker, now=now)
            counted[ending.state] += 1
        if is_first:
            self._look_first(connection, counted, now)
        if not self._goes_on:
            return NOTHING
        if self.rules.rate and (seconds := claiming.seconds_to_wait(connection, self.rules.rate, now=now)):
            return _Step(seconds=seconds)
        return self._take(connection, counted, now)

    def _take(self, connection: Connection, counted: Counter[MailState], now: datetime) -> _Step | None:
        """Take the next mail that is needed; None when others are to write before it is found."""
        for _ in range(MOST_JUDGED):
            found = claiming.candidate(connection, until=self.began, newest=self.newest)
            if found is None:
                return NOTHING
            state = self._judge(connection, found, now)
            if state is None:
                return _Step(claiming.take(connection, found.mail, self.rules, worker=self.worker, now=now))
            counted[state] += 1
        return None

    def _look_first(self, connection: Connection, counted: Counter[MailState], now: datetime) -> None:
        """Take back what a dead worker left, and hold back what is too much at once."""
        self.began, self.newest = now, claiming.newest(connection)
        left = list(claiming.take_back(connection, self.rules, now=now))
        counted[MailState.UNCERTAIN] += left.count(MailState.UNCERTAIN)
        claiming.let_wait_no_longer(connection, now=now)
        counted[MailState.HELD] += claiming.hold_surge(connection, self.rules, now=now)
        self.paused = claiming.is_paused(connection)

    def _judge(self, connection: Connection, found: Candidate, now: datetime) -> MailState | None:
        """Say what becomes of a mail that is not to be sent; None for one that is."""
        mail = found.mail
        try:
            judgement = self.still_needed(connection, mail, now=now)
        except SQLAlchemyError:
            raise
        except Exception as error:
            logger.exception("Mail nr. %s kunne ikke bedømmes", mail.id)
            reason = UNJUDGED.format(error=error)
            settling.hold_back(connection, mail.id, held_for=HeldFor.PERSON, reason=reason)
            return MailState.HELD
        if judgement.reason:
            settling.cancel(connection, mail.id, reason=judgement.reason)
            if judgement.replacement:
                outbox.enqueue(connection, judgement.replacement, now=now)
            return MailState.CANCELLED
        if found.mark is not None:
            reason = MARKED.format(address=mail.recipient, mark=found.mark)
            settling.hold_back(connection, mail.id, held_for=HeldFor.ADDRESS, reason=reason)
            return MailState.HELD
        return None

    def _settle_alone(self) -> None:
        """Note at least what became of the mail that was tried, when the next one cannot be taken."""
        if self.tried:
            mail, ending = self.tried
            try:
                with self.store.write() as connection:
                    settling.settle(connection, mail, ending, worker=self.worker, now=self.now())
                self.tried = None
            except Exception:
                logger.exception("Udfaldet for mail nr. %s kunne ikke noteres; den prøves igen senere.", mail.id)
