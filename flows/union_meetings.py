"""union_meetings: invites the unions to the meetings with director and heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.inviting import invite
from kvalitet.wheel import Ring

if TYPE_CHECKING:
    from datetime import datetime

    from flows.outcome import Outcome
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near."""
    return invite(installation, municipality, lambda activity: activity.ring is Ring.UNIONS, now=now)
