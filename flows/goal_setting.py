"""goal_setting: opens what the schools are to deliver, and notes which efforts begin.

The mail about it goes out with the day's one mail to each person; see `follow_up`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.predecessors import held_back
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Åbn det, som skolerne afleverer"
OPENED_HERE = frozenset({Kind.DELIVERABLE, Kind.EFFORT})


@flow(name="goal_setting", flow_run_name=f"{TITLE} – {{municipality}}")
async def goal_setting(municipality: str = ALL) -> Ended:
    """Åbner de afleveringer og indsatser, hvis tidsrum er begyndt."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Open every deliverable and effort whose window has begun."""
    today = danish_date(now)
    with installation.store.write() as connection:
        held = held_back(connection, municipality, today=today)
        opened = plans.open_waking(connection, municipality.key, OPENED_HERE, held=held, today=today, now=now)
        log.tell_all(
            connection,
            (log.about("occurrence_opened", occurrence, at=now, detail=occurrence.title) for occurrence in opened),
        )
        efforts = plans.waking(connection, municipality.key, today=today, kinds={Kind.EFFORT})
        plans.set_wakes(connection, {effort.key: None for effort in efforts})
    rows = tuple({"punkt": occurrence.title, "skole": occurrence.school or ""} for occurrence in opened)
    return Outcome(f"Åbnet: {len(rows)}." if rows else "Intet åbner i dag.", rows)
