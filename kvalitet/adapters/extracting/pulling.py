"""Pulling: one source's figures are fetched, checked and put on show whole, or held back whole with a report."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.extracting.asking import Asked, parts_of, source_of
from kvalitet.adapters.extracting.keeping import Kept, keep, published_on
from kvalitet.adapters.extracting.reviewing import once_each, review
from kvalitet.adapters.extracting.telling import sentence
from kvalitet.adapters.sources.source import NotPublishedYetError, SourceRefusedError
from kvalitet.adapters.store import log, snapshots
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.pulls import Ending
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.board import danish_date
from kvalitet.pulls import EACH_DAY, PullOutcome, next_try

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.sources.source import RawExtract
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.pulls import Finding

logger = structlog.get_logger()
EVENTS = {
    PullOutcome.PUBLISHED: "extract_published",
    PullOutcome.NOT_PUBLISHED: "extract_waiting",
    PullOutcome.REFUSED: "extract_failed",
    PullOutcome.BROKEN: "extract_failed",
    PullOutcome.QUARANTINED: "extract_held",
}
FAILURES: dict[type[Exception], PullOutcome] = {
    NotPublishedYetError: PullOutcome.NOT_PUBLISHED,
    SourceRefusedError: PullOutcome.REFUSED,
}


@dataclass(frozen=True)
class Errand:
    """Ærinde: one extract of a municipality that is pulled now."""

    installation: Installation
    municipality: Municipality
    occurrence: Occurrence
    now: datetime

    @property
    def today(self) -> date:
        """The Danish day."""
        return danish_date(self.now)

    @property
    def parts(self) -> tuple[Asked, ...]:
        """What the extract asks of each of its sources."""
        return parts_of(self.municipality, self.occurrence, asked_on=self.today)


@dataclass(frozen=True)
class Pulled:
    """Hentet: how one source's part of an extract went; `pull` is its number."""

    asked: Asked
    pull: int
    ending: Ending


class _LostLeaseError(Exception):
    """Somebody else has taken over: nothing of this try may be kept."""


def pull(errand: Errand, parts: tuple[Asked, ...] | None = None) -> list[Pulled]:
    """Pull some or all sources of an extract; one that fails stops no other, and one that another pulls is left out."""
    wanted = errand.parts if parts is None else parts
    return [found for asked in wanted if (found := _pull_part(errand, asked))]


def parts_due(connection: Connection, errand: Errand) -> tuple[Asked, ...]:
    """List the sources whose time has come: never asked, or to be asked again by now."""
    tries = _newest_tries(connection, errand)
    return tuple(asked for asked, tried in tries if (day := _next_day(tried, errand)) and day <= errand.today)


def next_day(connection: Connection, errand: Errand) -> date | None:
    """Tell when the extract needs a look again: when the first of its sources does; None when all have given all.

    A source that is being pulled is looked at again tomorrow: whoever pulls it may be killed.
    """
    days = [
        errand.today + EACH_DAY if tried and tried.outcome is None else _next_day(tried, errand)
        for _, tried in _newest_tries(connection, errand)
    ]
    return min(filter(None, days), default=None)


def _newest_tries(connection: Connection, errand: Errand) -> list[tuple[Asked, pulls.Pull | None]]:
    newest: dict[object, pulls.Pull] = {}
    for tried in pulls.of_occurrence(connection, errand.occurrence.key):
        newest.setdefault((tried.source, tried.school_year), tried)
    return [(asked, newest.get((asked.source, asked.request.school_year))) for asked in errand.parts]


def _next_day(tried: pulls.Pull | None, errand: Errand) -> date | None:
    """Tell when a source is asked again; one that was never asked, or whose last try has no end, is asked today."""
    return errand.today if tried is None or tried.outcome is None else tried.next_try


