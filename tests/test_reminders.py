from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import AssumedHolidays, SchoolHoliday, SchoolYear
from kvalitet.reminders import (
    NOW,
    OPENING,
    Step,
    Turn,
    first_look,
    is_reached,
    look_after_return,
    next_step,
    stage_of,
    steps,
    turn,
)
from kvalitet.wheel import MeetingPlan, Role, Stage
from tests.builders import AUTUMN_HOLIDAY, LADDER, LEADER, activity, calendar, dialogue, extract, occurrence, rung

OPEN = calendar()
OPENS, DUE = date(2026, 8, 18), date(2026, 9, 30)  # a Tuesday, a Wednesday


def days_and_keys(found: tuple[Step, ...]) -> list[tuple[date, str]]:
    return [(step.day, step.key) for step in found]


def test_the_ladder_goes_from_the_opening_over_reminders_to_escalation() -> None:
    found = steps(occurrence(opens=OPENS, due=DUE), activity(), OPEN)
    everybody = (LEADER, Role.CONSULTANT, Role.DIRECTOR)
    assert found == (
        Step(date(2026, 8, 18), OPENING, Stage.OPENING, (LEADER,)),
        Step(date(2026, 9, 16), "-14", Stage.REMINDER, (LEADER,)),
        Step(date(2026, 9, 25), "-3", Stage.REMINDER, (LEADER,)),  # the 27th is a Sunday
        Step(date(2026, 10, 1), "+1", Stage.OVERDUE_NOTICE, (LEADER,)),
        Step(date(2026, 10, 7), "+7", Stage.ESCALATION, (LEADER, Role.CONSULTANT)),
        Step(date(2026, 10, 14), "+14", Stage.ESCALATION, everybody),
    )


def test_the_opening_goes_to_the_owner_even_with_no_ladder() -> None:
    owned = activity(owner=Role.CONSULTANT, ladder=())
    found = steps(occurrence(owned, opens=OPENS, due=DUE), owned, OPEN)
    assert found == (Step(date(2026, 8, 18), OPENING, Stage.OPENING, (Role.CONSULTANT,)),)


def test_an_opening_on_a_saturday_waits_for_monday() -> None:
    found = steps(occurrence(opens=date(2026, 8, 15), due=date(2026, 9, 30)), activity(), OPEN)
    assert found[0].day == date(2026, 8, 17)


def test_reminders_before_the_due_date_move_back_and_those_after_it_move_forward_over_a_holiday() -> None:
    within = activity(ladder=(rung(-3, Stage.REMINDER), rung(1, Stage.OVERDUE_NOTICE)))
    of = occurrence(opens=date(2026, 9, 1), due=date(2026, 10, 14))
    found = steps(of, within, calendar(school_holidays=[AUTUMN_HOLIDAY]))
    assert days_and_keys(found) == [
        (date(2026, 9, 1), OPENING),
        (date(2026, 10, 9), "-3"),  # the 11th lies in the holiday; the Friday before it does not
        (date(2026, 10, 19), "+1"),
    ]


def test_a_step_on_the_due_date_itself_moves_forward() -> None:
    on_the_day = activity(ladder=(rung(0, Stage.REMINDER),))
    found = steps(occurrence(opens=date(2026, 9, 1), due=date(2026, 10, 3)), on_the_day, OPEN)
    assert days_and_keys(found) == [(date(2026, 9, 1), OPENING), (date(2026, 10, 5), "+0")]


def test_a_public_holiday_moves_a_mail_like_a_weekend_does() -> None:
    closed = calendar({date(2026, 10, 1): "Prøvedag"})
    found = steps(occurrence(opens=OPENS, due=DUE), activity(), closed)
    assert (date(2026, 10, 2), "+1") in days_and_keys(found)


def test_a_reminder_that_would_come_before_or_with_the_opening_falls_away() -> None:
    short = occurrence(opens=date(2026, 9, 21), due=date(2026, 9, 24))  # -14 and -3 both before or on the 21st
    assert [key for _, key in days_and_keys(steps(short, activity(), OPEN))] == [OPENING, "+1", "+7", "+14"]


