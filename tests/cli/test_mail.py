"""Mails from the command line: what goes out tomorrow, what lies in the outbox, and sending without Prefect."""

from datetime import datetime
from typing import Any

from flows import turn_wheel
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from tests.cli.command_line import FILES, NOW, CommandLine

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


def test_a_leader_with_nothing_open_is_listed_as_such(kvalitet: CommandLine) -> None:
    assert leader_of_rynkevangskolen(kvalitet.planned(), "2026-06-01")["reason"] == "Intet er åbent."


def test_a_leader_who_has_had_a_mail_is_told_when_the_next_one_comes(kvalitet: CommandLine) -> None:
    turn_the_wheel(kvalitet.planned())
    assert leader_of_rynkevangskolen(kvalitet, "2026-09-01")["reason"] == "ligger i udbakken"
    kvalitet("mail", "send")
    assert leader_of_rynkevangskolen(kvalitet, "2026-09-01")["reason"] == "Har fået dagens mail."
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