def _pull_part(errand: Errand, asked: Asked) -> Pulled | None:
    """Pull one source; whatever goes wrong leaves the figures on show as they are."""
    with errand.installation.store.write() as connection:
        begun = pulls.begin(connection, asked.key, asked.told, now=errand.now)
    if begun is None:
        return None
    try:
        source = source_of(errand.installation, errand.municipality, asked.source)
        came = source.fetch(asked.request)
        extract = once_each(came)
        findings = _reviewed(errand, asked, came, _snapshot(asked, extract))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other sources are to have their turn
        return _failed(errand, asked, begun, error)
    return _settled(errand, asked, begun, extract, findings)


def _reviewed(errand: Errand, asked: Asked, extract: RawExtract, new: NewSnapshot) -> list[Finding]:
    """Review what came, unless it is what came the last time and has been reviewed already."""
    indicators, year = asked.request.indicators, asked.request.school_year
    with errand.installation.store.read() as connection:
        if snapshots.known(connection, new):
            return []
        shown = snapshots.measurements(connection, errand.municipality.key, indicators=indicators)
    return review(extract, errand.municipality, shown=shown, indicators=indicators, years=[year])


def _settled(errand: Errand, asked: Asked, begun: int, extract: RawExtract, findings: list[Finding]) -> Pulled | None:
    """Keep, show or hold back, and end the try: all of it in one transaction, or nothing."""
    try:
        with errand.installation.store.write() as connection:
            kept = keep(connection, errand.municipality, _snapshot(asked, extract), findings, now=errand.now)
            ending = _ending(errand, asked, kept, extract, findings)
            _end(connection, errand, asked, begun, ending)
    except _LostLeaseError:
        return None
    return Pulled(asked, begun, ending)


def _ending(errand: Errand, asked: Asked, kept: Kept, extract: RawExtract, findings: list[Finding]) -> Ending:
    waits = bool(extract.unpublished) or asked.waits_for_more_than(extract.measurements)
    again = next_try(kept.outcome, today=errand.today, due=errand.occurrence.due, waits=waits)
    return Ending(kept.outcome, sentence(kept, extract, findings), kept.snapshot.id, again)


def _failed(errand: Errand, asked: Asked, begun: int, error: Exception) -> Pulled | None:
    outcome = next((found for kind, found in FAILURES.items() if isinstance(error, kind)), PullOutcome.BROKEN)
    again = next_try(outcome, today=errand.today, due=errand.occurrence.due, waits=True)
    ending = Ending(outcome, _why(error), next_try=again)
    try:
        with errand.installation.store.write() as connection:
            _end(connection, errand, asked, begun, ending)
    except _LostLeaseError:
        return None
    return Pulled(asked, begun, ending)


def _end(connection: Connection, errand: Errand, asked: Asked, begun: int, ending: Ending) -> None:
    if not pulls.end(connection, begun, ending, now=errand.now):
        raise _LostLeaseError
    _tell(connection, errand, asked, ending)


def _why(error: Exception) -> str:
    """Give the sentence of an error; one that nobody foresaw is logged without its message, which may hold figures."""
    if isinstance(error, OperationError | UserError):
        return error.message
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("extract_broke", kind=type(error).__name__, frames=frames)
    return f"Uventet fejl ({type(error).__name__}); se driftens log, og meld den til udviklerne."


def _snapshot(asked: Asked, extract: RawExtract) -> NewSnapshot:
    return NewSnapshot(
        asked.request.municipality,
        asked.occurrence,
        asked.source,
        {"request": extract.request},
        extract.content,
        extract.measurements,
        school_year=asked.request.school_year,
        content_type=extract.content_type,
        label=extract.label,
        published_on=published_on(extract.measurements),
        updated_at=extract.updated_at,
    )


def _tell(connection: Connection, errand: Errand, asked: Asked, ending: Ending) -> None:
    """Note it in the log; a source that has nothing new each day is told of once a day, and no change not at all."""
    event = EVENTS.get(ending.outcome)
    if event is None:
        return
    place = f"{asked.source}:{asked.request.school_year.key}"
    suffix = f":{place}:{errand.today.isoformat()}" if ending.snapshot is None else f":{place}:{ending.snapshot}"
    log.tell(connection, log.about(event, errand.occurrence, at=errand.now, suffix=suffix, detail=ending.detail))
