"""States: how far each source of an extract has come: what is shown since when, what is waited for, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.extracting.asking import IMPORT, Asked, parts_of
from kvalitet.adapters.sources.entered.entry import ENTERED
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import pulls, reviews
from kvalitet.measurements import MissingReason
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.store.extracts.pulls import Pull
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


FAILED = (PullOutcome.REFUSED, PullOutcome.BROKEN)


@dataclass(frozen=True)
class SourceState:
    """Kildens stilling: the newest try, the snapshot on show, and those of the indicators that have figures or not.

    `held` are the tries whose figures wait for a person; `next_try` is None when nothing more is to come. `since` is
    the day on which the newest of the figures that are shown of the indicators was pulled, also by another extract.
    """

    asked: Asked
    newest: Pull | None
    shown: Snapshot | None
    held: tuple[Pull, ...]
    out: tuple[str, ...]
    awaited: tuple[str, ...]
    since: date | None
    next_try: date | None


@dataclass(frozen=True)
class ExtractState:
    """Udtrækkets stilling: one occurrence, and each of its sources."""

    occurrence: Occurrence
    sources: tuple[SourceState, ...]

    @property
    def newest(self) -> Pull | None:
        """The newest try of any source."""
        return max((found.newest for found in self.sources if found.newest), key=lambda found: found.id, default=None)


@dataclass(frozen=True)
class Trouble:
    """Vanskeligheder: how many pulls wait for a person, and which sources failed the last time that they were asked."""

    held: int
    failing: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    tries: tuple[Pull, ...]
    kept: dict[int, Snapshot]
    decided: frozenset[int]
    out: dict[tuple[str, int], date]


def states(
    connection: Connection, municipality: Municipality, occurrences: Iterable[Occurrence], *, today: date
) -> tuple[ExtractState, ...]:
    """Give the state of some extracts of a municipality."""
    known = _known(connection, municipality)
    return tuple(
        ExtractState(
            occurrence,
            tuple(_state(asked, occurrence, known, today=today) for asked in parts_of(municipality, occurrence)),
        )
        for occurrence in occurrences
    )


def trouble(connection: Connection, municipality: str) -> Trouble:
    """Tell what somebody should look into; a source that is not asked again is no trouble."""
    newest = pulls.newest_of_each(connection, municipality)
    failing = dict.fromkeys(found.source for found in newest if found.outcome in FAILED and found.next_try)
    return Trouble(reviews.held(connection, municipality), tuple(failing))


def imported(connection: Connection, municipality: str, *, newest: int) -> list[Pull]:
    """List the newest files that a person has given, and the figures that were typed."""
    return [found for found in pulls.pulls(connection, municipality) if found.source in {IMPORT, ENTERED}][:newest]


def _known(connection: Connection, municipality: Municipality) -> _Known:
    shown = snapshots.measurements(connection, municipality.key)
    return _Known(
        tries=tuple(pulls.pulls(connection, municipality.key)),
        kept={found.id: found for found in snapshots.snapshots(connection, municipality.key)},
        decided=frozenset(reviews.decisions(connection, municipality.key)),
        out=_out(shown),
    )


def _out(shown: Iterable[Measurement]) -> dict[tuple[str, int], date]:
    """Give the day on which the newest figures of each indicator and school year (by its first year) were pulled."""
    found: dict[tuple[str, int], date] = {}
    for one in shown:
        if one.missing is not MissingReason.NOT_PUBLISHED and one.pulled_on:
            place = one.indicator, one.school_year.start
            found[place] = max(one.pulled_on, found.get(place, one.pulled_on))
    return found


def _state(asked: Asked, occurrence: Occurrence, known: _Known, *, today: date) -> SourceState:
    year = asked.request.school_year
    tries = [
        found
        for found in known.tries
        if (found.occurrence, found.source, found.school_year) == (occurrence.key, asked.source, year)
    ]
    kept = [snapshot for found in tries if found.snapshot and (snapshot := known.kept.get(found.snapshot))]
    shown = max((found for found in kept if found.published_at), key=lambda found: found.id, default=None)
    out = tuple(key for key in asked.request.indicators if (key, year.start) in known.out)
    newest = tries[0] if tries else None
    return SourceState(
        asked=asked,
        newest=newest,
        shown=shown,
        held=tuple(found for found in _held(tries, known) if not shown or (found.snapshot or 0) > shown.id),
        out=out,
        awaited=tuple(key for key in asked.request.indicators if key not in out),
        since=max((known.out[key, year.start] for key in out), default=None),
        next_try=max(occurrence.opens, today) if newest is None else newest.next_try,
    )


def _held(tries: Iterable[Pull], known: _Known) -> Iterable[Pull]:
    """List the newest try of each snapshot that waits for a person."""
    seen: set[int] = set()
    for found in tries:
        kept = known.kept.get(found.snapshot or 0)
        if kept and kept.published_at is None and kept.id not in known.decided and kept.id not in seen:
            seen.add(kept.id)
            yield found
