"""Pace: how often one feed may be read, and how much strangers may ask, so that nobody keeps the board busy.

Counted in this process alone, in memory: it must cost less than what it saves. What must hold for all processes
together (login links, logins) is counted in the database, see `kvalitet/adapters/access/attempts.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from kvalitet.adapters.access.secret_tokens import digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MOST, SPAN = 30, timedelta(minutes=1)
# Many calendars and many colleagues may share one network's address.
MOST_FROM_A_NETWORK = 600
MINUTE = 60
MOST_KNOWN = 10_000


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


class NetworkPace:
    """Netværkets tempo: lets so much of those who are not logged in through each minute, from each network."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._minute = 0
        self._seen: Counter[str] = Counter()
        self._let_in: set[str] = set()

    def wait(self, network: str) -> int:
        """Give how many seconds a network has to wait; 0: it is let through, and counted."""
        minute, second = divmod(int(self._clock()), MINUTE)
        if minute != self._minute:  # nothing is kept of the minute before, so no flood fills the memory
            self._minute, self._seen = minute, Counter()
        if self._seen[network] >= MOST_FROM_A_NETWORK:
            return MINUTE - second
        self._seen[network] += 1
        return 0

    def let_in(self, token: str) -> None:
        """Know again a cookie that has been found good, so that its browser is not one of the strangers."""
        if len(self._let_in) >= MOST_KNOWN:
            self._let_in.clear()
        self._let_in.add(digest(token))

    def is_let_in(self, token: str) -> bool:
        """Tell whether a cookie has been found good here; it is looked up anew all the same."""
        return bool(token) and digest(token) in self._let_in
