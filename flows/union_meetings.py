"""union_meetings: invites the unions to the meetings with director and heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import of_meetings
from flows.shell import ALL, Ended, perform
from kvalitet.adapters import inviting
from kvalitet.adapters.meetings import reconciling

if TYPE_CHECKING:
    from datetime import datetime

    from flows.outcome import Outcome
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Indkald faglige organisationer"


@flow(name="union_meetings", flow_run_name=f"{TITLE} – {{municipality}}")
async def union_meetings(municipality: str = ALL) -> Ended:
    """Indkalder de faglige organisationer til mødet med direktør og chefer."""
    return await perform(TITLE, run, municipality=municipality)


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether the files may say something new about meetings that people are invited to."""
    return reconciling.has_work(installation, municipality, inviting.UNIONS, now=now)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near, and tell what the files have changed about the others."""
    changed = reconciling.reconcile_all(installation, municipality, inviting.UNIONS, now=now)
    return of_meetings(changed, inviting.invite(installation, municipality, inviting.UNIONS, now=now))
