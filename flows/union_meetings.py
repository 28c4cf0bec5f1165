"""union_meetings: invites the unions to the meetings with director and heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.inviting import invite
from flows.shell import ALL, Ended, perform
from kvalitet.wheel import Ring

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


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near."""
    return invite(installation, municipality, lambda activity: activity.ring is Ring.UNIONS, now=now)
