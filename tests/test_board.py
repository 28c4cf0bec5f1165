from datetime import UTC, date, datetime

from kvalitet.board import Board, Row, board_of, danish_date, progress_of
from kvalitet.occurrences import plan
from kvalitet.status import BookingState, Facts, Progress, State
from kvalitet.wheel import Per
from tests.builders import AAGAARD, AARBY, RORBY, YEAR, activity, dialogue, effort, instant, municipality

GOALS = activity("local_goals", opens="start-08-15", due="start-09-30")
ABSENCE = activity("absence_plan", opens="start-08-15", due="start-09-15")
LATER = activity("action_plan", opens="start-11-01", due="end-01-31")
GROUPS = dialogue("group_meeting", per=Per.SCHOOL_GROUP)
PLACE = municipality(effort(), GOALS, ABSENCE, LATER, GROUPS)
KEY = "proeveby.2026-27"
OCTOBER = instant("2026-10-01")


def board(facts: dict[str, Facts] | None = None, *, now: datetime = OCTOBER) -> Board:
    return board_of(PLACE, YEAR, plan(PLACE, YEAR), facts or {}, now=now)


def keys(rows: tuple[Row, ...]) -> list[str]:
    return [row.occurrence.key.removeprefix(f"{KEY}.") for row in rows]


def test_a_day_of_the_board_is_a_danish_one() -> None:
    assert danish_date(datetime(2026, 7, 31, 21, 59, tzinfo=UTC)) == date(2026, 7, 31)
    assert danish_date(datetime(2026, 7, 31, 22, 0, tzinfo=UTC)) == date(2026, 8, 1)
    assert danish_date(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert board(now=datetime(2026, 10, 24, 22, 30, tzinfo=UTC)).today == date(2026, 10, 25)


def test_a_row_is_an_occurrence_with_what_is_known_and_its_state() -> None:
    known = Facts(delivered_at=instant("2026-09-01"))
    found = board({f"{KEY}.local_goals.323001": known}).of("local_goals")
    assert [(row.facts, row.state) for row in found] == [
        (known, State.DELIVERED),
        (Facts(), State.OVERDUE),
        (Facts(), State.OVERDUE),
    ]


def test_the_municipality_says_how_early_a_due_date_is_near() -> None:
    patient = municipality(GOALS, due_soon_days=3)
    found = board_of(patient, YEAR, plan(patient, YEAR), {}, now=instant("2026-09-26"))
    assert {row.state for row in found.rows} == {State.OPEN}


def test_rows_are_grouped_by_activity_in_the_order_of_the_wheel() -> None:
    found = board().activities()
    assert [of.key for of, _ in found] == ["effort", "local_goals", "absence_plan", "action_plan", "group_meeting"]
    assert [len(rows) for _, rows in found] == [1, 3, 3, 3, 2]


def test_an_activity_that_has_no_rows_is_left_out() -> None:
    without = board_of(PLACE, YEAR, plan(municipality(GOALS), YEAR), {}, now=instant("2026-10-01"))
    assert [of.key for of, _ in without.activities()] == ["local_goals"]


def test_a_school_sees_its_own_its_group_s_and_the_whole_municipality_s() -> None:
    assert keys(board().of_school(AAGAARD.number)) == [
        "effort",
        "local_goals.323003",
        "absence_plan.323003",
        "action_plan.323003",
        "group_meeting.syd",
    ]


def test_the_matrix_has_a_cell_for_each_school_and_deliverable() -> None:
    found = board()
    assert [of.key for of in found.deliverables()] == ["local_goals", "absence_plan", "action_plan"]
    assert found.schools() == (AARBY, RORBY, AAGAARD)
    assert set(found.matrix()) == {(school.number, of.key) for school in found.schools() for of in found.deliverables()}
    assert found.matrix()["323002", "absence_plan"].occurrence.key == f"{KEY}.absence_plan.323002"


def test_a_school_with_nothing_to_deliver_has_no_row_in_the_matrix() -> None:
    of = municipality(GROUPS)
    assert board_of(of, YEAR, plan(of, YEAR), {}, now=instant("2026-10-01")).schools() == ()


def test_missing_is_what_is_open_and_not_done_the_oldest_due_date_first() -> None:
    facts = {
        f"{KEY}.local_goals.323001": Facts(delivered_at=instant("2026-09-01")),
        f"{KEY}.local_goals.323002": Facts(waived=True),
    }
    assert keys(board(facts).missing()) == [
        "absence_plan.323001",
        "absence_plan.323002",
        "absence_plan.323003",
        "local_goals.323003",
    ]


def test_progress_counts_the_rows_that_are_asked_about() -> None:
    facts = {
        f"{KEY}.local_goals.323001": Facts(delivered_at=instant("2026-09-01")),
        f"{KEY}.local_goals.323002": Facts(waived=True),
        f"{KEY}.group_meeting.nord": Facts(booking=BookingState.CANCELLED),
    }
    found = board(facts)
    assert progress_of(found.of("local_goals")) == Progress(done=1, expected=2, overdue=1)
    assert progress_of(found.of("group_meeting")) == Progress(done=0, expected=1)
    assert progress_of(()) == Progress(0, 0)
