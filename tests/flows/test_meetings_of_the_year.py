"""Invitations of a year: whoever books by hand is left in peace, and two years' meetings do not collide."""

from itertools import pairwise
from pathlib import Path

import pytest

from flows import leadership_dialogues, plan_year
from kvalitet.adapters import meetings
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, bookings, plans
from kvalitet.occurrences import participants
from kvalitet.timetable import Slot
from kvalitet.wheel import Activity, Kind, Ring
from tests.adapters.installed import installation as made
from tests.builders import AARBY, YEAR, dialogue, instant, municipality
from tests.flows.playing import mailed, turned

ONE_DIALOGUE = municipality(dialogue(), schools=(AARBY,))
KEY = "proeveby.2026-27.dialogue.323001"


def planned(store: Store, home: Path) -> Installation:
    installed = made(store, home, ONE_DIALOGUE)
    plan_year.run(installed, ONE_DIALOGUE, now=instant("2026-06-01"), school_year=YEAR)
    return installed


def test_a_meeting_that_was_booked_by_hand_needs_no_flow(store: Store, tmp_path: Path) -> None:
    installed = planned(store, tmp_path)
    with store.write() as connection:
        meeting, known = plans.occurrence(connection, KEY), bookings.booking(connection, KEY)
        assert meeting
        assert known
        meetings.book(
            connection, installed.renderer, ONE_DIALOGUE, meeting, known.slot, place="", now=instant("2026-06-02")
        )
    told = mailed(installed)
    assert not leadership_dialogues.run(installed, ONE_DIALOGUE, now=instant("2026-08-10"))
    assert mailed(installed) == told


def test_a_meeting_that_was_cancelled_is_not_invited_to(store: Store, tmp_path: Path) -> None:
    installed = planned(store, tmp_path)
    with store.write() as connection:
        meeting = plans.occurrence(connection, KEY)
        assert meeting
        meetings.cancel(connection, installed.renderer, ONE_DIALOGUE, meeting, now=instant("2026-06-02"))
    assert not leadership_dialogues.run(installed, ONE_DIALOGUE, now=instant("2026-08-10"))
    assert mailed(installed) == []


@pytest.mark.parametrize("odd", [dialogue(kind=Kind.MEETING), dialogue(ring=Ring.SCHOOL_GROUPS)], ids=lambda o: o.ring)
def test_either_kind_of_meeting_is_invited_to_whatever_ring_it_lies_in(
    odd: Activity, store: Store, tmp_path: Path
) -> None:
    here = municipality(odd, schools=(AARBY,))
    installed = made(store, tmp_path, here)
    turned(installed, here, "2026-08-01", "2026-08-10")
    assert [mail.template for mail in mailed(installed)] == ["invitation"] * 2


def test_nobody_is_in_two_places_at_once_where_the_wheels_of_two_years_overlap(installation: Installation) -> None:
    kalundborg = installation.municipality("kalundborg")
    for start in range(2024, 2028):
        spring = instant(f"{start}-04-01")
        plan_year.run(installation, kalundborg, now=spring, school_year=YEAR.plus(start - YEAR.start))
    diary: dict[str, list[Slot]] = {}
    with installation.store.read() as connection:
        known = bookings.bookings(connection, "kalundborg")
        for meeting in plans.occurrences(connection, "kalundborg"):
            if meeting.key in known:
                activity = kalundborg.wheel.activity(meeting.activity)
                for person in participants(kalundborg, activity, meeting):
                    diary.setdefault(person.address, []).append(known[meeting.key].slot)
    assert not [person for person, slots in diary.items() if any(a.overlaps(b) for a, b in pairwise(sorted(slots)))]
