"""data_extract: pulls the figures of the extracts that are due, and puts them on show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flows.outcome import Outcome
from kvalitet.adapters import extracts
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.sources.source import NotPublishedYetError
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date, datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

LATE_PAUSE = timedelta(weeks=1)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Try every extract whose window is open and which has no figures yet.

    "Not published yet" is no failure: the extract is tried again the next day, and once a week
    after its window. A source that fails leaves the figures on show as they are.
    """
    today = danish_date(now)
    with installation.store.read() as connection:
        waking = plans.waking(connection, municipality.key, today=today)
    rows, failures = [], []
    for occurrence in waking:
        if occurrence.kind is not Kind.EXTRACT:
            continue
        try:
            kept = extracts.pull(installation, municipality, occurrence, now=now)
        except NotPublishedYetError as waiting:
            rows.append({"udtræk": occurrence.title, "udfald": waiting.message})
            _try_again(installation, occurrence, today, event="extract_waiting", why=waiting.message, now=now)
        except OperationError as failure:
            failures.append(f"{occurrence.title}: {failure.message}")
            _try_again(installation, occurrence, today, event="extract_failed", why=failure.message, now=now)
        else:
            rows.append({"udtræk": occurrence.title, "udfald": f"{kept.rows} tal"})
            with installation.store.write() as connection:
                plans.set_wake(connection, occurrence.key, None)
    summary = f"{len(rows) + len(failures)} dataudtræk forsøgt." if rows or failures else "Ingen dataudtræk i dag."
    return Outcome(summary, tuple(rows), tuple(failures))


def _try_again(
    installation: Installation, occurrence: Occurrence, today: date, *, event: str, why: str, now: datetime
) -> None:
    pause = timedelta(days=1) if today <= occurrence.due else LATE_PAUSE
    with installation.store.write() as connection:
        plans.set_wake(connection, occurrence.key, today + pause)
        log.tell(connection, log.about(event, occurrence, at=now, suffix=f":{today.isoformat()}", detail=why))
