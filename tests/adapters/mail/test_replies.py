from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from kvalitet.adapters import meetings
from kvalitet.adapters.mail.replies import FolderInbox, ReplyKind, read_replies
from kvalitet.adapters.store import Store, bookings, log
from kvalitet.invites import Answer
from kvalitet.timetable import local_slot
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, KALUNDBORG, NOW, RENDERER, SLOT

MEETING = samples.occurrence(DIALOGUE, AARBY)
LEADER = AARBY.leader.address
UID = f"{MEETING.key}@kalundborg.example"


def reply(
    answer: str = "ACCEPTED",
    *,
    stamp: str = "20260825T080000Z",
    sequence: int = 0,
    uid: str = UID,
    sender: str = LEADER,
) -> str:
    """Write a mail as Exchange does: without ORGANIZER, and with a line longer than the rules allow."""
    return "\r\n".join([
        f"From: {sender}",
        "To: aarshjul@kalundborg.example",
        "Subject: Accepteret: Ledelseslæringssamtale",
        "MIME-Version: 1.0",
        'Content-Type: text/calendar; method=REPLY; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={answer};CN=En skoleleder med et meget langt navn, som ikke foldes:mailto:{LEADER.upper()}",
        f"UID:{uid}",
        "COMMENT:Jeg kommer lidt\\, men kun lidt\\, for sent",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{stamp}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ])  # fmt: skip


@pytest.fixture
def invited(store: Store) -> Store:
    with store.write() as connection:
        samples.write_plan(connection)
        meetings.book(connection, RENDERER, KALUNDBORG, MEETING, SLOT, place="", now=NOW)
    return store


def read(store: Store, folder: Path, *mails: str, now: datetime = NOW) -> dict[str, int]:
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(mail.encode())
    counted = read_replies(store, FolderInbox(folder), now=now)
    return {kind.value: number for kind, number in counted.items() if number}


def answer_of(store: Store) -> tuple[Answer, str]:
    with store.read() as connection:
        known = bookings.attendees(connection, MEETING.key)
    (found,) = [attendee for attendee in known if attendee.address == LEADER]
    return found.answer, found.comment


def test_an_answer_is_kept_with_its_comment_and_told(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply()) == {"answer": 1}

    assert answer_of(invited) == (Answer.ACCEPTED, "Jeg kommer lidt, men kun lidt, for sent")
    with invited.read() as connection:
        assert log.events(connection)[-1].detail == f"{LEADER} deltager"


def test_a_mail_is_read_once(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply()) == {"answer": 1}
    assert read(invited, tmp_path) == {}
    assert (tmp_path / "read" / "0.eml").exists()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_latest_answer_wins_in_whatever_order_they_come(
    invited: Store, tmp_path: Path, order: tuple[int, int]
) -> None:
    answers = [reply("ACCEPTED", stamp="20260825T080000Z"), reply("DECLINED", stamp="20260825T090000Z")]
    read(invited, tmp_path, *(answers[place] for place in order))

    assert answer_of(invited)[0] is Answer.DECLINED


def test_an_answer_to_the_time_before_the_move_does_not_count(invited: Store, tmp_path: Path) -> None:
    later = local_slot(date(2026, 9, 21), time(13, 0), 90)
    with invited.write() as connection:
        meetings.move(connection, RENDERER, KALUNDBORG, MEETING, later, now=NOW + timedelta(hours=1))
    read(invited, tmp_path, reply(sequence=0))
    assert answer_of(invited) == (Answer.NEEDS_ACTION, "")

    read(invited, tmp_path, reply("TENTATIVE", sequence=1))
    assert answer_of(invited)[0] is Answer.TENTATIVE


@pytest.mark.parametrize(
    "mail",
    [
        reply(sender="en.anden@kalundborg.example"),
        reply(uid="ukendt@kalundborg.example"),
        reply("DELEGATED"),
        reply(stamp="i går"),
        reply().replace("METHOD:REPLY", "METHOD:COUNTER"),
        reply().replace("BEGIN:VEVENT", "BEGIN:VEVENT\r\nBEGIN:VEVENT"),
        f"From: {LEADER}\r\nSubject: Jeg kan ikke\r\n\r\nKan vi tage den ugen efter?\r\n",
        "",
    ],
    ids=["forged", "unknown", "delegated", "no stamp", "counter", "broken", "written by hand", "empty"],
)
def test_what_is_no_answer_from_an_invited_person_is_left_to_a_person(
    invited: Store, tmp_path: Path, mail: str
) -> None:
    assert read(invited, tmp_path, mail) == {"other": 1}
    assert answer_of(invited) == (Answer.NEEDS_ACTION, "")


def test_out_of_office_and_bounces_are_told_apart(invited: Store, tmp_path: Path) -> None:
    away = f"From: {LEADER}\r\nAuto-Submitted: auto-replied\r\nSubject: Ferie\r\n\r\nJeg holder ferie.\r\n"
    bounce = (
        "From: MAILER-DAEMON@mail.example\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n--x--\r\n'
    )

    assert read(invited, tmp_path, away, bounce) == {ReplyKind.AUTOMATIC.value: 1, ReplyKind.BOUNCE.value: 1}
