"""Rehearsing: the very turns of the wheel that lie ahead, taken in a transaction that is undone.

So the preview cannot say anything else than what the turns do. Nothing is rendered meanwhile, so that nobody waits
long for the database.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters import inviting
from kvalitet.adapters.follow_up import digest, following
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.meetings import reconciling
from kvalitet.adapters.store import log, plans
from kvalitet.adapters.store.outbox import NewMail
from kvalitet.board import danish_date
from kvalitet.municipality import DANISH_TIME
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.invites import Invite
    from kvalitet.messages import Message
    from kvalitet.municipality import Municipality

# When deployments/prefect.yaml turns the wheel, in Danish time, and how the turn is stamped.
TURNING = time(7, 0)
HEARTBEAT = "turn_wheel"
MAILED = frozenset({Kind.MEETING, Kind.DIALOGUE, Kind.DELIVERABLE})


@dataclass(frozen=True)
class Planned:
    """Planlagt mail: what would be rendered, and when."""

    message: Message
    invite: Invite | None
    at: datetime

    def render(self, renderer: Renderer) -> NewMail:
        """Render it as the turn would."""
        return renderer.render(self.message, now=self.at, invite=self.invite)


@dataclass(frozen=True)
class Rehearsal:
    """Prøve: the store as it would be after a day's turn, and the mails that the turn would make."""

    connection: Connection
    at: datetime
    planned: tuple[Planned, ...]


class Recorder(Renderer):
    """Optager: notes what is to be rendered instead of rendering it; needs no templates."""

    def __init__(self) -> None:
        self.planned: list[Planned] = []

    def render(self, message: Message, *, now: datetime, invite: Invite | None = None) -> NewMail:
        """Note one mail."""
        self.planned.append(Planned(message, invite, now))
        return NewMail(
            municipality=message.municipality.key,
            key=message.key,
            template=message.template,
            recipient=message.to.address,
            recipient_name=message.to.name,
            subject="",
            message_id=message.key,
            content=b"",
            about=message.about,
            school=message.school,
            activity=message.activity,
            expires_at=message.expires_at,
            dues=message.dues,
        )


@contextmanager
def rehearsed(
    installation: Installation, municipality: Municipality, day: date, *, now: datetime
) -> Iterator[Rehearsal]:
    """Take the turns from the next one to that of a day, look, and undo them."""
    with installation.store.rehearse() as connection:
        at, recorder = _turn_of(day, now), Recorder()
        for earlier in _days_before(connection, municipality, day, now=now):
            is_same_week = earlier.isocalendar()[:2] == day.isocalendar()[:2]
            turned = _turn_of(earlier, now)
            _turn(connection, installation, municipality, Recorder(), with_digest=is_same_week, now=turned)
        if day > danish_date(now) or not is_turned(connection, municipality, now=now):
            _turn(connection, installation, municipality, recorder, with_digest=True, now=at)
        yield Rehearsal(connection, at, tuple(recorder.planned))


def is_turned(connection: Connection, municipality: Municipality, *, now: datetime) -> bool:
    """Tell whether the wheel has been turned today."""
    beat = log.heartbeats(connection).get(f"{HEARTBEAT}:{municipality.key}")
    return beat is not None and danish_date(beat) >= danish_date(now)


def _days_before(connection: Connection, municipality: Municipality, day: date, *, now: datetime) -> Iterator[date]:
    """List the days with a turn to take before that of a day."""
    today = danish_date(now)
    first = today + timedelta(days=1) if is_turned(connection, municipality, now=now) else today
    week: tuple[int, int] | None = None
    for earlier in municipality.calendar.mail_days(first, day - timedelta(days=1)):
        # Some of it is done once a week, on the first day that is open.
        is_new_week, week = earlier.isocalendar()[:2] != week, earlier.isocalendar()[:2]
        if is_new_week or plans.waking_kinds(connection, municipality.key, today=earlier) & MAILED:
            yield earlier


def _turn(
    connection: Connection,
    installation: Installation,
    municipality: Municipality,
    recorder: Recorder,
    *,
    with_digest: bool,
    now: datetime,
) -> None:
    """Do what of a day's turn makes mails, in the order of the flows; the digest of another week changes nothing."""
    for rings in inviting.TURNS:
        if reconciling.is_due(connection, installation, municipality, rings, now=now):
            reconciling.put(connection, installation, municipality, rings, now=now, renderer=recorder)
        inviting.put(connection, installation, municipality, rings, now=now, renderer=recorder)
    following.put(connection, recorder, municipality, now=now)
    if with_digest and digest.is_due(connection, municipality, now=now):
        digest.put(connection, recorder, municipality, now=now)


def _turn_of(day: date, now: datetime) -> datetime:
    """Give when a day's turn is taken: at its hour, or now when that has passed."""
    return max(now, datetime.combine(day, TURNING, tzinfo=DANISH_TIME).astimezone(UTC))