def test_when_closed_days_push_steps_together_the_graver_keep_their_distance() -> None:
    long_closed = SchoolHoliday("Lukket", date(2026, 10, 1), date(2026, 10, 15))
    found = steps(occurrence(opens=OPENS, due=DUE), activity(), calendar(school_holidays=[long_closed]))
    assert days_and_keys(found) == [
        (date(2026, 8, 18), OPENING),
        (date(2026, 9, 16), "-14"),
        (date(2026, 9, 25), "-3"),
        (date(2026, 10, 16), "+1"),
        (date(2026, 10, 22), "+7"),
        (date(2026, 10, 29), "+14"),
    ]


def test_what_opens_and_falls_due_in_one_closed_spell_is_asked_for_before_it_is_chased() -> None:
    summer = SchoolHoliday("Sommerferie", date(2026, 6, 27), date(2026, 8, 9))
    of = occurrence(opens=date(2026, 7, 1), due=date(2026, 7, 31))
    found = steps(of, activity(), calendar(school_holidays=[summer]))
    assert days_and_keys(found) == [
        (date(2026, 8, 10), OPENING),
        (date(2026, 8, 11), "+1"),
        (date(2026, 8, 17), "+7"),
        (date(2026, 8, 24), "+14"),
    ]


LADDER_OF_SEPTEMBER = steps(occurrence(opens=OPENS, due=DUE), activity(), OPEN)
OPENED, EARLY, LATE, OVERDUE, GRAVE, GRAVEST = LADDER_OF_SEPTEMBER


@pytest.mark.parametrize(
    ("today", "taken", "expected"),
    [
        (date(2026, 8, 17), set(), Turn(None, date(2026, 8, 18))),
        (date(2026, 8, 18), set(), Turn(OPENED, date(2026, 9, 16))),
        (date(2026, 8, 19), {OPENING}, Turn(None, date(2026, 9, 16))),
        (date(2026, 9, 16), {OPENING}, Turn(EARLY, date(2026, 9, 25))),
        (date(2026, 10, 14), {OPENING, "-14", "-3", "+1", "+7"}, Turn(GRAVEST, None)),
        (date(2026, 12, 1), {OPENING, "+14"}, Turn(None, None)),
    ],
)
def test_a_turn_takes_the_day_s_step_once_and_says_when_to_look_again(
    today: date, taken: set[str], expected: Turn
) -> None:
    assert turn(LADDER_OF_SEPTEMBER, taken, today=today) == expected


def test_after_downtime_only_the_newest_of_the_missed_steps_is_taken() -> None:
    assert turn(LADDER_OF_SEPTEMBER, {OPENING}, today=date(2026, 10, 8)) == Turn(GRAVE, date(2026, 10, 14))


def test_an_older_step_is_never_caught_up_once_a_newer_one_is_taken() -> None:
    assert turn(LADDER_OF_SEPTEMBER, {"+1"}, today=date(2026, 10, 2)) == Turn(None, date(2026, 10, 7))


def test_the_next_step_is_the_first_one_after_a_day() -> None:
    assert next_step(LADDER_OF_SEPTEMBER, after=date(2026, 8, 1)) == OPENED
    assert next_step(LADDER_OF_SEPTEMBER, after=DUE) == OVERDUE
    assert next_step(LADDER_OF_SEPTEMBER, after=OVERDUE.day) == GRAVE
    assert next_step(LADDER_OF_SEPTEMBER, after=GRAVEST.day) is None


def test_a_step_says_what_its_ladder_says_and_one_outside_it_speaks_by_the_due_date() -> None:
    of = occurrence(opens=OPENS, due=DUE)
    said = [stage_of(LADDER_OF_SEPTEMBER, step.key, of, today=DUE) for step in LADDER_OF_SEPTEMBER]
    assert said == [step.stage for step in LADDER_OF_SEPTEMBER]
    assert stage_of(LADDER_OF_SEPTEMBER, NOW, of, today=DUE) is Stage.REMINDER
    assert stage_of(LADDER_OF_SEPTEMBER, NOW, of, today=date(2026, 10, 1)) is Stage.OVERDUE_NOTICE


def test_a_step_is_reached_on_its_day_and_the_opening_and_what_is_asked_for_always() -> None:
    assert not is_reached(LADDER_OF_SEPTEMBER, "+1", today=DUE)
    assert is_reached(LADDER_OF_SEPTEMBER, "+1", today=date(2026, 10, 1))
    assert is_reached(LADDER_OF_SEPTEMBER, OPENING, today=date(2026, 8, 1))
    assert is_reached(LADDER_OF_SEPTEMBER, NOW, today=date(2026, 8, 1))


