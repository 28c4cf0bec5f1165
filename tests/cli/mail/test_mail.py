"""Mails from the command line: what goes out tomorrow, what lies in the outbox, and sending without Prefect."""

from datetime import datetime
from typing import Any

import pytest

from flows import turn_wheel
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from tests.cli.command_line import FILES, NOW, CommandLine

NO_SURGE = "Kalundborg Kommune har ingen mails, der holdes tilbage, fordi der kom mange på én gang."
DIALOGUE = "kalundborg.2026-27.leadership_dialogue.323003"


def turn_the_wheel(line: CommandLine) -> None:
    """Do what the day asks for, as Prefect would."""
    settings = Settings(home=line.home, municipalities=FILES, database_url=line.database_url)
    installation = Installation.open(settings)
    turn_wheel.run(installation, installation.municipality("kalundborg"), now=datetime.fromisoformat(NOW))
    installation.store.close()


def leader_of_rynkevangskolen(line: CommandLine, date: str) -> Any:
    found = line("mail", "preview", "-m", "kalundborg", "--date", date, "--json").json
    return next(one for one in found if one["recipient_name"] == "Skolelederen på Rynkevangskolen")


def test_nobody_gets_mail_on_a_closed_day_and_the_reason_is_told(kvalitet: CommandLine) -> None:
    found = kvalitet.planned()("mail", "preview", "-m", "kalundborg", "--date", "2026-10-12", "--json").json
    assert {line["template"] for line in found} == {None}
    assert {line["reason"] for line in found} == {"Lukket (Efterårsferie)."}


def test_of_a_day_that_has_passed_the_mails_that_were_made_are_shown(kvalitet: CommandLine) -> None:
    assert kvalitet.planned()("mail", "preview", "-m", "kalundborg", "--date", "2026-06-01", "--json").json == []
    assert kvalitet("mail", "preview", "-m", "kalundborg", "--date", "2026-06-01").out == (
        "Kalundborg Kommune, mandag den 1. juni 2026, uge 23\nIngen får en mail den dag.\n"
    )


