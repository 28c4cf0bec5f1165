"""group_meetings: invites school groups, with the question guide, and the other meetings of the wheel."""

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

TITLE = "Indkald skolegrupper"


@flow(name="group_meetings", flow_run_name=f"{TITLE} – {{municipality}}")
async def group_meetings(municipality: str = ALL) -> Ended:
    """Indkalder skolegrupperne med spørgeguide og til hjulets øvrige møder."""
    return await perform(TITLE, run, municipality=municipality)


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether the files may say something new about meetings that people are invited to."""
    return reconciling.has_work(installation, municipality, inviting.OTHERS, now=now)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near, and tell what the files have changed about the others."""
    changed = reconciling.reconcile_all(installation, municipality, inviting.OTHERS, now=now)
    return of_meetings(changed, inviting.invite(installation, municipality, inviting.OTHERS, now=now))
