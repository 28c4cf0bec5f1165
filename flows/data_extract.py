"""data_extract: pulls the figures of the extracts that are due, and puts them on show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters import extracts
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.sources.source import NotPublishedYetError
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.occurrences import stands
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date, datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

TITLE = "Hent dataudtræk"
LATE_PAUSE = timedelta(weeks=1)


@flow(name="data_extract", flow_run_name=f"{TITLE} – {{municipality}}")
async def data_extract(municipality: str = ALL) -> Ended:
    """Henter de dataudtræk, der er på tide, og stiller tallene frem; de seneste gode tal bliver stående."""
    return await perform(TITLE, run, municipality=municipality)


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
        if occurrence.kind is not Kind.EXTRACT or not stands(municipality, occurrence, today=today):
            continue
        try:
            pulled = extracts.pull(installation, municipality, occurrence, now=now)
        except NotPublishedYetError as waiting:
            rows.append({"udtræk": occurrence.title, "udfald": waiting.message})
            _try_again(installation, occurrence, today, event="extract_waiting", why=waiting.message, now=now)
        except OperationError as failure:
            failures.append(f"{occurrence.title}: {failure.message}")
            _try_again(installation, occurrence, today, event="extract_failed", why=failure.message, now=now)
        else:
            rows.append({"udtræk": occurrence.title, "udfald": _told(pulled)})
            _rest(installation, occurrence, pulled, today=today)
    summary = f"{len(rows) + len(failures)} dataudtræk forsøgt." if rows or failures else "Ingen dataudtræk i dag."
    return Outcome(summary, tuple(rows), tuple(failures))


def _told(pulled: extracts.Pulled) -> str:
    waits = f", venter på {', '.join(pulled.extract.unpublished)}" if pulled.extract.unpublished else ""
    left_out = f", {len(pulled.extract.problems)} rækker udeladt" if pulled.extract.problems else ""
    return f"{pulled.snapshot.rows} tal{waits}{left_out}"


def _rest(installation: Installation, occurrence: Occurrence, pulled: extracts.Pulled, *, today: date) -> None:
    """Look again tomorrow for indicators that were not out yet, as long as the window is open."""
    again = today + timedelta(days=1) if pulled.extract.unpublished and today < occurrence.due else None
    with installation.store.write() as connection:
        plans.set_wake(connection, occurrence.key, again)


def _try_again(
    installation: Installation, occurrence: Occurrence, today: date, *, event: str, why: str, now: datetime
) -> None:
    pause = timedelta(days=1) if today <= occurrence.due else LATE_PAUSE
    with installation.store.write() as connection:
        plans.set_wake(connection, occurrence.key, today + pause)
        log.tell(connection, log.about(event, occurrence, at=now, suffix=f":{today.isoformat()}", detail=why))
