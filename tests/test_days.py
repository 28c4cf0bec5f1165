from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import (
    AssumedHolidays,
    RelativeDay,
    SchoolHoliday,
    SchoolYear,
    WorkCalendar,
    days_between,
    easter_sunday,
    last_of_month,
)

ANY_DAY = st.dates(date(2010, 1, 1), date(2045, 12, 31))
ANY_YEAR = st.integers(2010, 2044).map(SchoolYear)
ANY_RELATIVE_DAY = st.builds(RelativeDay, st.booleans(), st.integers(1, 12), st.one_of(st.none(), st.integers(1, 28)))
AUTUMN = SchoolHoliday("Efterårsferie", date(2026, 10, 10), date(2026, 10, 18))
CALENDAR = WorkCalendar({date(2026, 12, 24): "Juleaftensdag"}, (AUTUMN,))


@pytest.mark.parametrize("text", ["2026/27", "2026/2027", "2026-27", " 2026 / 27 "])
def test_a_school_year_is_read_as_danes_write_it(text: str) -> None:
    assert SchoolYear.parse(text) == SchoolYear(2026)


@pytest.mark.parametrize("text", ["2018/2020", "2018/18", "2018", "18/19", "2018/19/20", ""])
def test_what_is_no_school_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="er ikke et skoleår; skriv det som 2026/27"):
        SchoolYear.parse(text)


def test_the_turn_of_a_century_is_written_with_two_digits() -> None:
    assert (SchoolYear(2099).label, SchoolYear.parse("2099/00")) == ("2099/00", SchoolYear(2099))


def test_a_school_year_runs_from_1_august_to_31_july() -> None:
    year = SchoolYear(2026)
    assert (year.first_day, year.last_day) == (date(2026, 8, 1), date(2027, 7, 31))
    assert (str(year), year.label, year.key) == ("2026/27", "2026/27", "2026-27")
    assert (year.plus(1), year.plus(-1)) == (SchoolYear(2027), SchoolYear(2025))


def test_31_july_and_1_august_lie_in_different_school_years() -> None:
    assert SchoolYear.containing(date(2026, 7, 31)) == SchoolYear(2025)
    assert SchoolYear.containing(date(2026, 8, 1)) == SchoolYear(2026)


@given(ANY_DAY)
def test_every_day_lies_in_its_school_year(day: date) -> None:
    year = SchoolYear.containing(day)
    assert year.first_day <= day <= year.last_day
    assert SchoolYear.parse(year.label) == SchoolYear.parse(year.key) == year


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("start-05-01", date(2027, 5, 1)),
        ("start-08-31", date(2027, 8, 31)),
        ("end-01-31", date(2028, 1, 31)),
        ("end-02-last", date(2028, 2, 29)),
        ("start-12-last", date(2027, 12, 31)),
    ],
)
def test_a_relative_day_is_a_date_in_each_school_year(text: str, day: date) -> None:
    assert RelativeDay.parse(text).in_year(SchoolYear(2027)) == day


def test_the_last_of_february_follows_the_leap_years() -> None:
    days = [RelativeDay.parse("end-02-last").in_year(SchoolYear(year)).day for year in range(2018, 2024)]
    assert days == [28, 29, 28, 28, 28, 29]


@pytest.mark.parametrize(
    "text", ["05-01", "begin-05-01", "start-5-1", "start-05-first", "start-13-01", "end-00-last", "end-13-last", ""]
)
def test_what_is_no_relative_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="er ikke en dag i skoleåret; skriv fx start-08-31"):
        RelativeDay.parse(text)


@pytest.mark.parametrize("text", ["end-02-29", "start-02-30", "start-04-31", "start-05-00"])
def test_a_day_that_does_not_come_every_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="findes ikke hvert år"):
        RelativeDay.parse(text)


@given(ANY_RELATIVE_DAY, ANY_YEAR)
def test_a_relative_day_is_written_as_it_is_read_and_never_fails(day: RelativeDay, year: SchoolYear) -> None:
    assert RelativeDay.parse(str(day)) == day
    assert day.in_year(year).year == year.start + day.ends_year


