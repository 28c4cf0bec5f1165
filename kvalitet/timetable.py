"""The timetable: first proposals for when the year's meetings are held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from kvalitet.municipality import DANISH_TIME
from kvalitet.occurrences import Occurrence, participants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from kvalitet.municipality import Municipality
    from kvalitet.wheel import MeetingPlan

DEFAULT_START_TIMES = (time(9, 0), time(13, 0))


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Tidspunkt: two instants in UTC; `ends_at` is exclusive."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Slot) -> bool:
        """Tell whether two slots share any moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def propose(
    municipality: Municipality, occurrences: Iterable[Occurrence], taken: Mapping[str, Slot]
) -> dict[str, Slot | None]:
    """Propose a slot for every meeting that has none in `taken` (occurrence key -> slot).

    Proposals lie on working days outside the school holidays, inside office hours, spread over the
    window; nobody is in two places at once. None stands where the window has no free slot.
    """
    meetings = [o for o in occurrences if o.kind.is_meeting]
    people = {meeting.key: _people(municipality, meeting) for meeting in meetings}
    diary = _Diary()
    for meeting in meetings:
        if meeting.key in taken:
            diary.enter(people[meeting.key], taken[meeting.key])
    proposals: dict[str, Slot | None] = {}
    for same in _alike(meeting for meeting in meetings if meeting.key not in taken):
        days = municipality.calendar.mail_days(same[0].opens, same[0].due)
        for place, meeting in enumerate(same):
            wanted = int((place + 0.5) / len(same) * len(days))
            slot = _first_free(municipality, meeting, _nearest_first(days, wanted), people[meeting.key], diary)
            proposals[meeting.key] = slot
            if slot:
                diary.enter(people[meeting.key], slot)
    return proposals


def local_slot(day: date, start: time, minutes: int) -> Slot:
    """Give the slot that begins at a Danish wall-clock time."""
    starts_at = datetime.combine(day, start, tzinfo=DANISH_TIME).astimezone(UTC)
    return Slot(starts_at, starts_at + timedelta(minutes=minutes))


@dataclass
class _Diary:
    """Who is busy when, by address and day."""

    busy: dict[tuple[str, date], list[Slot]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, people: frozenset[str], slot: Slot) -> None:
        for person in people:
            self.busy[person, slot.starts_at.date()].append(slot)

    def is_free(self, people: frozenset[str], slot: Slot) -> bool:
        day = slot.starts_at.date()
        return not any(other.overlaps(slot) for person in people for other in self.busy.get((person, day), ()))


def _alike(meetings: Iterable[Occurrence]) -> Iterable[list[Occurrence]]:
    """Gather the meetings that share a window, such as the dialogues of all schools."""
    alike: dict[tuple[str, date, date], list[Occurrence]] = defaultdict(list)
    for meeting in meetings:
        alike[meeting.activity, meeting.opens, meeting.due].append(meeting)
    return alike.values()


def _people(municipality: Municipality, meeting: Occurrence) -> frozenset[str]:
    activity = municipality.wheel.activity(meeting.activity)
    return frozenset(person.address for person in participants(municipality, activity, meeting))


def _first_free(
    municipality: Municipality, meeting: Occurrence, days: Iterable[date], people: frozenset[str], diary: _Diary
) -> Slot | None:
    """Find the first slot of some days in which everybody is free."""
    plan = municipality.wheel.activity(meeting.activity).meeting
    for day in days:
        for slot in _slots(municipality, day, plan):
            if diary.is_free(people, slot):
                return slot
    return None


def _nearest_first(days: list[date], place: int) -> list[date]:
    """Sort days by how far they lie from a place among them; the earlier of two first."""
    return [day for _, day in sorted((abs(number - place), day) for number, day in enumerate(days))]


def _slots(municipality: Municipality, day: date, plan: MeetingPlan) -> Iterator[Slot]:
    hours = municipality.office_hours
    closing = local_slot(day, hours.last, 0).starts_at
    for start in plan.start_times or DEFAULT_START_TIMES:
        slot = local_slot(day, start, plan.minutes)
        if start >= hours.first and slot.ends_at <= closing:
            yield slot
