"""Approving and sending back: one version at a time, with a mail, a log and reminders that come again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from flows import send_mail
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.delivering.decisions import decide, undo
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, facts, log, outbox
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.tables import schema
from kvalitet.outgoing import MailState
from kvalitet.status import Decision
from tests.web import builders
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, KEY

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AFTER_DUE = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return forms.planned(store, tmp_path / "home")


@pytest.fixture
def delivered(installation: Installation) -> Installation:
    deliver(installation, KEY, Submission(ANSWERS, "Lederen"), now=builders.NOON)
    return installation


def say(
    installation: Installation, decision: Decision, comment: str = "", *, version: int = 1, now: datetime = NOW
) -> bool:
    return decide(installation, KEY, decision, version=version, comment=comment, by="Direktøren", now=now)


def state(installation: Installation) -> tuple[bool, Decision | None]:
    with installation.store.read() as connection:
        found = facts.of(connection, [KEY])[KEY]
    return found.is_handed_in, found.decision


def wake_on(installation: Installation) -> date | None:
    o = schema.occurrence
    with installation.store.read() as connection:
        found: date | None = connection.execute(select(o.c.wake_on).where(o.c.key == KEY)).scalar_one()
    return found


def templates(installation: Installation) -> list[str]:
    with installation.store.read() as connection:
        return [mail.template for mail in outbox.mails(connection, "proeveby")][::-1]


def test_what_is_approved_is_handed_in_and_told_once(delivered: Installation) -> None:
    assert say(delivered, Decision.APPROVED, "Godt set.")
    assert not say(delivered, Decision.APPROVED, "Godt set.", now=NOW + timedelta(hours=1))
    assert state(delivered) == (True, Decision.APPROVED)
    assert wake_on(delivered) is None
    assert sorted(templates(delivered)) == ["approved", "receipt"]
    with delivered.store.read() as connection:
        (event,) = log.events(connection, "proeveby", event="approved")
    assert (event.actor, event.detail, event.occurrence) == ("Direktøren", "udgave 1: Godt set.", KEY)


def test_what_is_sent_back_is_owed_again(delivered: Installation) -> None:
    assert say(delivered, Decision.SENT_BACK, " Skriv mere. ")
    assert state(delivered) == (False, Decision.SENT_BACK)
    assert wake_on(delivered) == date(2027, 1, 4)


def test_after_the_due_date_reminders_wait_a_week(delivered: Installation) -> None:
    say(delivered, Decision.SENT_BACK, "Skriv mere.", now=AFTER_DUE)
    assert wake_on(delivered) == date(2027, 1, 11)


def test_a_new_version_is_to_be_read_anew(delivered: Installation) -> None:
    say(delivered, Decision.SENT_BACK, "Skriv mere.")
    deliver(delivered, KEY, Submission(ANSWERS, "Lederen"), now=NOW + timedelta(hours=1))
    assert state(delivered) == (True, None)
    assert wake_on(delivered) is None
    with pytest.raises(UserError, match=r"Der er kommet en nyere udgave \(2\) af »Handleplan«; læs den først\."):
        say(delivered, Decision.APPROVED)


def test_taking_back_leaves_it_delivered_and_says_so(delivered: Installation) -> None:
    say(delivered, Decision.SENT_BACK, "Skriv mere.")
    assert undo(delivered, KEY, version=1, by="Direktøren", now=NOW + timedelta(minutes=1))
    assert not undo(delivered, KEY, version=1, by="Direktøren", now=NOW + timedelta(minutes=2))
    assert state(delivered) == (True, None)
    assert wake_on(delivered) is None
    with delivered.store.read() as connection:
        told = [(event.event, event.actor) for event in log.events(connection, "proeveby", occurrence=KEY)][-2:]
    assert told == [("sent_back", "Direktøren"), ("decision_undone", "Direktøren")]


def test_a_mail_about_a_decision_that_was_taken_back_is_not_sent(delivered: Installation) -> None:
    say(delivered, Decision.SENT_BACK, "Skriv mere.")
    undo(delivered, KEY, version=1, by="Direktøren", now=NOW)
    later = NOW + timedelta(minutes=1)
    say(delivered, Decision.APPROVED, now=later)
    asyncio.run(send_mail.run(delivered, now=lambda: later))
    with delivered.store.read() as connection:
        sent = {mail.template: mail.state for mail in outbox.mails(connection, "proeveby")}
    assert (sent["sent_back"], sent["approved"]) == (MailState.CANCELLED, MailState.SENT)


@pytest.mark.parametrize(
    ("decision", "comment", "sentence"),
    [
        (Decision.SENT_BACK, " ", "Skriv, hvad skolen skal rette"),
        (Decision.APPROVED, "a" * 2001, "Kommentaren er for lang; højst 2000 tegn."),
    ],
)
def test_a_comment_is_neither_missing_nor_endless(
    delivered: Installation, decision: Decision, comment: str, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        say(delivered, decision, comment)


def test_what_is_not_delivered_cannot_be_decided_on(installation: Installation) -> None:
    with pytest.raises(UserError, match="»Handleplan« er ikke afleveret endnu; der er intet at afgøre"):
        say(installation, Decision.APPROVED, version=0)


def test_what_is_waived_is_not_decided_on(delivered: Installation) -> None:
    say(delivered, Decision.SENT_BACK, "Skriv mere.")
    waive(delivered, KEY, reason="Skolen er ny.", by="Direktøren", now=NOW)
    with pytest.raises(UserError, match="Skolen er fritaget for »Handleplan«"):
        say(delivered, Decision.APPROVED)


def test_a_school_that_has_closed_since_is_not_chased(delivered: Installation) -> None:
    town = forms.town()
    schools = tuple(
        replace(school, closed=date(2026, 12, 31)) if school.number == "323001" else school for school in town.schools
    )
    say(
        replace(delivered, municipalities=(replace(town, schools=schools),)), Decision.SENT_BACK, "Mere.", now=AFTER_DUE
    )
    assert wake_on(delivered) is None