def test_a_holiday_holds_its_first_and_last_day() -> None:
    inside = [day for day in days_between(date(2026, 10, 8), date(2026, 10, 20)) if day in AUTUMN]
    assert (inside[0], inside[-1], len(inside)) == (date(2026, 10, 10), date(2026, 10, 18), 9)


@pytest.mark.parametrize(
    ("day", "working", "mail"),
    [
        (date(2026, 10, 9), True, True),
        (date(2026, 10, 11), False, False),
        (date(2026, 10, 12), True, False),
        (date(2026, 12, 24), False, False),
    ],
)
def test_town_halls_work_in_school_holidays_but_schools_get_no_mail(day: date, working: bool, mail: bool) -> None:  # noqa: FBT001 -- expected values
    assert (CALENDAR.is_working_day(day), CALENDAR.is_mail_day(day)) == (working, mail)


def test_the_nearest_mail_day_is_the_day_itself_or_beyond_the_holiday() -> None:
    assert CALENDAR.mail_day_from(date(2026, 10, 9)) == CALENDAR.mail_day_until(date(2026, 10, 9)) == date(2026, 10, 9)
    assert CALENDAR.mail_day_from(date(2026, 10, 10)) == date(2026, 10, 19)
    assert CALENDAR.mail_day_until(date(2026, 10, 18)) == date(2026, 10, 9)


def test_mail_days_are_listed_in_order() -> None:
    assert CALENDAR.mail_days(date(2026, 10, 8), date(2026, 10, 20)) == [
        date(2026, 10, 8),
        date(2026, 10, 9),
        date(2026, 10, 19),
        date(2026, 10, 20),
    ]


def test_a_year_without_school_days_is_told_and_not_searched_for_ever() -> None:
    closed = WorkCalendar({}, (SchoolHoliday("Lukket", date(2026, 1, 1), date(2028, 12, 31)),))
    with pytest.raises(ValueError, match="ingen skoledage i et helt år omkring 2027-06-01; ret skoleferierne"):
        closed.mail_day_from(date(2027, 6, 1))


def test_the_assumed_holidays_of_2022_are_those_that_kalundborg_decided() -> None:
    assert [
        (h.name, h.first, h.last, h.assumed) for h in AssumedHolidays(christmas_last=(1, 3)).of(SchoolYear(2022))
    ] == [
        ("Efterårsferie", date(2022, 10, 15), date(2022, 10, 23), True),
        ("Juleferie", date(2022, 12, 22), date(2023, 1, 3), True),
        ("Vinterferie", date(2023, 2, 11), date(2023, 2, 19), True),
        ("Påskeferie", date(2023, 4, 1), date(2023, 4, 10), True),
        ("Kristi himmelfartsferie", date(2023, 5, 18), date(2023, 5, 21), True),
        ("Sommerferie", date(2023, 6, 24), date(2023, 8, 6), True),
    ]


@given(ANY_YEAR)
def test_assumed_holidays_follow_each_other_in_every_year(year: SchoolYear) -> None:
    holidays = AssumedHolidays().of(year)
    days = [day for holiday in holidays for day in (holiday.first, holiday.last)]
    assert days == sorted(days)
    assert holidays[0].first.isoweekday() == 6
    assert (holidays[0].last.isocalendar().week, holidays[2].last.isocalendar().week) == (42, 7)
    assert (holidays[-1].first.month, holidays[-1].first.isoweekday()) == (6, 6)
    assert (holidays[-1].first + timedelta(weeks=1)).month == 7


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2010, date(2010, 4, 4)),
        (2011, date(2011, 4, 24)),
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (1954, date(1954, 4, 18)),
    ],
)
def test_easter_falls_where_the_almanac_says(year: int, sunday: date) -> None:
    assert easter_sunday(year) == sunday


@given(ANY_DAY, st.integers(0, 500))
def test_every_day_of_a_span_comes_once_and_in_order(first: date, length: int) -> None:
    days = list(days_between(first, first + timedelta(days=length)))
    assert (days[0], days[-1], len(set(days))) == (first, first + timedelta(days=length), length + 1)


@given(ANY_DAY)
def test_the_day_after_the_last_of_a_month_is_a_first(day: date) -> None:
    last = last_of_month(day.year, day.month)
    assert (last.month, (last + timedelta(days=1)).day) == (day.month, 1)
