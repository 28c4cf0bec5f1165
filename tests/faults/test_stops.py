"""Rows 7, 12 and 14: the product's own command told to stop, clocks that jump, and weeks without sending."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import send_mail, turn_wheel
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, outbox
from kvalitet.adapters.store.outbox import Mail
from kvalitet.outgoing import HeldFor, MailState
from tests.adapters.mail.servers import Conversation, closed_port, mail_server
from tests.faults.nursery import ROOT
from tests.faults.outgoing import a_mail, mails, put, states
from tests.flows.playing import mailed, turned

FILES = ROOT / "deployments"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """Give the embedded database; what PostgreSQL does differently is tried by killing workers."""
    opened = Store.open(sqlite_url, throw_away=True)
    yield opened
    opened.close()


@pytest.fixture
def installation(store: Store, sqlite_url: str, tmp_path: Path) -> Installation:
    """Give Kalundborg, as an installation has it."""
    shutil.copytree(FILES / "kalundborg", tmp_path / "municipalities" / "kalundborg")
    settings = Settings(home=tmp_path, database_url=sqlite_url)
    return Installation(settings, store, Installation.open(settings).municipalities)


def at(day: str, hour: int = 6) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=UTC)


def turn(installation: Installation, now: datetime) -> None:
    (municipality,) = installation.municipalities
    turn_wheel.run(installation, municipality, now=now)


def send(installation: Installation, now: datetime) -> str:
    return asyncio.run(send_mail.run(installation, now=lambda: now)).summary


def with_server(installation: Installation, port: int, **more: object) -> Installation:
    """Give the same installation with a mail server."""
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_rate": 0, **more}
    settings = Settings.model_validate(installation.settings.model_dump() | given)
    return Installation(settings, installation.store, installation.municipalities)


def tasks(found: list[Mail]) -> list[Mail]:
    return [mail for mail in found if mail.template in {"opening", "reminder", "overdue_notice", "escalation"}]


def test_row_7_the_command_that_sends_ends_with_the_mail_in_flight_when_it_is_told_to_stop(
    store: Store, sqlite_url: str, tmp_path: Path
) -> None:
    put(store, 3, now=datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    started: list[subprocess.Popen[str]] = []

    def stop(conversation: Conversation) -> None:
        started[0].send_signal(signal.SIGTERM)
        conversation.accepted.append(conversation.content)
        conversation.say("250 Queued")

    with mail_server(dot=[stop]) as server:
        settings = {
            "KVALITET_HOME": str(tmp_path / "home"),
            "KVALITET_DATABASE_URL": sqlite_url,
            "KVALITET_MUNICIPALITIES": str(FILES),
            "KVALITET_SMTP_HOST": "127.0.0.1",
            "KVALITET_SMTP_PORT": str(server.port),
            "KVALITET_SMTP_SECURITY": "none",
        }
        command = [sys.executable, "-c", "from kvalitet.cli import main; main()", "mail", "send"]
        started.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, text=True))
        assert started[0].wait(60) == -signal.SIGTERM
        assert len(server.accepted) == 1
    assert states(store) == {"sent": 1, "queued": 2}


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(hours=-1), timedelta(minutes=-10)], ids=str)
def test_row_12_a_clock_that_jumps_and_comes_back_sends_nobody_a_second_mail_that_day_and_leaves_nothing_behind(
    installation: Installation, jump: timedelta
) -> None:
    before = at("2026-09-14")
    turn(installation, before)
    send(installation, before)
    ordinary = {mail.id for mail in mails(installation.store)}
    turn(installation, before + jump)
    send(installation, before + jump)
    jumped = [mail for mail in mails(installation.store) if mail.id not in ordinary]
    assert max(Counter(mail.recipient for mail in tasks(jumped)).values(), default=0) <= 1
    assert jump > timedelta(0) or not jumped
    for minutes in range(0, 60, 15):
        send(installation, before + timedelta(hours=1, minutes=minutes))
    waiting = [mail for mail in mails(installation.store) if mail.state in {MailState.QUEUED, MailState.IN_FLIGHT}]
    assert waiting == []


def test_row_12_a_turn_by_a_clock_that_was_a_year_ahead_silences_nobody(installation: Installation) -> None:
    (municipality,) = installation.municipalities
    turn(installation, at("2026-09-14"))
    turn(installation, at("2026-09-14") + timedelta(days=365))
    turned(installation, municipality, "2026-09-15", "2026-10-14")
    plan = "kalundborg.2026-27.action_plan.323003"
    told = [(mail.day, mail.about[plan]) for mail in mailed(installation) if plan in mail.about and mail.day < "2027"]
    assert list(dict.fromkeys(told)) == [
        ("2026-09-14", "opening"),
        ("2026-09-16", "-14"),
        ("2026-09-25", "-3"),
        ("2026-10-01", "+1"),
        ("2026-10-07", "+7"),
    ]


def test_row_12_more_mails_at_once_than_a_day_has_wait_for_a_person(installation: Installation) -> None:
    guarded = with_server(installation, closed_port(), mail_surge=10)
    put(installation.store, 11, now=at("2026-09-14"))
    assert send(guarded, at("2026-09-14")) == "11 holdt tilbage"
    assert {mail.held_for for mail in mails(installation.store)} == {HeldFor.SURGE}


def test_row_12_leases_and_pauses_of_a_clock_that_was_a_year_ahead_are_over_at_once(
    installation: Installation,
) -> None:
    now, ahead = at("2026-09-14"), at("2027-09-14")
    put(installation.store, 2, now=now)
    with mail_server(RCPT=["450 Senere"]) as server:
        sending = with_server(installation, server.port)
        assert send(sending, ahead) == "1 sendt, 1 venter"
        assert send(sending, now) == "1 sendt"
        assert len(server.accepted) == 2


def test_row_14_after_three_weeks_of_standstill_each_person_gets_one_mail(installation: Installation) -> None:
    (municipality,) = installation.municipalities
    turned(installation, municipality, "2026-08-10", "2026-08-28")
    before = {mail.id for mail in mails(installation.store)}
    turn(installation, at("2026-09-18"))
    send(installation, at("2026-09-18", 7))
    caught_up = [mail for mail in mails(installation.store) if mail.id not in before]
    sent = Counter(mail.recipient for mail in tasks(caught_up) if mail.state is MailState.SENT)
    assert len(sent) >= len(municipality.schools)
    assert set(sent.values()) == {1}


def test_row_14_after_three_weeks_without_a_mail_server_each_person_gets_the_newest_mail_alone(
    installation: Installation,
) -> None:
    (municipality,) = installation.municipalities
    turned(installation, municipality, "2026-08-10", "2026-08-24")
    before = {mail.id for mail in mails(installation.store)}
    down = with_server(installation, closed_port())
    days = [at("2026-08-25") + timedelta(days=day) for day in range(21)]
    for day in days:
        turn(down, day)
        send(down, day + timedelta(hours=1))
    waiting = [mail for mail in mails(installation.store) if mail.id not in before]
    assert max(Counter(mail.recipient for mail in tasks(waiting)).values()) > 1
    with mail_server() as server:
        send(with_server(installation, server.port), days[-1] + timedelta(hours=2))
    after = [mail for mail in mails(installation.store) if mail.id not in before]
    sent = Counter(mail.recipient for mail in tasks(after) if mail.state is MailState.SENT)
    assert set(sent.values()) == {1}
    left = [mail for mail in after if mail.state is not MailState.SENT]
    assert {mail.state for mail in left} == {MailState.CANCELLED}
    assert all(mail.reason for mail in left)
    # What only an older mail said comes with the mail of the next day.
    turned(installation, municipality, "2026-09-15")
    with installation.store.read() as connection:
        about = {mail.id: set(outbox.about(connection, mail.id)) for mail in outbox.mails(connection)}
    told: dict[str, set[str]] = defaultdict(set)
    for mail in mails(installation.store):
        if mail.state is MailState.SENT and mail.id not in before:
            told[mail.recipient] |= about[mail.id]
    untold = {mail.id: about[mail.id] - told[mail.recipient] for mail in tasks(left)}
    assert {number: keys for number, keys in untold.items() if keys} == {}


def test_row_14_what_is_over_is_cancelled_with_the_reason(installation: Installation) -> None:
    put(installation.store, 1, now=at("2026-09-01"))
    with installation.store.write() as connection:
        outbox.enqueue(connection, replace(a_mail(7), expires_at=at("2026-09-05")), now=at("2026-09-01"))
    assert send(installation, at("2026-09-22")) == "1 sendt, 1 annulleret"
    (cancelled,) = (mail for mail in mails(installation.store) if mail.state is MailState.CANCELLED)
    assert cancelled.reason == "For sent: det, mailen handler om, er forbi."
