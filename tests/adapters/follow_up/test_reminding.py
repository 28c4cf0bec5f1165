"""Reminding now: exactly those who miss something, once for each question, and logged with who asked."""

from datetime import date
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing, reminding
from kvalitet.adapters.follow_up.reminding import Asked
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, address_marks, log
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.wheel import Role
from tests.adapters.installed import installation as made
from tests.builders import AAGAARD, AARBY, RORBY, YEAR, activity, dialogue, instant, municipality
from tests.flows.playing import mailed, turned

GOALS = activity()
PLAN = activity("action_plan", title="Handleplan", opens="start-10-01", due="start-10-30")
AFTER = activity("statement", title="Udtalelse", after=("local_goals",), owner=Role.CONSULTANT)
NOBODYS = activity("nobodys", title="Uden ejer", owner=Role.SCHOOL_BOARD)
PROEVEBY = municipality(GOALS, PLAN, AFTER, NOBODYS, dialogue())
KEYS = [f"proeveby.2026-27.local_goals.{number}" for number in (323001, 323002, 323003)]
NOW = instant("2026-09-10", "12:00")


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    turned(made_here, PROEVEBY, "2026-08-17")
    return made_here


def asked(installation: Installation, *keys: str, now: object = NOW) -> Asked:
    return reminding.look(installation, PROEVEBY, keys, token="t", now=now)  # type: ignore[arg-type]


def remind(installation: Installation, *keys: str, mark: str = "t", again: bool = False) -> list[str]:
    sent = reminding.remind(installation, PROEVEBY, keys, token=mark, by="Fagcenter", now=NOW, again=again)
    return [message.to.address for message in sent]


def asked_mails(installation: Installation) -> list[tuple[str, str, dict[str, str]]]:
    return [(m.recipient, m.template, m.about) for m in mailed(installation) if "now" in m.about.values()]


def test_only_those_who_miss_something_are_reminded_and_the_others_are_left_out_with_the_reason(
    installation: Installation,
) -> None:
    deliver(installation, KEYS[0], Submission({"goal": "Flere i skole"}, "Lederen"), now=instant("2026-09-01", "10:00"))
    pausing.pause(
        installation,
        PROEVEBY,
        RORBY.number,
        first_day=date(2026, 9, 9),
        last_day=None,
        reason="Brand",
        by="Fagcenter",
        now=instant("2026-09-09"),
    )
    found = asked(installation, *KEYS)
    assert [nudge.message.to.address for nudge in found.nudges] == [AAGAARD.leader.address]
    assert [(one.unit, one.reason) for one in found.left_out] == [
        ("Rørby Skole", "er på pause (Brand)"),
        ("Aarby Skole", "er afleveret"),
    ]
    assert remind(installation, *KEYS) == [AAGAARD.leader.address]
    assert asked_mails(installation) == [(AAGAARD.leader.address, "reminder", {KEYS[2]: "now"})]


def test_what_is_waived_not_open_waiting_or_without_an_owner_is_left_out(installation: Installation) -> None:
    waive(installation, KEYS[0], reason="Aftalt", by="Fagcenter", now=NOW)
    keys = [f"proeveby.2026-27.{key}.323002" for key in ("action_plan", "statement", "nobodys")]
    reasons = [one.reason for one in asked(installation, KEYS[0], *keys).left_out]
    assert reasons == [
        "åbner først 1. oktober 2026",
        "venter på »Skolens egne mål«",
        "har ingen at skrive til",
        "er fritaget",
    ]


def test_what_is_overdue_is_asked_for_as_such(installation: Installation) -> None:
    (nudge,) = asked(installation, KEYS[0], now=instant("2026-10-05")).nudges
    assert nudge.message.template == "overdue_notice"


def test_a_question_that_is_asked_twice_is_answered_once(installation: Installation) -> None:
    assert remind(installation, *KEYS, again=True) == [school.leader.address for school in (AARBY, RORBY, AAGAARD)]
    assert remind(installation, *KEYS, again=True) == []
    assert len(asked_mails(installation)) == 3


def test_who_has_had_mail_today_is_said_to_and_is_written_to_only_when_asked_again(installation: Installation) -> None:
    remind(installation, KEYS[0], mark="first")
    assert [nudge.has_heard for nudge in asked(installation, *KEYS[:2]).nudges] == [True, False]
    assert remind(installation, *KEYS[:2], mark="second") == [RORBY.leader.address]
    assert remind(installation, *KEYS[:2], mark="third", again=True) == [AARBY.leader.address, RORBY.leader.address]


def test_the_ladder_lets_a_day_pass_when_a_person_was_asked_for_something_that_day(installation: Installation) -> None:
    reminding.remind(installation, PROEVEBY, KEYS[:1], token="t", by="F", now=instant("2026-09-16", "04:00"))
    turned(installation, PROEVEBY, "2026-09-16", "2026-09-17")
    mine = [(m.day, m.about[KEYS[0]]) for m in mailed(installation) if KEYS[0] in m.about]
    assert mine == [("2026-08-17", "opening"), ("2026-09-16", "now"), ("2026-09-17", "-14")]


def test_the_log_says_who_asked(installation: Installation) -> None:
    remind(installation, KEYS[0])
    with installation.store.read() as connection:
        (event,) = log.events(connection, event="reminded")
    assert (event.occurrence, event.recipient, event.actor) == (
        KEYS[0],
        AARBY.leader.address,
        "Fagcenter",
    )


def test_all_of_an_activity_are_found_by_its_key(installation: Installation) -> None:
    assert reminding.of_activity(installation, PROEVEBY, "local_goals", YEAR) == KEYS


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("x.2026-27.y", "»x.2026-27.y« findes ikke i planen; se nøglerne med »kvalitet occurrences«."),
        ("proeveby.2026-27.dialogue.323001", "»Ledelseslæringssamtale« er ikke noget, som skoler afleverer."),
    ],
)
def test_what_nobody_delivers_is_refused(installation: Installation, key: str, problem: str) -> None:
    with pytest.raises(UserError) as refused:
        asked(installation, key)
    assert refused.value.message == problem


def test_what_the_files_no_longer_know_is_refused(installation: Installation) -> None:
    without = municipality(PLAN, dialogue())
    with pytest.raises(UserError) as refused:
        reminding.look(installation, without, KEYS[:1], token="t", now=NOW)
    assert refused.value.message == "»Skolens egne mål« er udgået af planen; der skal ikke afleveres noget."


def test_an_address_that_gives_mails_back_is_left_out_rather_than_promised_a_mail(installation: Installation) -> None:
    with installation.store.write() as connection:
        address_marks.mark(connection, "proeveby", AARBY.leader.address, reason="Findes ikke.", now=NOW)
    found = asked(installation, *KEYS[:2])
    assert [nudge.message.to.address for nudge in found.nudges] == [RORBY.leader.address]
    assert [(one.unit, one.reason) for one in found.left_out] == [
        ("Aarby Skole", f"har en modtager, som mails kommer tilbage fra ({AARBY.leader.address})")
    ]


def test_those_who_get_no_mail_are_told_in_the_order_of_the_alphabet(installation: Installation) -> None:
    keys = [f"proeveby.2026-27.action_plan.{school.number}" for school in (AARBY, RORBY, AAGAARD)]
    assert [one.unit for one in asked(installation, *keys).left_out] == ["Rørby Skole", "Ågård Skole", "Aarby Skole"]
