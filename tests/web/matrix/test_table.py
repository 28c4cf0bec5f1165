"""The next reminder of a school: from the ladder, with the dates as they hold now."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kvalitet.board import board_of
from kvalitet.extensions import extended
from kvalitet.occurrences import plan
from kvalitet.status import BookingState, Facts
from kvalitet.web.pages.matrix.asking import Asked
from kvalitet.web.pages.matrix.table import Known, Table, table_of
from tests.builders import AARBY, LADDER, YEAR, activity, dialogue, instant, municipality

GOALS = activity(due="start-09-30", ladder=LADDER)
AFTER = activity("plan", title="Plan", opens="start-09-01", due="start-10-30", ladder=LADDER, after=("local_goals",))
KEY = "proeveby.2026-27.local_goals.323001"
NOTHING = Known({}, {}, {})
DELIVERED = Facts(delivered_at=datetime(2026, 9, 1, tzinfo=UTC))


def table(
    *activities: object, on: str, known: Known = NOTHING, paused: dict[str, str] | None = None, **given: Facts
) -> Table:
    return again(None, *activities, on=on, known=known, paused=paused, **given)


def again(
    before: Table | None,
    *activities: object,
    on: str,
    known: Known = NOTHING,
    paused: dict[str, str] | None = None,
    **given: Facts,
) -> Table:
    """Lay the board out anew, with the table of before at hand."""
    found = municipality(*(activities or (AFTER, GOALS)), schools=(AARBY,))  # type: ignore[arg-type]
    occurrences = [extended(one, known.extended.get(one.key)) for one in plan(found, YEAR)]
    facts = {f"proeveby.2026-27.{key}.323001": value for key, value in given.items()}
    board = board_of(found, YEAR, occurrences, facts, now=instant(on, "12:00"), paused=paused)
    return table_of(board, Asked(), known, before)


def coming(*activities: object, on: str, **given: object) -> date | None:
    (line,) = table(*(activities or (GOALS,)), on=on, **given).lines  # type: ignore[arg-type]
    return line.coming


@pytest.mark.parametrize(
    ("on", "day"),
    [
        ("2026-08-10", None),  # not open: nothing is missing
        ("2026-08-20", date(2026, 9, 16)),
        ("2026-09-16", date(2026, 9, 16)),
        ("2026-09-17", date(2026, 9, 25)),
        ("2026-10-02", date(2026, 10, 7)),
        ("2026-10-15", None),  # after the last step
    ],
)
def test_the_next_mail_is_the_next_step_of_the_ladder(on: str, day: date | None) -> None:
    assert coming(on=on) == day


def test_a_step_that_was_told_today_is_not_the_next_one() -> None:
    told = Known({KEY: instant("2026-09-16", "07:00")}, {}, {})
    assert coming(on="2026-09-16", known=told) == date(2026, 9, 25)


def test_a_schools_own_date_moves_the_next_mail() -> None:
    assert coming(on="2026-09-17", known=Known({}, {KEY: date(2026, 11, 30)}, {})) == date(2026, 11, 16)


def test_who_is_on_pause_has_delivered_or_waits_for_others_hears_nothing_next() -> None:
    delivered = DELIVERED
    assert coming(on="2026-09-17", paused={AARBY.number: "Vandskade"}) is None
    assert coming(on="2026-09-17", local_goals=delivered) is None
    waiting = table(AFTER, GOALS, on="2026-09-17").lines[0]
    assert (waiting.missing, waiting.coming) == (2, date(2026, 9, 25))
    assert coming(AFTER, GOALS, on="2026-09-17", local_goals=delivered) == date(2026, 10, 16)


def test_the_last_reminder_and_the_calls_of_a_school_are_those_of_all_that_is_shown() -> None:
    other = "proeveby.2026-27.plan.323001"
    known = Known({KEY: instant("2026-09-16"), other: instant("2026-10-01")}, {}, {KEY: 2, other: 1})
    (line,) = table(GOALS, AFTER, on="2026-10-02", known=known).lines
    assert (line.reminded, line.calls) == (instant("2026-10-01"), 3)


def test_a_line_is_the_one_of_the_table_before_unless_something_in_it_is_another() -> None:
    first = table(AFTER, GOALS, on="2026-09-17")
    assert first.lines[0] is again(first, on="2026-09-17").lines[0]
    assert first.lines[0] is not again(first, on="2026-09-17", local_goals=DELIVERED).lines[0]


def test_what_others_have_to_do_first_is_looked_at_though_it_stands_in_no_cell() -> None:
    late = activity("plan", title="Plan", opens="start-08-01", due="start-10-30", ladder=LADDER, after=("dialogue",))
    held = Facts(booking=BookingState.BOOKED, ends_at=instant("2026-09-10"))
    first = table(late, dialogue(), on="2026-09-17")
    later = again(first, late, dialogue(), on="2026-09-17", dialogue=held)
    assert [found.lines[0].coming for found in (first, later)] == [None, date(2026, 10, 16)]
