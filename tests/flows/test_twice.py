"""Every flow may run twice, with no second effect."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from flows import (
    data_extract,
    evaluate_goals,
    follow_up,
    goal_setting,
    group_meetings,
    leadership_dialogues,
    plan_year,
    quality_report,
    read_replies,
    send_mail,
    turn_wheel,
    union_meetings,
    weekly_digest,
)
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.tables import schema
from kvalitet.adapters.store.tables.columns import metadata
from kvalitet.outgoing import MailState

A_WEDNESDAY_IN_NOVEMBER = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
A_DAY_WHEN_A_WHEEL_HAS_COME_ROUND = datetime(2027, 8, 25, 4, 0, tzinfo=UTC)
PLAIN_PARTS: dict[str, Callable[..., Any]] = {
    "plan_year": plan_year.run,
    "data_extract": data_extract.run,
    "goal_setting": goal_setting.run,
    "leadership_dialogues": leadership_dialogues.run,
    "group_meetings": group_meetings.run,
    "union_meetings": union_meetings.run,
    "follow_up": follow_up.run,
    "evaluate_goals": evaluate_goals.run,
    "weekly_digest": weekly_digest.run,
    "quality_report": quality_report.run,
    "turn_wheel": turn_wheel.run,
}
WHEN = {"quality_report": A_DAY_WHEN_A_WHEEL_HAS_COME_ROUND}


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table, but for the stamp of when a job last ran."""
    with store.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table is not schema.heartbeat
        }


def kalundborg_planned(installation: Installation) -> None:
    plan_year.run(installation, installation.municipality("kalundborg"), now=datetime(2026, 6, 1, 4, tzinfo=UTC))


@pytest.mark.parametrize("name", PLAIN_PARTS)
def test_a_second_run_changes_nothing(name: str, installation: Installation) -> None:
    kalundborg_planned(installation)
    kalundborg, now = installation.municipality("kalundborg"), WHEN.get(name, A_WEDNESDAY_IN_NOVEMBER)
    untouched = everything(installation.store)
    PLAIN_PARTS[name](installation, kalundborg, now=now)
    after_one = everything(installation.store)
    PLAIN_PARTS[name](installation, kalundborg, now=now)
    assert everything(installation.store) == after_one
    if name != "plan_year":  # done already by the planning above
        assert after_one != untouched


def test_planning_a_year_twice_leaves_one_plan(installation: Installation) -> None:
    nothing = everything(installation.store)
    kalundborg_planned(installation)
    after_one = everything(installation.store)
    kalundborg_planned(installation)
    assert everything(installation.store) == after_one != nothing


def test_sending_twice_sends_each_mail_once(installation: Installation) -> None:
    kalundborg_planned(installation)
    turn_wheel.run(installation, installation.municipality("kalundborg"), now=A_WEDNESDAY_IN_NOVEMBER)
    with installation.store.read() as connection:
        waiting = outbox.counts(connection)[MailState.QUEUED]
    asyncio.run(send_mail.run(installation, now=lambda: A_WEDNESDAY_IN_NOVEMBER))
    after_one = everything(installation.store)
    asyncio.run(send_mail.run(installation, now=lambda: A_WEDNESDAY_IN_NOVEMBER))
    assert everything(installation.store) == after_one
    sent = len(list((installation.settings.home / "mailbox").glob("*.eml")))
    assert 0 < sent <= waiting


def test_reading_replies_twice_keeps_what_the_first_one_kept(installation: Installation) -> None:
    read_replies.run(installation, now=A_WEDNESDAY_IN_NOVEMBER)
    after_one = everything(installation.store)
    read_replies.run(installation, now=A_WEDNESDAY_IN_NOVEMBER)
    assert everything(installation.store) == after_one
