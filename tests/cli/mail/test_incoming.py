"""What came back, from the command line."""

from pathlib import Path

import pytest

from kvalitet.adapters.incoming.inboxes import FolderInbox, inbox_of
from kvalitet.adapters.installation import DEMONSTRATION, Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import log
from tests.cli.command_line import FILES, CommandLine

LEADER = "rynkevangskolen@kalundborg.example"


def lay(line: CommandLine, *mails: str) -> None:
    """Let mails lie in the folder that stands in for a mailbox."""
    folder = line.home / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_text(mail)


def test_what_came_back_is_read_and_listed(kvalitet: CommandLine) -> None:
    sender = f"From: {LEADER}\nTo: aarshjul@kalundborg.example\n"
    away = f"{sender}Subject: Ferie\nAuto-Submitted: auto-replied\n\nFerie.\n"
    lay(kvalitet, away, f"{sender}Subject: Nej\n\nNej.\n")
    assert kvalitet("mail", "replies").out == "En mail til gennemsyn, et automatisk svar\n"
    assert kvalitet("mail", "replies").out == "Der er intet nyt i postkassen.\n"

    assert [one["kind"] for one in kvalitet("mail", "inbox", "--json").json] == ["human", "automatic"]
    (found,) = kvalitet("mail", "inbox", "--kind", "human", "-m", "kalundborg", "--json").json
    assert (found["sender"], found["subject"], found["text"], found["is_confirmed"]) == (LEADER, "Nej", "Nej.", False)
    assert found["received_at"] == "2026-09-01T10:00:00.000001+00:00"
    assert kvalitet("mail", "inbox", "-m", "hvidovre").out == "Der er ingen mails.\n"
    assert "skrevet af et menneske (ny)" in kvalitet("mail", "inbox").out
    assert f"{LEADER} (ubekræftet)" in kvalitet("mail", "inbox").out


def test_a_kind_that_is_none_is_refused(kvalitet: CommandLine) -> None:
    ran = kvalitet("mail", "inbox", "--kind", "spam")
    kinds = "human, file, answer, set_aside, bounce, delay, automatic"
    assert (ran.code, ran.err) == (2, f"Slagsen »spam« findes ikke; vælg en af: {kinds}.\n")


def test_a_mailbox_that_does_not_answer_is_told_in_one_sentence(
    kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KVALITET_IMAP_HOST", "127.0.0.1")
    monkeypatch.setenv("KVALITET_IMAP_PORT", "1")
    ran = kvalitet("mail", "replies")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Postkassen på 127.0.0.1:1 kan ikke læses; se KVALITET_IMAP_…: ")


def test_the_check_says_why_all_answers_are_unconfirmed(kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KVALITET_IMAP_HOST", "mail.kalundborg.example")
    assert "KVALITET_AUTHSERV_ID ikke er sat" in kvalitet("check", str(FILES)).out
    monkeypatch.setenv("KVALITET_AUTHSERV_ID", "exchange-online")
    assert "AUTHSERV_ID" not in kvalitet("check", str(FILES)).out


def test_a_demonstration_reads_nobodys_mail(kvalitet: CommandLine, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, municipalities=FILES, database_url=kvalitet.database_url, imap_host="127.0.0.1", imap_port=1
    )
    installation = Installation.open(settings)
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, "finished")
    assert isinstance(inbox_of(installation), FolderInbox)
    installation.store.close()
