"""union_meetings: invites the unions to the meetings with director and heads."""

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

TITLE = "Indkald faglige organisationer"


@flow(name="union_meetings", flow_run_name=f"{TITLE} – {{municipality}}")
async def union_meetings(municipality: str = ALL) -> Ended:
    """Indkalder de faglige organisationer til mødet med direktør og chefer."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near."""
    return of_invited(inviting.invite(installation, municipality, inviting.UNIONS, now=now))
