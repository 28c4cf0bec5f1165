"""From a raw mail in the inbox to the question in the outbox, through the reader of the inbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from flows import read_replies
from kvalitet.adapters.incoming.inboxes import LARGEST_MAIL
from kvalitet.adapters.incoming.reading import MOST_PARTS, OVERGROWN
from kvalitet.adapters.store import Store, incoming, outbox
from kvalitet.adapters.store.incoming import Incoming, IncomingKind
from kvalitet.adapters.store.outbox import Mail
from kvalitet.adapters.store.tables import mail_schema
from tests.adapters.offers.asked import LEADER, NOW, Asked, asked, key, text_of
from tests.adapters.offers.mails import File, answer


def read(leader: Asked, *mails: bytes) -> str:
    """Let raw mails lie in the inbox, and read it; gives what the run tells."""
    folder = leader.installation.settings.home / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(mail)
    return read_replies.run(leader.installation, now=NOW).summary


def written(store: Store) -> list[Mail]:
    with store.read() as connection:
        return outbox.mails(connection)


def kept(store: Store) -> list[Incoming]:
    with store.read() as connection:
        return incoming.listing(connection, "proeveby")


def test_a_mail_with_the_file_is_kept_and_answered_once(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    raw = answer(leader.mail.message_id, File(), sender=LEADER, logo=True)
    assert read(leader, raw) == "en mail med en fil"
    assert read(leader, raw, raw) == "Ingen nye svar."
    (mail,) = kept(store)
    assert (mail.kind, mail.awaits_a_person, mail.occurrence) == (IncomingKind.FILE, False, key("action_plan"))
    assert mail.detail == "Filen er gemt, og afsenderen er bedt om at bekræfte, at den er afleveringen."
    assert len(leader.written("file_received")) == 1


def test_an_invitation_that_lies_beside_the_file_is_no_answer(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:et@andet.example"]
    lines += ["DTSTAMP:20260901T080000Z", f"ATTENDEE:mailto:{LEADER}", "END:VEVENT", "END:VCALENDAR", ""]
    invitation = File("møde.ics", "\r\n".join(lines).encode(), "text/calendar")
    assert read(leader, answer(leader.mail.message_id, File(), invitation, sender=LEADER)) == "en mail med en fil"


def test_a_file_that_is_refused_is_told_to_both(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    read(leader, answer(leader.mail.message_id, File("plan.exe", b"MZ"), sender=LEADER))
    assert kept(store)[0].detail == "Filen kunne ikke tages imod; afsenderen har fået at vide hvorfor."
    assert len(leader.written("file_refused")) == 1


def test_the_thread_finds_our_mail_when_a_mail_server_has_given_it_another_name(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    (root,) = [
        line.split(b": ", 1)[1].decode()
        for line in leader.mail.content.split(b"\r\n")
        if line.startswith(b"References: ")
    ]
    raw = answer("<given-by-the-server@mail.example>", File(), sender=LEADER, headers={"References": root})
    assert read(leader, raw) == "en mail med en fil"


AUTOMATIC = (
    {"Auto-Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"X-Autoreply": "yes"},
    {"List-Id": "<x.example>"},
)


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_an_automatic_mail_is_never_answered(store: Store, tmp_path: Path, headers: dict[str, str]) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert read(leader, answer(leader.mail.message_id, File(), sender=LEADER, headers=headers)) == "et automatisk svar"
    assert [leader.written("file_received"), leader.written("file_refused")] == [[], []]


def test_our_own_mail_that_comes_back_is_never_answered(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    read(leader, answer(leader.mail.message_id, File("plan.exe", b"MZ"), sender=LEADER))
    read(leader, leader.written("file_refused")[0].content)
    assert len(leader.written("file_refused")) == 1


@pytest.mark.parametrize(
    "raw",
    [
        answer("<nobodys@skole.example>", File(), sender=LEADER),
        answer("<nobodys@skole.example>", File("plan.exe", b"MZ"), sender="fremmed@skole.example"),
    ],
)
def test_a_file_that_answers_nothing_of_ours_waits_for_a_person(store: Store, tmp_path: Path, raw: bytes) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert read(leader, raw) == "en mail til gennemsyn"
    assert [leader.written("file_received"), leader.written("file_refused")] == [[], []]


def test_a_stranger_who_knows_our_message_id_gets_no_answer(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    raw = answer(leader.mail.message_id, File("plan.exe", b"MZ"), sender="fremmed@skole.example")
    assert read(leader, raw) == "en mail til gennemsyn"
    with store.read() as connection:
        assert {mail.recipient for mail in outbox.mails(connection)} == {LEADER}


def test_a_mail_that_is_too_large_to_be_read_is_told_back_and_nothing_of_it_is_kept(
    store: Store, tmp_path: Path
) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    read(leader, answer(leader.mail.message_id, File(content=b"%PDF" + bytes(LARGEST_MAIL)), sender=LEADER))
    assert "Mailen er for stor til at blive læst." in text_of(leader.written("file_refused")[0])
    assert not list((tmp_path / "files").rglob("*"))


def test_no_answer_is_written_to_a_program_however_large_its_mail(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    robot = {"Auto-Submitted": "auto-replied"}
    raw = answer(leader.mail.message_id, File(content=bytes(LARGEST_MAIL)), sender=LEADER, headers=robot)
    assert read(leader, raw) == "et automatisk svar"
    assert leader.written("file_refused") == []


@pytest.mark.parametrize(
    "part",
    [
        b'--x\r\nContent-Disposition: attachment; filename="plan.pdf"\r\n\r\n%PDF\r\n' * MOST_PARTS,
        b"--x\r\nContent-Type: application/pdf" + b"; a=b" * 8000 + b'; name="plan.pdf"\r\n\r\n%PDF\r\n',
    ],
)
def test_nobody_waits_while_files_are_looked_for_in_a_mail_that_has_no_end(
    store: Store, tmp_path: Path, part: bytes
) -> None:
    """Fifty thousand parts took fifty seconds, in which nobody else could write to the store."""
    leader = asked(store, tmp_path, key("action_plan"))
    head = f"From: {LEADER}\r\nIn-Reply-To: {leader.mail.message_id}\r\n".encode()
    raw = head + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + part + b"--x--\r\n"
    assert read(leader, raw) == "en mail til gennemsyn"
    assert kept(store)[0].detail == OVERGROWN
    assert [mail.template for mail in written(store)] == ["reminder"]


def test_a_large_mail_from_a_stranger_waits_for_a_person(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    raw = answer(leader.mail.message_id, File(content=bytes(LARGEST_MAIL)), sender="fremmed@skole.example")
    assert read(leader, raw) == "en mail til gennemsyn"


def test_a_thread_of_somebody_else_is_not_the_senders(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    with store.write() as connection:
        connection.execute(update(mail_schema.mail).values(recipient="anden@skole.example"))
    root = "<thread.000000000000000000000000@proeveby.example>"
    raw = answer("<x@mail.example>", File(), sender=LEADER, headers={"References": root})
    assert read(leader, raw) == "en mail til gennemsyn"
