"""leadership_dialogues: books the dialogues and invites school leader and director."""

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

TITLE = "Indkald til ledelseslæringssamtaler"


@flow(name="leadership_dialogues", flow_run_name=f"{TITLE} – {{municipality}}")
async def leadership_dialogues(municipality: str = ALL) -> Ended:
    """Fastlægger ledelseslæringssamtalerne og indkalder skoleleder og direktør."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the dialogues whose window is near."""
    return of_invited(inviting.invite(installation, municipality, inviting.DIALOGUES, now=now))
