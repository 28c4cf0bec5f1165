from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kvalitet import invites
from kvalitet.invites import Method, Revision

NOW = datetime(2026, 8, 24, 6, 0, tzinfo=UTC)
FIRST = Revision("k.2026-27.dialogue.323001@kalundborg.example", 0, NOW)
CHANGES = [invites.moved, invites.reworded, invites.cancelled]


def test_a_meeting_has_one_name_in_all_calendars() -> None:
    assert invites.uid_of("k.2026-27.dialogue.323001", "kalundborg.example") == FIRST.uid


def test_a_meeting_that_is_booked_again_has_another_name() -> None:
    uid = invites.uid_of("k.2026-27.dialogue.323001", "kalundborg.example", life=2)
    assert uid == "k.2026-27.dialogue.323001~2@kalundborg.example"


def test_a_second_life_begins_after_the_first_one_whatever_the_clock_does() -> None:
    assert invites.first("uid", now=NOW - timedelta(hours=1), after=NOW) == Revision(
        "uid", 0, NOW + timedelta(seconds=1)
    )


def test_the_first_revision_has_sequence_zero_and_whole_seconds() -> None:
    assert invites.first(FIRST.uid, now=NOW.replace(microsecond=999_999)) == FIRST


def test_moving_counts_up_and_asks_again() -> None:
    assert invites.moved(FIRST, now=NOW + timedelta(hours=1)) == Revision(FIRST.uid, 1, NOW + timedelta(hours=1))


def test_new_words_keep_the_sequence_with_a_newer_stamp() -> None:
    assert invites.reworded(FIRST, now=NOW + timedelta(hours=1)) == Revision(FIRST.uid, 0, NOW + timedelta(hours=1))


def test_cancelling_counts_up_and_takes_back() -> None:
    assert invites.cancelled(FIRST, now=NOW) == Revision(FIRST.uid, 1, NOW + timedelta(seconds=1), Method.CANCEL)


def test_a_revision_has_a_name_of_its_own() -> None:
    assert FIRST.step == "request:0:20260824T060000Z"
    assert invites.cancelled(FIRST, now=NOW).step == "cancel:1:20260824T060001Z"


@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(-3600, 3600)), min_size=1))
def test_later_revisions_win_in_every_calendar_whatever_the_clock_does(changes: list) -> None:  # type: ignore[type-arg]
    last = FIRST
    for change, seconds in changes:
        following = change(last, now=NOW + timedelta(seconds=seconds))
        assert (following.sequence, following.stamped_at) > (last.sequence, last.stamped_at)
        assert following.stamped_at > last.stamped_at
        assert following.uid == FIRST.uid
        last = following
