"""Other programs read our one constant time zone as we mean it, summer and winter, for twenty years."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kvalitet.adapters.mail.calendar_part import calendar_part
from kvalitet.timetable import Slot, local_slot
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, KALUNDBORG
from tests.calendar_checkers.checking import Said
from tests.calendar_checkers.radicale_server import Radicale

YEARS = range(2026, 2046)


def written(slot: Slot) -> bytes:
    return calendar_part(samples.invite(slot=slot), KALUNDBORG.sender, AARBY.leader)


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def slots() -> list[Slot]:
    """List meetings through the years: each month, and each hour around the nights when the clocks change."""
    months = [local_slot(date(year, month, 15), time(9, 0), 60) for year in YEARS for month in range(1, 13)]
    nights = [
        datetime.combine(last_sunday(year, month), time(1), tzinfo=UTC) + timedelta(hours=hours)
        for year in YEARS
        for month in (3, 10)
        for hours in (-26, -2, -1, 1, 2, 22)  # in October the hour before is the first of two alike
    ]
    alike = {night for night in nights if night.month == 10 and night.hour == 0}
    return months + [Slot(night, night + timedelta(hours=1)) for night in nights if night not in alike]


# KDE reads the zone's name and asks Qt's own table, which errs for two hours in the spring of 2038.
@pytest.mark.parametrize(("checker", "last_year"), [("libical", 2045), ("icaljs", 2045), ("kcalendarcore", 2037)])
def test_every_program_computes_the_instant_that_was_meant(
    checker: str, last_year: int, request: pytest.FixtureRequest
) -> None:
    judge: Callable[..., list[Said]] = request.getfixturevalue(checker)
    meant = [slot for slot in slots() if slot.starts_at.year <= last_year]
    assert len(meant) == (last_year - 2025) * (12 + 11)
    read = [said.starts for said in judge(*map(written, meant))]
    wrong = [slot for slot, starts in zip(meant, read, strict=True) if starts != slot.starts_at.timestamp()]
    assert wrong == []


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 29), date(2027, 10, 30), date(2045, 11, 1)])
def test_a_calendar_server_finds_the_meeting_when_it_is_held(radicale: Radicale, day: date) -> None:
    slot = local_slot(day, time(9, 0), 60)
    minute = timedelta(minutes=1)
    calendar = written(slot)
    found = [radicale.finds(calendar, at) for at in (slot.starts_at - minute, slot.starts_at, slot.ends_at - minute)]
    assert found == [False, True, True]
    assert not radicale.finds(calendar, slot.ends_at)


def test_a_wrong_zone_gives_a_wrong_instant(
    icaljs: Callable[..., list[Said]], libical: Callable[..., list[Said]], radicale: Radicale
) -> None:
    """Each of these reads the zone that stands in the file, so a fault in ours would have been seen above."""
    slot = local_slot(date(2030, 7, 1), time(9, 0), 60)
    wrong = written(slot).replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0100").replace(b"Europe/Copenhagen", b"Our/Own")
    later = slot.starts_at + timedelta(hours=1)
    assert [judge(wrong)[0].starts for judge in (icaljs, libical)] == [later.timestamp()] * 2
    assert not radicale.finds(wrong, slot.starts_at)
