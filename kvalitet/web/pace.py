"""Pace: how often one feed may be read, so that a calendar gone wild does not keep the board busy."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST, SPAN = 30, timedelta(minutes=1)


class Pace:
    """Tempo: lets each key through `MOST` times within `SPAN`; counted in this process alone."""

    def __init__(self) -> None:
        self._seen: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=MOST))

    def wait(self, key: int, *, now: datetime) -> int:
        """Give how many seconds a key has to wait; 0: it is let through, and counted."""
        seen = self._seen[key]
        if len(seen) == MOST and now - seen[0] < SPAN:
            return int((SPAN - (now - seen[0])).total_seconds()) + 1
        seen.append(now)
        return 0
