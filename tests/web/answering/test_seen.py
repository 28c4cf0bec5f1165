"""Uses of sessions: known at once, written together, and never counted longer than they last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kvalitet.adapters.access import visitors
from kvalitet.adapters.access.seen import Seen
from kvalitet.adapters.installation import Installation
from tests.web.builders import NOON
from tests.web.conftest import logged_in

LEADERS = [f"s{number}@skole.example" for number in range(1, 6)]


def is_in(installation: Installation, token: str, now: datetime) -> bool:
    """Let a browser ask for a page, and tell whether it was let in."""
    return visitors.visitor(installation, token, now=now) is not None


def marks_of(installation: Installation, tokens: list[str], *, minutes: int) -> set[str | None]:
    """Let everybody look each half minute, and give the marks that the database had."""
    marks = set()
    for half in range(2 * minutes):
        for place, token in enumerate(tokens):
            assert is_in(installation, token, NOON + timedelta(seconds=30 * half + place))
            marks.add(installation.store.marker.mark())
    return marks


def test_that_people_are_there_is_written_once_a_minute_for_all_of_them(installation: Installation) -> None:
    tokens = [logged_in(installation, address) for address in LEADERS]
    assert len(marks_of(installation, tokens, minutes=10)) == 10  # the mark that it begins with, and nine more


def test_what_is_not_written_yet_counts_and_so_does_what_was_written(installation: Installation) -> None:
    first, second = (logged_in(installation, address) for address in LEADERS[:2])
    assert is_in(installation, first, NOON + timedelta(minutes=50))
    # Within the minute, and after a long pause: written at once, as the other one was.
    assert is_in(installation, second, NOON + timedelta(minutes=50, seconds=30))
    # Within the minute, and seen lately: only noted.
    assert is_in(installation, first, NOON + timedelta(minutes=51, seconds=20))
    late = NOON + timedelta(minutes=111)
    assert is_in(installation, first, late)
    assert not is_in(installation, second, late)


def test_after_a_restart_a_session_runs_out_a_little_early_and_never_late(installation: Installation) -> None:
    token = logged_in(installation, LEADERS[0])
    for seconds in (60, 125, 150, 180):
        assert is_in(installation, token, NOON + timedelta(seconds=seconds))
    restarted = replace(installation, seen=Seen())
    last = NOON + timedelta(seconds=185)
    assert not is_in(restarted, token, last + timedelta(hours=1))
    assert is_in(restarted, token, last + timedelta(minutes=55))


def test_a_session_that_is_ended_stays_ended_however_lately_it_was_used(installation: Installation) -> None:
    token = logged_in(installation, LEADERS[0])
    assert is_in(installation, token, NOON + timedelta(minutes=2))
    with installation.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE session SET ended_at = '{NOON:%Y-%m-%d %H:%M:%S}'")
    assert not is_in(installation, token, NOON + timedelta(minutes=3))
