"""Outgoing mail as a state machine: which state follows which, how long a mail waits, and when it gives up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
# A pause is shortened by up to this share, so that mails refused together do not come back together.
JITTER = 0.2
# With the pauses above: three days. Tries are counted, not days, since the clock may jump and sending may be paused.
MOST_TRIES = 24
# How long a mail that may have arrived is sent again by itself: within it Exchange drops the second copy.
RESEND_FOR = timedelta(hours=24)
INTERRUPTED = "En tidligere afsendelse blev afbrudt, så mailen kan være kommet frem to gange."
NOBODY_KNOWS = "Ingen ved, om mailen kom frem; spørg modtageren, eller send den igen."
GIVEN_UP = "Mailen er opgivet efter {tries} forsøg; ret fejlen, og prøv igen. "
TOO_LATE = "Mailen er opgivet, fordi det, den handler om, er forbi inden næste forsøg. "


class MailState(StrEnum):
    """Mailens tilstand, from queued to sent, failed, uncertain, held or cancelled."""

    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"
    CANCELLED = "cancelled"


class HeldFor(StrEnum):
    """Hvad en tilbageholdt mail venter på: a person, the surge guard's release, or an address that works."""

    PERSON = "person"
    SURGE = "surge"
    ADDRESS = "address"


class Uncertain(StrEnum):
    """Når ingen ved, om mailen kom frem: send the same bytes again, or ask a person."""

    RESEND = "resend"
    ASK = "ask"


# From these a worker takes its next mail.
WAITING = frozenset({MailState.QUEUED, MailState.RETRY})


@dataclass(frozen=True, slots=True)
class Rules:
    """Regler for afsendelsen: a `rate` (a minute, all workers together) or `surge` (in one run) of 0 is no limit."""

    lease: timedelta = timedelta(minutes=10)
    rate: int = 0
    surge: int = 0
    uncertain: Uncertain = Uncertain.RESEND


# What may follow each state. Nothing follows "sent": whoever learns too late of a failure changes nothing.
FOLLOWING: dict[MailState, frozenset[MailState]] = {
    MailState.QUEUED: frozenset({MailState.IN_FLIGHT, MailState.HELD, MailState.CANCELLED, MailState.SENT}),
    MailState.RETRY: frozenset(
        {MailState.IN_FLIGHT, MailState.HELD, MailState.CANCELLED, MailState.QUEUED, MailState.SENT}
    ),
    MailState.IN_FLIGHT: frozenset({MailState.SENT, MailState.RETRY, MailState.FAILED, MailState.UNCERTAIN}),
    MailState.FAILED: frozenset({MailState.QUEUED, MailState.CANCELLED, MailState.SENT}),
    MailState.UNCERTAIN: frozenset({MailState.QUEUED, MailState.CANCELLED, MailState.SENT}),
    MailState.HELD: frozenset({MailState.QUEUED, MailState.CANCELLED, MailState.SENT}),
    MailState.CANCELLED: frozenset({MailState.SENT}),
    MailState.SENT: frozenset(),
}


def before(state: MailState) -> frozenset[MailState]:
    """Give the states from which a mail may come to a state."""
    return frozenset(earlier for earlier, following in FOLLOWING.items() if state in following)


@dataclass(frozen=True, slots=True)
class Trial:
    """Forsøg: what is known of a mail when a try has ended; `since` is when it was made or last let go by a person."""

    key: str
    attempts: int
    since: datetime
    expires_at: datetime | None = None
    may_be_doubled: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """Forsøgets udfald: what a try leaves the mail in; `counts` is False where it says nothing of the mail."""

    state: MailState
    reason: str = ""
    not_before: datetime | None = None
    may_be_doubled: bool = False
    counts: bool = True


def accepted(trial: Trial) -> Ending:
    """Give what follows when the server has taken the mail; a flag from before is kept."""
    reason = INTERRUPTED if trial.may_be_doubled else ""
    return Ending(MailState.SENT, reason, may_be_doubled=trial.may_be_doubled)


def refused(trial: Trial, reason: str, *, permanent: bool, now: datetime) -> Ending:
    """Give what follows when the mail was surely not sent: wait, longer for each try, until it must be given up."""
    doubled = trial.may_be_doubled
    if permanent:
        return Ending(MailState.FAILED, reason, may_be_doubled=doubled)
    if trial.attempts >= MOST_TRIES:
        told = GIVEN_UP.format(tries=trial.attempts) + reason
        return Ending(MailState.FAILED, told, may_be_doubled=doubled)
    again = now + pause(trial)
    if trial.expires_at and again >= trial.expires_at:
        return Ending(MailState.FAILED, TOO_LATE + reason, may_be_doubled=doubled)
    return Ending(MailState.RETRY, INTERRUPTED if doubled else reason, again, doubled)


def unreachable(trial: Trial, reason: str, *, now: datetime) -> Ending:
    """Give what follows when there was no server to talk to: no fault of the mail, so it is no try of it."""
    told = INTERRUPTED if trial.may_be_doubled else reason
    return Ending(MailState.RETRY, told, now + FIRST_PAUSE, trial.may_be_doubled, counts=False)


def interrupted(trial: Trial, cause: str, policy: Uncertain, *, now: datetime, wait: bool = True) -> Ending:
    """Give what follows when nobody can know whether the mail arrived: again with the same bytes, or ask a person."""
    again = now + pause(trial) if wait else now
    is_over = trial.expires_at is not None and again >= trial.expires_at
    if policy is Uncertain.ASK or is_over or now - trial.since > RESEND_FOR or trial.attempts >= MOST_TRIES:
        return Ending(MailState.UNCERTAIN, f"{NOBODY_KNOWS} {cause}".strip(), may_be_doubled=trial.may_be_doubled)
    return Ending(MailState.RETRY, INTERRUPTED, again, may_be_doubled=True)


def pause(trial: Trial) -> timedelta:
    """Give how long a mail waits after its latest try."""
    whole = min(FIRST_PAUSE * (1 << min(max(trial.attempts - 1, 0), MOST_TRIES)), LONGEST_PAUSE)
    return whole * (1 - JITTER * share(trial))


def share(trial: Trial) -> float:
    """Give a number from 0 up to 1 that differs from mail to mail and from try to try, and is always the same."""
    digest = hashlib.sha256(f"{trial.key}:{trial.attempts}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