def test_a_day_too_far_ahead_is_refused(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("mail", "preview", "-m", "kalundborg", "--date", "2028-01-03")
    assert (ran.code, ran.err) == (2, "Forhåndsvisningen rækker et år frem; vælg en tidligere dag.\n")


def test_a_leader_who_has_had_a_mail_is_told_when_the_next_one_comes(kvalitet: CommandLine) -> None:
    turn_the_wheel(kvalitet.planned())
    assert leader_of_rynkevangskolen(kvalitet, "2026-09-01")["reason"] == "ligger i udbakken"
    kvalitet("mail", "send")
    told = leader_of_rynkevangskolen(kvalitet, "2026-09-01")
    assert told["reason"] == "sendt 1. september 2026 kl. 12.00"
    tomorrow = leader_of_rynkevangskolen(kvalitet, "2026-09-02")
    assert (tomorrow["template"], tomorrow["about"]) == (None, [])
    assert tomorrow["reason"].startswith("Mangler at aflevere; næste mail er ")


def test_what_opens_is_announced_on_its_first_school_day(kvalitet: CommandLine) -> None:
    found = kvalitet.planned()("mail", "preview", "-m", "kalundborg", "--date", "2026-10-01", "--json").json
    leader = next(line for line in found if line["school"] == "323003" and line["template"])
    assert "Den åbne skole" in leader["about"]


def test_the_outbox_is_emptied_without_prefect(kvalitet: CommandLine) -> None:
    kvalitet.planned()("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes")
    mails = kvalitet("mail", "list", "-m", "kalundborg", "--json").json
    assert {mail["state"] for mail in mails} == {"queued"}
    assert kvalitet("mail", "send").out == f"{len(mails)} sendt\n"
    assert len(list((kvalitet.home / "mailbox").glob("*.eml"))) == len(mails)
    assert {mail["state"] for mail in kvalitet("mail", "list", "--json").json} == {"sent"}
    assert kvalitet("mail", "send").out == "Ingen mails at sende.\n"


def test_a_mail_that_was_sent_cannot_be_sent_again(kvalitet: CommandLine) -> None:
    kvalitet.planned()("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes")
    kvalitet("mail", "send")
    number = kvalitet("mail", "list", "--json").json[0]["id"]
    ran = kvalitet("mail", "retry", str(number))
    assert (ran.code, ran.err) == (2, f"Mail nr. {number} kan ikke prøves igen; den er i tilstanden »sendt«.\n")


def queued(line: CommandLine) -> str:
    """Give the number of a mail that waits."""
    line.planned()("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes")
    return str(line("mail", "list", "--json").json[0]["id"])


def test_a_mail_that_is_held_is_not_sent_until_it_is_released(kvalitet: CommandLine) -> None:
    number = queued(kvalitet)
    assert kvalitet("mail", "hold", number, "--reason", "Spørg først.").out.startswith(f"Mail nr. {number} til ")
    kvalitet("mail", "send")
    (held,) = kvalitet("mail", "list", "--state", "held", "--json").json
    assert (str(held["id"]), held["held_for"], held["reason"]) == (number, "person", "Spørg først.")
    assert kvalitet("mail", "release", number, "--json").json == {"id": int(number), "state": "queued"}
    assert kvalitet("mail", "send").out == "1 sendt\n"


def test_a_cancelled_mail_is_not_sent(kvalitet: CommandLine) -> None:
    number = queued(kvalitet)
    assert kvalitet("mail", "cancel", number, "--reason", "Aftalt.").code == 0
    again = kvalitet("mail", "cancel", number, "--reason", "Aftalt.")
    assert again.err == f"Mail nr. {number} kan ikke annulleres; den er i tilstanden »annulleret«.\n"


def test_paused_sending_waits_until_it_is_resumed(kvalitet: CommandLine) -> None:
    queued(kvalitet)
    paused = kvalitet("mail", "pause", "-m", "kalundborg", "--reason", "Flytning.")
    assert paused.out == "Afsendelsen er sat på pause for Kalundborg Kommune.\n"
    assert kvalitet("mail", "send").out == "Afsendelsen er sat på pause.\n"
    assert kvalitet("mail", "resume", "--all").err == (
        "Afsendelsen er ikke sat på pause for alle kommuner, men for kalundborg.\n"
    )
    assert kvalitet("mail", "resume", "-m", "kalundborg").code == 0
    assert kvalitet("mail", "resume", "-m", "kalundborg").err == "Afsendelsen er ikke sat på pause.\n"
    assert kvalitet("mail", "send").out.endswith(" sendt\n")


def test_what_cannot_be_released_says_why(kvalitet: CommandLine) -> None:
    number = queued(kvalitet)
    for words, sentence in (
        ((number,), f"Mail nr. {number} kan ikke frigives; den er i tilstanden »venter«."),
        ((), "Skriv enten en mails nummer eller --surge."),
        ((number, "--surge"), "Skriv enten en mails nummer eller --surge."),
        (("--surge", "-m", "kalundborg"), NO_SURGE),
        (("ni",), "»ni« er ikke et nummer; se numrene med »kvalitet mail list«."),
        (("9" * 30,), f"Der er ingen mail nr. {'9' * 30}; se numrene med »kvalitet mail list«."),
    ):  # fmt: skip
        ran = kvalitet("mail", "release", *words)
        assert (ran.code, ran.err) == (2, f"{sentence}\n")
    assert kvalitet("mail", "unmark", "x@y.example", "-m", "kalundborg").err == (
        "Adressen x@y.example er ikke mærket hos Kalundborg Kommune.\n"
    )


def test_a_surge_is_released_together(kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    queued(kvalitet)
    monkeypatch.setenv("KVALITET_MAIL_SURGE", "1")
    assert kvalitet("mail", "send").out == "2 holdt tilbage\n"
    released = kvalitet("mail", "release", "--surge", "-m", "kalundborg", "--json").json
    assert released == {"municipality": "kalundborg", "released": 2}
    assert kvalitet("mail", "send").out == "2 sendt\n"


def test_a_lease_that_may_end_before_its_mail_is_sent_is_refused_at_the_start(
    kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KVALITET_MAIL_LEASE", "120")
    ran = kvalitet("mail", "list")
    assert ran.code == 2
    assert ran.err == (
        "KVALITET_MAIL_LEASE er 120 sekunder, men med KVALITET_SMTP_TIMEOUT på 60 kan én mail tage 180; "
        "sæt KVALITET_MAIL_LEASE højere, eller KVALITET_SMTP_TIMEOUT lavere.\n"
    )
