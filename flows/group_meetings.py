"""group_meetings: invites school groups, with the question guide, and the other meetings of the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.inviting import invite
from kvalitet.wheel import Ring

if TYPE_CHECKING:
    from datetime import datetime

    from flows.outcome import Outcome
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

ELSEWHERE = frozenset({Ring.DIALOGUES, Ring.UNIONS})


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Invite to the meetings whose window is near."""
    return invite(installation, municipality, lambda activity: activity.ring not in ELSEWHERE, now=now)
