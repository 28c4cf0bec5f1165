"""What reminders say of files: that they may be sent as an answer, and that one waits for its sender's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kvalitet.adapters.follow_up.following import due_messages, follow_up
from kvalitet.adapters.follow_up.reminding import remind
from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.outbox import Mail
from tests.adapters.offers.asked import LEADER, NOW, TOWN, Asked, asked, key, text_of
from tests.adapters.offers.mails import File
from tests.builders import instant

WAITS = "Vi har fået din fil og mangler kun, at du bekræfter den: brug linket i den mail, vi svarede med."
ANSWER = "Eller svar på mailen med filen vedhæftet."
DAY = instant("2026-10-28", "08:00")


def told(mail: Mail) -> str:
    return " ".join(text_of(mail).split())


def newest(leader: Asked) -> Mail:
    """Give the newest mail to the leader about what they owe, whatever its kind."""
    with leader.installation.store.read() as connection:
        mails = outbox.mails(connection, "proeveby")
    return max((mail for mail in mails if mail.recipient == LEADER and ":tasks:" in f":{mail.key}"), key=_number)


def _number(mail: Mail) -> int:
    return mail.id


def remind_now(leader: Asked) -> None:
    remind(leader.installation, TOWN, [key("action_plan")], by="Forvaltningen", token="1", now=DAY)


def by_the_ladder(leader: Asked) -> None:
    follow_up(leader.installation, TOWN, now=DAY)


@pytest.mark.parametrize("way", [by_the_ladder, remind_now])
def test_a_reminder_says_that_the_file_is_here_and_waits(
    store: Store, tmp_path: Path, way: Callable[[Asked], None]
) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File(), now=instant("2026-10-20", "12:00"))
    way(leader)
    assert (WAITS in told(newest(leader)), newest(leader).id == leader.mail.id) == (True, False)


@pytest.mark.parametrize("way", [by_the_ladder, remind_now])
def test_a_reminder_says_nothing_of_a_file_that_never_came_or_came_too_long_ago(
    store: Store, tmp_path: Path, way: Callable[[Asked], None]
) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File(), now=NOW)
    way(leader)
    assert (WAITS in told(newest(leader)), newest(leader).id == leader.mail.id) == (False, False)


def test_the_preview_says_the_same(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File(), now=instant("2026-10-20", "12:00"))
    with store.read() as connection:
        messages = due_messages(connection, TOWN, today=DAY.date())
    waiting = {item.occurrence.key for one in messages for item in one.values["own"] if item.awaits_word}  # type: ignore[attr-defined]
    assert waiting == {key("action_plan")}


def test_answering_is_offered_where_answers_are_read_and_the_form_takes_a_file(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert ANSWER not in told(leader.mail)
    reads = leader.installation.settings.model_copy(update={"imap_host": "imap.example"})
    leader.installation = replace(leader.installation, settings=reads)
    remind_now(leader)
    assert ANSWER in told(newest(leader))
    remind(leader.installation, TOWN, [key("survey")], by="Forvaltningen", token="2", now=DAY + timedelta(days=1))
    assert "Skema" in told(newest(leader))
    assert ANSWER not in told(newest(leader))
