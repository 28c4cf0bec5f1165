"""What the preview shows is what is sent: every day of both municipalities' year, to the byte."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from flows import turn_wheel
from kvalitet.adapters.mail_preview.rehearsing import TURNING
from kvalitet.simulation.playing import DAILY
from tests.adapters.mail_preview.year import Played, at, evening_before

KINDS = {"opening", "reminder", "overdue_notice", "escalation", "invitation", "weekly_digest"}


@pytest.mark.slow
@pytest.mark.parametrize("key", ["kalundborg", "hvidovre"])
def test_every_evening_of_the_year_shows_the_very_mails_of_the_next_morning(key: str, tmp_path: Path) -> None:
    year = Played.of(key, tmp_path / "home")
    foreseen, previous = None, None
    kinds: Counter[str] = Counter()
    silent_days = 0
    for day in year.days():
        if previous is not None:
            made = year.made(at(previous, TURNING))
            assert (previous, foreseen) == (previous, made)
            kinds.update(mail.template for mail in made)
            silent_days += not made
        foreseen, previous = year.foreseen(day, now=evening_before(day)), day
    year.installation.store.close()
    assert set(kinds) >= KINDS
    assert silent_days > 100
    assert kinds.total() > 200


@pytest.mark.slow
@pytest.mark.parametrize("key", ["kalundborg", "hvidovre"])
def test_days_that_lie_weeks_ahead_are_shown_as_they_come_when_nothing_happens_meanwhile(
    key: str, tmp_path: Path
) -> None:
    year = Played.of(key, tmp_path / "home")
    days = year.days()
    while next(days) < date(2026, 9, 7):
        pass
    now = at(date(2026, 9, 7), time(6))
    ahead = [date(2026, 9, 7) + timedelta(days=number) for number in range(24)]
    foreseen = {day: year.foreseen(day, now=now) for day in ahead}
    made = {}
    for day in ahead:
        turn_wheel.run(year.installation, year.municipality, now=at(day, TURNING), phases=DAILY)
        year.send(at(day, time(7, 5)))
        made[day] = year.made(at(day, TURNING))
    year.installation.store.close()
    assert foreseen == made
    assert sum(map(len, made.values())) > 20
