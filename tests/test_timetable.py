from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME, Municipality, OfficeHours
from kvalitet.occurrences import Occurrence, participants, plan
from kvalitet.timetable import Slot, local_slot, propose
from kvalitet.wheel import Kind, MeetingPlan, Per, Role
from tests.builders import AUTUMN_HOLIDAY, YEAR, activity, calendar, dialogue, instant, municipality, school

MANY_SCHOOLS = tuple(school(f"3230{number}", f"Skole {number}") for number in range(10, 30))
UNION_MEETING = activity(
    "union_meeting",
    opens="start-09-01",
    due="start-10-last",
    kind=Kind.MEETING,
    per=Per.MUNICIPALITY,
    owner=Role.DIRECTOR,
    fields=(),
    ladder=(),
)


def slots(found: Municipality, taken: dict[str, Slot] | None = None) -> dict[str, Slot | None]:
    return propose(found, plan(found, YEAR), taken or {})


def test_a_meeting_gets_a_time_in_the_middle_of_its_window() -> None:
    found = municipality(dialogue(opens="start-09-01", due="start-09-30"), schools=(school(),))
    assert slots(found) == {
        "proeveby.2026-27.dialogue.323001": Slot(instant("2026-09-16", "09:00"), instant("2026-09-16", "10:30"))
    }


def test_dialogues_are_spread_over_their_window() -> None:
    found = municipality(dialogue(opens="start-09-01", due="start-09-30"))
    days = [slot.starts_at.date() for slot in slots(found).values() if slot]
    assert days == [date(2026, 9, 4), date(2026, 9, 16), date(2026, 9, 25)]


def test_no_meeting_is_proposed_for_what_is_not_one() -> None:
    assert slots(municipality(activity())) == {}


def test_a_meeting_that_is_booked_gets_no_new_proposal_and_keeps_its_people_busy() -> None:
    one_day = dialogue(opens="start-09-01", due="start-09-01", meeting=MeetingPlan(start_times=(time(9), time(10, 30))))
    found = municipality(one_day, schools=(school(), school("323002", "Rørby Skole")))
    booked = local_slot(date(2026, 9, 1), time(9), 90)
    assert slots(found, {"proeveby.2026-27.dialogue.323001": booked}) == {
        "proeveby.2026-27.dialogue.323002": local_slot(date(2026, 9, 1), time(10, 30), 90)
    }


def test_no_time_stands_where_the_window_has_none_left() -> None:
    one_day = dialogue(opens="start-09-01", due="start-09-01")
    proposed = slots(municipality(one_day))
    assert [slot is None for slot in proposed.values()] == [False, False, True]


def test_no_time_stands_where_the_window_lies_in_a_weekend() -> None:
    weekend = dialogue(opens="start-09-05", due="start-09-06")
    assert set(slots(municipality(weekend)).values()) == {None}


def test_a_start_time_outside_office_hours_is_not_used() -> None:
    meeting = MeetingPlan(minutes=90, start_times=(time(7), time(15), time(11)))
    found = municipality(dialogue(meeting=meeting), schools=(school(),), office_hours=OfficeHours(time(8), time(16)))
    (slot,) = slots(found).values()
    assert slot is not None
    assert slot.starts_at.astimezone(DANISH_TIME).time() == time(11)


def test_people_with_two_meetings_are_never_in_two_places() -> None:
    found = municipality(dialogue(), UNION_MEETING, schools=MANY_SCHOOLS)
    director = sorted(slot for slot in slots(found).values() if slot)
    assert len(director) == 21
    assert all(not first.overlaps(second) for first in director for second in director if first != second)
    assert len(set(director)) == 21


def test_school_holidays_and_public_holidays_are_left_free() -> None:
    closed = {date(2026, 9, day): "Lukket" for day in range(1, 26)}
    found = municipality(dialogue(), schools=MANY_SCHOOLS, calendar=calendar(closed, [AUTUMN_HOLIDAY]))
    days = {slot.starts_at.date() for slot in slots(found).values() if slot}
    assert not days & set(closed)
    assert not any(day in AUTUMN_HOLIDAY for day in days)


@pytest.mark.parametrize(
    ("day", "starts_at"),
    [
        (date(2026, 10, 23), datetime(2026, 10, 23, 7, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (date(2027, 3, 26), datetime(2027, 3, 26, 8, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ],
)
def test_nine_oclock_is_nine_on_both_sides_of_the_change_of_clocks(day: date, starts_at: datetime) -> None:
    assert local_slot(day, time(9), 60).starts_at == starts_at


def test_slots_that_touch_do_not_overlap() -> None:
    first, second = (local_slot(date(2026, 9, 1), start, 90) for start in (time(9), time(10, 30)))
    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert first.overlaps(local_slot(date(2026, 9, 1), time(10, 29), 1))


@given(st.integers(2010, 2044).map(SchoolYear), st.integers(1, 12))
def test_every_proposal_lies_in_its_window_on_a_day_when_people_work(year: SchoolYear, schools: int) -> None:
    found = municipality(dialogue(), schools=MANY_SCHOOLS[:schools])
    planned = {occurrence.key: occurrence for occurrence in plan(found, year)}
    for key, slot in propose(found, planned.values(), {}).items():
        assert slot is not None
        assert lies_in_its_window(planned[key], slot)
        assert found.calendar.is_mail_day(slot.starts_at.date())
        assert len(participants(found, dialogue(), planned[key])) == 2


def lies_in_its_window(occurrence: Occurrence, slot: Slot) -> bool:
    return occurrence.opens <= slot.starts_at.astimezone(DANISH_TIME).date() <= occurrence.due
