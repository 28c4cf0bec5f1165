from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.occurrences import Occurrence
from kvalitet.status import (
    DONE,
    NOTHING_KNOWN,
    TEXTS,
    BookingState,
    Decision,
    Facts,
    Progress,
    State,
    progress,
    status_of,
)
from tests.builders import activity, dialogue, effort, extract, instant, occurrence

DELIVERABLE = occurrence(opens=date(2026, 8, 15), due=date(2026, 9, 30))
MEETING = occurrence(dialogue(), opens=date(2026, 9, 1), due=date(2026, 10, 31))
EXTRACT = occurrence(extract(), where=None, opens=date(2026, 8, 15), due=date(2026, 9, 30))
EFFORT = occurrence(effort(), where=None, opens=date(2026, 8, 1), due=date(2027, 6, 30))
DELIVERED = Facts(delivered_at=instant("2026-09-10", "10:00"))
HOUR = (instant("2026-09-14", "09:00"), instant("2026-09-14", "10:00"))


def state_on(day: str, facts: Facts = NOTHING_KNOWN, *, of: Occurrence = DELIVERABLE, clock: str = "05:00") -> State:
    return status_of(of, facts, now=instant(day, clock), today=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-08-14", State.NOT_OPEN),
        ("2026-08-15", State.OPEN),
        ("2026-09-15", State.OPEN),
        ("2026-09-16", State.DUE_SOON),
        ("2026-09-30", State.DUE_SOON),
        ("2026-10-01", State.OVERDUE),
        ("2027-07-31", State.OVERDUE),
    ],
)
def test_a_deliverable_opens_is_due_soon_two_weeks_before_and_overdue_the_day_after(day: str, state: State) -> None:
    assert state_on(day) is state


def test_a_municipality_may_call_another_span_soon() -> None:
    now, today = instant("2026-09-16"), date(2026, 9, 16)
    assert status_of(DELIVERABLE, Facts(), now=now, today=today, due_soon_days=13) is State.OPEN
    assert status_of(DELIVERABLE, Facts(), now=now, today=today, due_soon_days=14) is State.DUE_SOON


def test_what_is_delivered_is_delivered_early_and_late() -> None:
    assert state_on("2026-09-12", DELIVERED) is State.DELIVERED
    assert state_on("2027-01-01", DELIVERED) is State.DELIVERED


def test_a_decision_says_more_than_the_delivery() -> None:
    delivered = DELIVERED.delivered_at
    assert state_on("2026-09-12", Facts(delivered, Decision.APPROVED)) is State.APPROVED
    assert state_on("2026-09-12", Facts(delivered, Decision.SENT_BACK)) is State.SENT_BACK


def test_who_is_waived_owes_nothing_whatever_else_is_known() -> None:
    waived = Facts(delivered_at=DELIVERED.delivered_at, waived=True, booking=BookingState.BOOKED)
    for of in (DELIVERABLE, MEETING, EXTRACT, EFFORT):
        assert state_on("2027-07-31", waived, of=of) is State.WAIVED


def test_an_extract_is_done_when_its_figures_are_on_show() -> None:
    published = Facts(published_at=instant("2026-08-20"))
    assert state_on("2026-08-19", of=EXTRACT) is State.OPEN
    assert state_on("2026-08-20", published, of=EXTRACT) is State.PUBLISHED
    assert state_on("2026-10-01", of=EXTRACT) is State.OVERDUE


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-07-31", State.NOT_OPEN),
        ("2026-08-01", State.RUNNING),
        ("2027-06-30", State.RUNNING),
        ("2027-07-01", State.ENDED),
    ],
)
def test_an_effort_runs_through_its_window_and_then_ends(day: str, state: State) -> None:
    assert state_on(day, of=EFFORT) is state


def test_a_meeting_goes_from_proposed_over_booked_to_held() -> None:
    proposed = Facts(booking=BookingState.PROPOSED, starts_at=HOUR[0], ends_at=HOUR[1])
    booked = Facts(booking=BookingState.BOOKED, starts_at=HOUR[0], ends_at=HOUR[1])
    assert state_on("2026-09-01", of=MEETING) is State.NOT_OPEN
    assert state_on("2026-09-01", proposed, of=MEETING) is State.PROPOSED
    assert state_on("2026-09-01", booked, of=MEETING) is State.BOOKED
    assert state_on("2026-09-14", booked, of=MEETING, clock="09:59") is State.BOOKED
    assert state_on("2026-09-14", booked, of=MEETING, clock="10:00") is State.HELD


def test_a_meeting_booked_without_an_end_is_never_held() -> None:
    assert state_on("2027-01-01", Facts(booking=BookingState.BOOKED), of=MEETING) is State.BOOKED


def test_a_meeting_that_nobody_booked_before_its_window_ended_is_overdue() -> None:
    proposed = Facts(booking=BookingState.PROPOSED, starts_at=HOUR[0], ends_at=HOUR[1])
    assert state_on("2026-10-31", of=MEETING) is State.NOT_OPEN
    assert state_on("2026-11-01", of=MEETING) is State.OVERDUE
    assert state_on("2026-11-01", proposed, of=MEETING) is State.OVERDUE


def test_a_cancelled_meeting_stays_cancelled() -> None:
    assert state_on("2026-11-01", Facts(booking=BookingState.CANCELLED), of=MEETING) is State.CANCELLED


def test_every_state_has_a_danish_word_of_its_own() -> None:
    assert set(TEXTS) == set(State)
    assert len(set(TEXTS.values())) == len(State)


def test_only_these_states_expect_nothing_more_of_anybody() -> None:
    done = {state for state in State if state.is_done}
    assert done == set(DONE)
    assert done == {
        State.DELIVERED,
        State.APPROVED,
        State.WAIVED,
        State.HELD,
        State.CANCELLED,
        State.PUBLISHED,
        State.ENDED,
    }


def test_progress_counts_those_expected_and_leaves_out_the_waived_and_the_cancelled() -> None:
    states = [State.DELIVERED, State.APPROVED, State.OVERDUE, State.OPEN, State.WAIVED, State.CANCELLED]
    assert progress(states) == Progress(done=2, expected=4, overdue=1)
    assert progress(states).share == 0.5


def test_where_nothing_is_expected_all_is_done() -> None:
    assert progress([State.WAIVED]) == Progress(0, 0, 0)
    assert Progress(0, 0).share == 1.0


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_the_state_of_an_undelivered_deliverable_only_goes_forward(one: date, other: date) -> None:
    order = [State.NOT_OPEN, State.OPEN, State.DUE_SOON, State.OVERDUE]
    earlier, later = sorted((one, other))
    found = [status_of(DELIVERABLE, Facts(), now=_noon(day), today=day) for day in (earlier, later)]
    assert order.index(found[0]) <= order.index(found[1])


@given(st.dates(date(2018, 1, 1), date(2048, 12, 31)))
def test_nobody_is_overdue_on_the_due_date_itself(due: date) -> None:
    of = occurrence(activity(), opens=due, due=due)
    assert status_of(of, Facts(), now=_noon(due), today=due) is State.DUE_SOON


def _noon(day: date) -> datetime:
    return instant(day.isoformat(), "12:00")
