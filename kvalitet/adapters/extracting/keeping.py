"""Keeping: what was brought home is kept as it came, and is shown at once or held back until a person has decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.extracting.fixing import fix_baselines
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import reviews
from kvalitet.pulls import Difference, PullOutcome, difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.snapshots import NewSnapshot, Snapshot
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.pulls import Finding


NO_CHANGE = Difference()


@dataclass(frozen=True)
class Kept:
    """Gemt: the snapshot, what became of it, and what it changes of what was shown before."""

    snapshot: Snapshot
    outcome: PullOutcome
    change: Difference = NO_CHANGE
    is_rejected: bool = False


def keep(
    connection: Connection, municipality: Municipality, new: NewSnapshot, findings: Sequence[Finding], *, now: datetime
) -> Kept:
    """Keep what a source gave, and show it when nothing holds it back; all in the transaction that is open."""
    kept, is_new = snapshots.add(connection, new, now=now)
    if not is_new:
        return _known_already(connection, municipality, kept)
    reviews.add_findings(connection, kept.id, findings)
    change = change_of(connection, kept)
    if any(found.holds for found in findings):
        return Kept(kept, PullOutcome.QUARANTINED, change)
    show(connection, municipality, kept, now=now)
    return Kept(kept, PullOutcome.PUBLISHED, change)


def show(connection: Connection, municipality: Municipality, snapshot: Snapshot, *, now: datetime) -> None:
    """Put a snapshot on show, and fix the baselines that are known from now on."""
    snapshots.publish(connection, snapshot.id, now=now)
    fix_baselines(connection, municipality.key, municipality.goals, now=now)


def published_on(found: Iterable[Measurement]) -> date | None:
    """Give the day on which the source published the newest of its figures, where it tells."""
    return max((one.published_on for one in found if one.published_on), default=None)


def change_of(connection: Connection, snapshot: Snapshot) -> Difference:
    """Tell what a snapshot changes, or changed, of what was shown before it."""
    now = snapshots.measurements_of(connection, snapshot.id)
    indicators = {found.indicator for found in now}
    former = snapshots.measurements(connection, snapshot.municipality, indicators=indicators, before=snapshot.id)
    return difference(former, now)


def _known_already(connection: Connection, municipality: Municipality, kept: Snapshot) -> Kept:
    if kept.published_at is not None:
        return Kept(kept, PullOutcome.UNCHANGED)
    if kept.id in reviews.decisions(connection, municipality.key):
        return Kept(kept, PullOutcome.UNCHANGED, is_rejected=True)
    return Kept(kept, PullOutcome.QUARANTINED)