def test_a_deliverable_is_looked_at_when_it_opens() -> None:
    of = occurrence(opens=OPENS, due=DUE)
    assert first_look(of, activity(), OPEN, today=date(2026, 5, 1)) == date(2026, 8, 18)


def test_what_was_due_before_it_was_planned_is_never_chased() -> None:
    of = occurrence(opens=OPENS, due=DUE)
    assert first_look(of, activity(), OPEN, today=date(2026, 9, 30)) == date(2026, 8, 18)
    assert first_look(of, activity(), OPEN, today=date(2026, 10, 1)) is None


def test_an_extract_is_looked_at_when_its_window_opens() -> None:
    of = occurrence(extract(), where=None, opens=date(2026, 8, 15), due=date(2026, 9, 30))
    assert first_look(of, extract(), OPEN, today=date(2026, 5, 1)) == date(2026, 8, 15)


def test_people_are_invited_on_a_school_day_so_many_days_before_the_window_of_a_meeting() -> None:
    four_weeks = dialogue(meeting=MeetingPlan(invite_days_before_window=28))
    of = occurrence(four_weeks, opens=date(2026, 9, 7), due=date(2026, 10, 31))
    summer = SchoolHoliday("Sommerferie", date(2026, 6, 27), date(2026, 8, 10))
    assert first_look(of, four_weeks, OPEN, today=date(2026, 5, 1)) == date(2026, 8, 10)
    assert first_look(of, four_weeks, calendar(school_holidays=[summer]), today=date(2026, 5, 1)) == date(2026, 6, 26)


@st.composite
def windows(draw: st.DrawFn) -> tuple[date, date]:
    opens = draw(st.dates(date(2018, 5, 1), date(2048, 7, 31)))
    return opens, opens + timedelta(days=draw(st.integers(0, 200)))


@given(windows())
def test_in_thirty_years_every_step_falls_on_a_school_day_one_a_day_and_ever_graver(window: tuple[date, date]) -> None:
    middle = SchoolYear.containing(window[0])
    years = (middle.plus(n) for n in (-1, 0, 1, 2))
    assumed = calendar(school_holidays=[day for year in years for day in AssumedHolidays().of(year)])
    of = occurrence(opens=window[0], due=window[1], school_year=middle)
    found = steps(of, activity(ladder=LADDER), assumed)
    days = [step.day for step in found]
    gravity = [list(Stage).index(step.stage) for step in found]
    assert all(assumed.is_mail_day(day) for day in days)
    assert days == sorted(set(days))
    assert gravity == sorted(gravity)
    assert found[0].key == OPENING


@given(windows(), st.lists(st.integers(0, 400), unique=True, max_size=8))
def test_however_seldom_the_wheel_is_turned_no_step_is_taken_twice(window: tuple[date, date], awake: list[int]) -> None:
    ladder = steps(occurrence(opens=window[0], due=window[1]), activity(), OPEN)
    taken: list[str] = []
    for offset in sorted(awake):
        for _twice in range(2):
            todo = turn(ladder, taken, today=window[0] + timedelta(days=offset))
            taken += [todo.step.key] if todo.step else []
    order = [step.key for step in ladder]
    assert taken == sorted(set(taken), key=order.index)


@pytest.mark.parametrize(
    ("today", "looked_at"),
    [
        pytest.param(date(2026, 9, 1), date(2026, 9, 16), id="before the due date: the next step"),
        pytest.param(date(2026, 9, 28), date(2026, 10, 1), id="before it, when the steps before it are past"),
        pytest.param(date(2026, 10, 2), date(2026, 10, 9), id="after it: a week later"),
    ],
)
def test_what_was_sent_back_is_looked_at_again(today: date, looked_at: date) -> None:
    found = occurrence(opens=OPENS, due=DUE)
    assert look_after_return(steps(found, activity(), OPEN), found, OPEN, today=today) == looked_at


def test_what_was_sent_back_before_the_due_date_and_has_no_ladder_is_looked_at_after_it() -> None:
    found = occurrence(opens=OPENS, due=DUE)
    assert look_after_return((), found, OPEN, today=date(2026, 9, 1)) == date(2026, 10, 1)
