"""Of mails that lie in the outbox the preview tells what the sending will do with them."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from flows import plan_year, send_mail, turn_wheel
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail_preview import Preview, preview
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, address_marks, outbox
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.outgoing import MailState
from tests.adapters.installed import installation as made
from tests.builders import AARBY, RORBY, YEAR, activity, instant, municipality

PROEVEBY = municipality(activity(), schools=(AARBY, RORBY))
KEY = "proeveby.2026-27.local_goals.323001"
DAY = "2026-08-17"


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    turn_wheel.run(made_here, PROEVEBY, now=instant(DAY, "05:00"))
    return made_here


def shown(installation: Installation) -> Preview:
    return preview(installation, PROEVEBY, date.fromisoformat(DAY), now=instant(DAY, "12:00"))


def openings(installation: Installation) -> dict[str, str]:
    return {line.recipient: line.reason for line in shown(installation).mails if line.template == "opening"}


def test_what_has_been_delivered_and_whose_address_is_marked_is_told_as_the_sending_does_it(
    installation: Installation,
) -> None:
    assert openings(installation) == dict.fromkeys((AARBY.leader.address, RORBY.leader.address), "ligger i udbakken")
    deliver(installation, KEY, Submission({"goal": "x"}, "Lederen"), now=instant(DAY, "10:00"))
    with installation.store.write() as connection:
        address_marks.mark(
            connection, PROEVEBY.key, RORBY.leader.address, reason="Findes ikke.", now=instant(DAY, "10:00")
        )
    assert openings(installation) == {
        AARBY.leader.address: (
            "bliver ikke sendt: Alt, som mailen handler om, er afleveret, fritaget eller ikke længere aktuelt."
        ),
        RORBY.leader.address: "holdes tilbage: Findes ikke.",
    }
    asyncio.run(send_mail.run(installation, now=lambda: instant(DAY, "12:00")))
    with installation.store.read() as connection:
        states = {mail.recipient: mail.state for mail in outbox.mails(connection) if mail.template == "opening"}
    assert states == {AARBY.leader.address: MailState.CANCELLED, RORBY.leader.address: MailState.HELD}


def test_more_mails_than_go_out_unasked_are_told_of(installation: Installation) -> None:
    number = len(shown(installation).mails)
    assert shown(installation).notes == ()
    settings = Settings(home=installation.settings.home, mail_surge=number - 1)
    guarded = Installation(settings, installation.store, installation.municipalities)
    told = f"Der er {number} nye mails, og der sendes højst {number - 1} uden at spørge; "
    assert shown(guarded).notes == (told + "de venter på, at nogen frigiver dem.",)
