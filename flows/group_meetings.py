"""group_meetings: invites school groups, with the question guide, and the other meetings of the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import of_invited
from flows.shell import ALL, Ended, perform
from kvalitet.adapters import inviting

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


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near."""
    return of_invited(inviting.invite(installation, municipality, inviting.OTHERS, now=now))
