"""A municipality edits its files in the middle of a year: nothing is chased that was not, and nothing stands still."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from flows import follow_up, plan_year
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.store import Store, bookings
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.board import danish_date
from kvalitet.days import SchoolHoliday
from tests.adapters.installed import installation
from tests.builders import AARBY, RORBY, YEAR, activity, calendar, dialogue, instant, municipality
from tests.flows.playing import mailed, turned

GOALS_OF_AARBY = "proeveby.2026-27.local_goals.323001"
LEADER_OF_AARBY = AARBY.leader.address
SUMMER = SchoolHoliday("Sommerferie", date(2027, 6, 26), date(2027, 8, 8))


def test_a_corrected_title_chases_nobody_for_the_time_before_the_wheel_was_put_to_use(
    store: Store, tmp_path: Path
) -> None:
    turned(installation(store, tmp_path, before := municipality()), before, "2026-11-02")
    after = municipality(activity(title="Skolens lokale mål"))
    turned(installation(store, tmp_path, after), after, "2026-11-03", "2026-11-20")
    assert mailed(installation(store, tmp_path, after)) == []


def test_a_later_due_date_is_reminded_of_like_any_other(store: Store, tmp_path: Path) -> None:
    before = municipality(schools=(AARBY,))
    turned(installation(store, tmp_path, before), before, "2026-08-17", "2026-10-02")
    after = municipality(activity(due="start-11-30"), schools=(AARBY,))
    made = installation(store, tmp_path, after)
    turned(made, after, "2026-10-03", "2026-12-20")
    heard = [(mail.day, mail.about[GOALS_OF_AARBY]) for mail in mailed(made) if mail.recipient == LEADER_OF_AARBY]
    assert heard == [
        ("2026-08-17", "opening"),
        ("2026-09-16", "-14"),
        ("2026-09-25", "-3"),
        ("2026-10-01", "+1"),
        ("2026-11-16", "-14"),
        ("2026-11-27", "-3"),
        ("2026-12-01", "+1"),
        ("2026-12-07", "+7"),
        ("2026-12-14", "+14"),
    ]


def test_a_ladder_that_is_written_later_is_climbed(store: Store, tmp_path: Path) -> None:
    before = municipality(activity(ladder=()), schools=(AARBY,))
    turned(installation(store, tmp_path, before), before, "2026-08-17", "2026-08-20")
    after = municipality(schools=(AARBY,))
    made = installation(store, tmp_path, after)
    turned(made, after, "2026-08-21", "2026-09-20")
    assert [mail.about[GOALS_OF_AARBY] for mail in mailed(made)] == ["opening", "-14"]


def test_what_comes_back_into_the_wheel_is_not_told_anew(store: Store, tmp_path: Path) -> None:
    whole = municipality(activity(), dialogue(), schools=(AARBY,))
    made = installation(store, tmp_path, whole)
    turned(made, whole, "2026-08-03", "2026-09-01")
    deliver(made, GOALS_OF_AARBY, Submission({"goal": "3 %"}, "Skoleleder"), now=instant("2026-09-01", "09:00"))
    told = mailed(made)
    without = municipality(activity("other", opens="end-05-01", due="end-05-30"), schools=(AARBY,))
    turned(installation(store, tmp_path, without), without, "2026-09-02")
    assert turned(made, whole, "2026-09-03", "2026-10-20") == []
    assert [mail for mail in mailed(made) if mail.template != "cancellation"] == told


def test_a_proposed_date_follows_its_window(store: Store, tmp_path: Path) -> None:
    before = municipality(dialogue(), schools=(AARBY,))
    plan_year.run(installation(store, tmp_path, before), before, now=instant("2026-06-01"), school_year=YEAR)
    after = municipality(dialogue(opens="start-10-10", due="start-11-15"), schools=(AARBY,))
    plan_year.run(installation(store, tmp_path, after), after, now=instant("2026-06-02"), school_year=YEAR)
    with store.read() as connection:
        (known,) = bookings.bookings(connection, "proeveby").values()
    assert date(2026, 10, 10) <= danish_date(known.slot.starts_at) <= date(2026, 11, 15)


def test_an_activity_that_is_taken_out_after_its_wheel_ended_stops_nobody_elses_mails(
    store: Store, tmp_path: Path
) -> None:
    goals, status = activity(), activity("status", title="Status", opens="end-05-01", due="end-06-30")
    before = municipality(goals, status, schools=(AARBY,))
    turned(installation(store, tmp_path, before), before, "2027-06-20", "2027-07-01")
    after = municipality(goals, schools=(AARBY,))
    made = installation(store, tmp_path, after)
    assert turned(made, after, "2027-07-02", "2027-08-20") == []
    assert [(mail.day, mail.about) for mail in mailed(made) if mail.day > "2027-07-01"] == [
        ("2027-08-16", {"proeveby.2027-28.local_goals.323001": "opening"})
    ]


def test_a_queued_mail_leaves_out_what_the_files_have_taken_out_since(store: Store, tmp_path: Path) -> None:
    before = municipality(activity(), activity("other"))
    made = installation(store, tmp_path, before)
    plan_year.run(made, before, now=instant("2026-08-17"), school_year=YEAR)
    follow_up.run(made, before, now=instant("2026-08-17"))
    after = municipality(activity(), schools=(AARBY,))
    made = installation(store, tmp_path, after)
    turned(made, after, "2026-08-17")
    sent = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "mailbox").glob("*.eml"))]
    opened = [text for text in sent if GOALS_OF_AARBY in text]
    assert len(opened) == 1
    assert not [text for text in sent if "2026-27.other" in text or RORBY.number in text]


def test_nobody_is_chased_about_a_school_that_has_closed(store: Store, tmp_path: Path) -> None:
    status = activity("status", opens="end-05-01", due="end-06-30")
    closing = replace(AARBY, closed=date(2027, 7, 31))
    here = municipality(status, schools=(closing, RORBY), calendar=calendar(school_holidays=[SUMMER]))
    made = installation(store, tmp_path, here)
    turned(made, here, "2027-06-20", "2027-08-30")
    late = {key for mail in mailed(made) if mail.day > "2027-08-01" for key in mail.about}
    assert late == {"proeveby.2026-27.status.323002"}
