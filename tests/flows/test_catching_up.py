"""After three weeks of silence nobody hears three things at once: the newest step, one digest, one invitation."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, bookings
from tests.adapters.installed import installation as made
from tests.builders import AAGAARD, AARBY, OFFICE, RORBY, YEAR, activity, dialogue, instant, municipality
from tests.flows.playing import Mailed, mailed, turned

GOALS = activity(opens="start-08-15", due="start-09-30")
PLAN = activity("action_plan", title="Handleplan", opens="start-09-21", due="start-10-02")
PROEVEBY = municipality(GOALS, PLAN, dialogue(opens="start-10-20", due="start-11-30"))
SCHOOLS = (AARBY, RORBY, AAGAARD)
DOWN_FROM, BACK_ON = "2026-09-18", "2026-10-09"
TASKS = ("opening", "reminder", "overdue_notice", "escalation")


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    turned(made_here, PROEVEBY, "2026-08-17", DOWN_FROM)
    return made_here


def mails_after(installation: Installation, *templates: str) -> list[Mailed]:
    return [mail for mail in mailed(installation, *templates) if mail.day > DOWN_FROM]


def test_each_person_hears_once_of_the_newest_step_of_everything(installation: Installation) -> None:
    turned(installation, PROEVEBY, BACK_ON)
    tasks = mails_after(installation, *TASKS)
    goals, plan = ("proeveby.2026-27.local_goals.323001", "proeveby.2026-27.action_plan.323001")
    to_aarby = [mail for mail in tasks if mail.recipient == AARBY.leader.address]
    assert [(mail.day, mail.template, mail.about) for mail in to_aarby] == [
        (BACK_ON, "overdue_notice", {goals: "+7", plan: "+7"})
    ]
    assert set(Counter(mail.recipient for mail in tasks).values()) == {1}
    assert {mail.recipient for mail in tasks} == {
        *(school.leader.address for school in SCHOOLS),
        "konsulent@proeveby.example",
    }


def test_the_weeks_that_were_missed_bring_one_digest(installation: Installation) -> None:
    turned(installation, PROEVEBY, BACK_ON)
    assert [(mail.day, mail.recipient) for mail in mails_after(installation, "weekly_digest")] == [
        (BACK_ON, OFFICE.address)
    ]
    turned(installation, PROEVEBY, "2026-10-12", "2026-10-16")
    assert [mail.day for mail in mails_after(installation, "weekly_digest")] == [BACK_ON, "2026-10-12"]


def test_invitations_that_were_missed_go_out_once_and_leave_people_a_week(installation: Installation) -> None:
    turned(installation, PROEVEBY, BACK_ON, "2026-10-12")
    invited = Counter((mail.recipient, *mail.about) for mail in mails_after(installation, "invitation"))
    keys = [f"proeveby.2026-27.dialogue.{school.number}" for school in SCHOOLS]
    assert invited == Counter(
        {
            **{("direktoer@proeveby.example", key): 1 for key in keys},
            **{(school.leader.address, key): 1 for school, key in zip(SCHOOLS, keys, strict=True)},
        }
    )
    with installation.store.read() as connection:
        starts = [booking.slot.starts_at.date() for booking in bookings.bookings(connection, "proeveby").values()]
    assert min(starts) >= date(2026, 10, 16)


def test_the_days_after_are_quiet(installation: Installation) -> None:
    turned(installation, PROEVEBY, BACK_ON)
    before = mails_after(installation, *TASKS)
    turned(installation, PROEVEBY, "2026-10-10", "2026-10-13")
    assert mails_after(installation, *TASKS) == before
