from datetime import date

import pytest

from kvalitet.days import SchoolYear
from kvalitet.wheel import Kind, Wheel
from tests.builders import activity, dialogue


@pytest.mark.parametrize(
    ("kind", "meets"),
    [("extract", False), ("meeting", True), ("dialogue", True), ("deliverable", False), ("effort", False)],
)
def test_people_meet_in_meetings_and_dialogues(kind: str, meets: bool) -> None:  # noqa: FBT001 -- expected value
    assert Kind(kind).is_meeting == meets


def test_a_window_lies_in_each_school_year_and_may_reach_over_new_year() -> None:
    effort = activity(opens="start-10-01", due="end-01-31")
    assert effort.window(SchoolYear(2026)) == (date(2026, 10, 1), date(2027, 1, 31))
    assert effort.window(SchoolYear(2018)) == (date(2018, 10, 1), date(2019, 1, 31))


def test_an_activity_happens_every_year_unless_told_otherwise() -> None:
    assert all(activity().happens_in(SchoolYear(year)) for year in range(2010, 2045))


def test_an_activity_happens_between_its_first_and_last_school_year() -> None:
    pilot = activity(first_school_year=SchoolYear(2018), last_school_year=SchoolYear(2020))
    assert [year for year in range(2015, 2025) if pilot.happens_in(SchoolYear(year))] == [2018, 2019, 2020]


def test_a_two_yearly_activity_counts_from_its_first_school_year() -> None:
    report = activity(every_years=2, first_school_year=SchoolYear(2013))
    assert [year for year in range(2010, 2020) if report.happens_in(SchoolYear(year))] == [2013, 2015, 2017, 2019]


def test_a_two_yearly_activity_without_a_first_year_counts_the_even_ones() -> None:
    assert [year for year in range(2010, 2015) if activity(every_years=2).happens_in(SchoolYear(year))] == [
        2010,
        2012,
        2014,
    ]


def test_an_activity_is_found_by_its_key() -> None:
    wheel = Wheel((activity(), dialogue()))
    assert wheel.activity("dialogue") == dialogue()
    with pytest.raises(KeyError):
        wheel.activity("unknown")


def test_a_wheel_of_a_school_year_has_only_what_happens_then() -> None:
    wheel = Wheel((activity(), activity("report", every_years=2, first_school_year=SchoolYear(2025))))
    assert [found.key for found in wheel.of(SchoolYear(2026))] == ["local_goals"]
    assert [found.key for found in wheel.of(SchoolYear(2027))] == ["local_goals", "report"]


def test_a_wheel_spans_what_prepares_the_school_year_too() -> None:
    wheel = Wheel((activity(), activity("spring_extract", opens="start-05-01", due="start-06-30")))
    assert wheel.span(SchoolYear(2026)) == (date(2026, 5, 1), date(2026, 9, 30))


def test_an_empty_wheel_spans_the_school_year() -> None:
    assert Wheel(()).span(SchoolYear(2026)) == (date(2026, 8, 1), date(2027, 7, 31))
