"""Status: how far an occurrence is, computed for the day asked about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from kvalitet.occurrences import Occurrence


class State(StrEnum):
    """Tilstand: what a person reads on the board; see `TEXTS` for the Danish words."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DELIVERED = "delivered"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    WAIVED = "waived"
    PROPOSED = "proposed"
    BOOKED = "booked"
    HELD = "held"
    CANCELLED = "cancelled"
    PUBLISHED = "published"
    RUNNING = "running"
    ENDED = "ended"

    @property
    def is_done(self) -> bool:
        """Tell whether nothing more is expected of anybody."""
        return self in DONE


TEXTS: dict[State, str] = {
    State.NOT_OPEN: "ikke åben",
    State.OPEN: "åben",
    State.DUE_SOON: "frist snart",
    State.OVERDUE: "overskredet",
    State.DELIVERED: "afleveret",
    State.SENT_BACK: "sendt retur",
    State.APPROVED: "godkendt",
    State.WAIVED: "fritaget",
    State.PROPOSED: "foreslået",
    State.BOOKED: "indkaldt",
    State.HELD: "afholdt",
    State.CANCELLED: "aflyst",
    State.PUBLISHED: "hentet",
    State.RUNNING: "i gang",
    State.ENDED: "afsluttet",
}

DONE = frozenset(
    {State.DELIVERED, State.APPROVED, State.WAIVED, State.HELD, State.CANCELLED, State.PUBLISHED, State.ENDED}
)


class BookingState(StrEnum):
    """Bookingens tilstand: proposed by the timetable, booked (people are invited) or cancelled."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Decision(StrEnum):
    """Afgørelse: what the director said of a delivery."""

    SENT_BACK = "sent_back"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Facts:
    """Kendsgerninger: what the store knows of one occurrence; instants are UTC."""

    delivered_at: datetime | None = None
    decision: Decision | None = None
    waived: bool = False
    booking: BookingState | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def is_handed_in(self) -> bool:
        """Tell whether it has been delivered and was not sent back."""
        return self.delivered_at is not None and self.decision is not Decision.SENT_BACK


@dataclass(frozen=True, slots=True)
class Progress:
    """Fremdrift: how many of those expected are done; waived ones are not expected."""

    done: int
    expected: int
    overdue: int = 0

    @property
    def share(self) -> float:
        """Give the done share from 0 to 1; nothing expected counts as all done."""
        return self.done / self.expected if self.expected else 1.0


NOTHING_KNOWN = Facts()


def status_of(occurrence: Occurrence, facts: Facts, *, now: datetime, today: date, due_soon_days: int = 14) -> State:
    """Give the state of one occurrence on a day; `today` is the Danish date of `now`."""
    if facts.waived:
        return State.WAIVED
    if occurrence.kind.is_meeting:
        return _of_meeting(occurrence, facts, now=now, today=today)
    if occurrence.kind is Kind.EFFORT:
        return _of_effort(occurrence, today=today)
    if occurrence.kind is Kind.EXTRACT and facts.published_at:
        return State.PUBLISHED
    if facts.delivered_at:
        return _of_delivery(facts)
    return _of_window(occurrence, today=today, due_soon_days=due_soon_days)


def progress(states: Iterable[State]) -> Progress:
    """Count a set of states; waived and cancelled ones are left out."""
    counts = Counter(states)
    del counts[State.WAIVED], counts[State.CANCELLED]
    done = sum(count for state, count in counts.items() if state.is_done)
    return Progress(done, counts.total(), counts[State.OVERDUE])


def _of_delivery(facts: Facts) -> State:
    if facts.decision is Decision.APPROVED:
        return State.APPROVED
    return State.SENT_BACK if facts.decision is Decision.SENT_BACK else State.DELIVERED


def _of_window(occurrence: Occurrence, *, today: date, due_soon_days: int) -> State:
    if today < occurrence.opens:
        return State.NOT_OPEN
    if today > occurrence.due:
        return State.OVERDUE
    soon = occurrence.due - timedelta(days=due_soon_days)
    return State.DUE_SOON if today >= soon else State.OPEN


def _of_effort(occurrence: Occurrence, *, today: date) -> State:
    if today < occurrence.opens:
        return State.NOT_OPEN
    return State.RUNNING if today <= occurrence.due else State.ENDED


def _of_meeting(occurrence: Occurrence, facts: Facts, *, now: datetime, today: date) -> State:
    if facts.booking is BookingState.CANCELLED:
        return State.CANCELLED
    if facts.booking is BookingState.BOOKED:
        return State.HELD if facts.ends_at and facts.ends_at <= now else State.BOOKED
    if today > occurrence.due:
        return State.OVERDUE
    return State.PROPOSED if facts.booking is BookingState.PROPOSED else State.NOT_OPEN
