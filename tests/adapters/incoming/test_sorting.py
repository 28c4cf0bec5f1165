"""Everything else that lies in the mailbox: automatic mails, what people write, and what is meant to do harm."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from kvalitet.adapters.incoming import reading
from kvalitet.adapters.incoming.dealing import Placed
from kvalitet.adapters.incoming.inboxes import LARGEST_MAIL
from kvalitet.adapters.incoming.reading import ReceivedMail
from kvalitet.adapters.store import Store, incoming
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.invites import Answer
from tests.adapters.incoming import mails
from tests.adapters.incoming.mails import LEADER, MEETING, PASSED, attendee, human, kept, lines, read, reply

OURS = "<rem.1@kalundborg.example>"


@pytest.fixture
def invited(store: Store) -> Store:
    mails.invite(store)
    return store


def kind_of(mail: str | bytes) -> str:
    return reading.read(mail if isinstance(mail, bytes) else mail.encode()).kind.value


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: Nyt fra ministeriet <nyt.ministeriet.example>",
    ],
)
def test_what_a_program_wrote_is_automatic(header: str) -> None:
    assert kind_of(human(headers=[header])) == "automatic"


@pytest.mark.parametrize(
    "subject",
    ["Automatisk svar: Påmindelse", "Autosvar: ferie", "Fraværsmeddelelse", "Ude af kontoret", "Out of Office: x"],
)
def test_the_subjects_of_older_servers_are_known(subject: str) -> None:
    assert kind_of(human().replace("SV: Påmindelse", subject)) == "automatic"
    assert kind_of(human().replace("SV: Påmindelse", f"Om jeres mail: {subject}")) == "human"


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: normal", "X-Mailer: Outlook"])
def test_what_a_person_wrote_is_for_a_person(header: str) -> None:
    assert kind_of(human(headers=[header])) == "human"


def test_an_out_of_office_of_a_danish_exchange_is_automatic_and_shown(invited: Store, tmp_path: Path) -> None:
    away = lines(
        PASSED,
        f"From: Skoleleder <{LEADER}>",
        f"To: {mails.BOX}",
        "Subject: =?iso-8859-1?Q?Automatisk_svar:_P=E5mindelse?=",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="x"',
        "",
        "--x",
        'Content-Type: text/html; charset="iso-8859-1"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<html><head><style>p {color: red}</style></head><body><p>Jeg holder ferie til uge 43.</p>"
        "<p>Ring til viceskolelederen p=E5 skolen.</p><script>alert(1)</script></body></html>",
        "--x--",
        "",
    )
    assert read(invited, tmp_path, away) == {"automatic": 1}
    (mail,) = kept(invited)
    assert mail.subject == "Automatisk svar: Påmindelse"
    assert mail.text == "Jeg holder ferie til uge 43.\nRing til viceskolelederen på skolen."
    assert mail.awaits_a_person is False


def test_an_answer_of_google_that_calls_itself_automatic_is_still_an_answer(invited: Store, tmp_path: Path) -> None:
    google = lines(
        PASSED,
        "Auto-Submitted: auto-generated",
        "Sender: Google Calendar <calendar-notification@google.example>",
        f"From: {LEADER}",
        f"To: {mails.BOX}",
        "Subject: Accepted: Samtale",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="x"',
        "",
        "--x",
        'Content-Type: multipart/alternative; boundary="y"',
        "",
        "--y",
        'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes',
        "Content-Transfer-Encoding: base64",
        "",
        "SGVq",
        "--y",
        'Content-Type: text/calendar; charset="UTF-8"; method=REPLY',
        "Content-Transfer-Encoding: 7bit",
        "",
        "BEGIN:VCALENDAR",
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        "DTSTART:20260914T070000Z",
        "DTEND:20260914T083000Z",
        "DTSTAMP:20260824T055900Z",
        f"ORGANIZER;CN=Fagcenter:mailto:{mails.BOX}",
        f"UID:{mails.UID}",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE",
        f" ;CN=Skoleleder;X-NUM-GUESTS=0:mailto:{LEADER}",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:Ledelseslæringssamtale",
        "END:VEVENT",
        "END:VCALENDAR",
        "--y--",
        "--x",
        'Content-Type: application/ics; name="invite.ics"',
        'Content-Disposition: attachment; filename="invite.ics"',
        "",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "--x--",
        "",
    )
    assert read(invited, tmp_path, google) == {"answer": 1}
    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.ACCEPTED, True)


def test_a_broken_calendar_does_not_hide_the_whole_one_beside_it(invited: Store, tmp_path: Path) -> None:
    calendar = reply().split("\r\n\r\n", maxsplit=1)[1]
    two = lines(
        PASSED,
        f"From: {LEADER}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="x"',
        "",
        "--x",
        "Content-Type: text/calendar",
        "",
        "BEGIN:VCALENDAR",
        "--x",
        "Content-Type: application/ics",
        "",
        calendar,
        "--x--",
        "",
    )
    assert read(invited, tmp_path, two) == {"answer": 1}


@pytest.mark.parametrize(
    "header",
    [
        f"In-Reply-To: {OURS}",
        f"References: <rod@kalundborg.example> {OURS}",
        f"References: {OURS} <en.anden@kalundborg.example>",
    ],
)
def test_what_a_person_wrote_is_put_beside_the_mail_that_it_answers(
    invited: Store, tmp_path: Path, header: str
) -> None:
    number = mails.send_a_mail(invited)
    mails.send_a_mail(invited, message_id="<rem.2@kalundborg.example>")
    assert read(invited, tmp_path, human(headers=[PASSED, header])) == {"human": 1}
    (mail,) = kept(invited)
    assert (mail.mail, mail.occurrence, mail.text, mail.detail) == (number, MEETING.key, "Jeg kan desværre ikke.", "")
    assert (mail.is_confirmed, mail.awaits_a_person) == (True, True)


def test_without_a_reference_the_last_mail_to_the_sender_is_shown_and_called_a_guess(
    invited: Store, tmp_path: Path
) -> None:
    number = mails.send_a_mail(invited, recipient=LEADER.upper())
    assert read(invited, tmp_path, human(), human(sender="ukendt@fremmed.example")) == {"human": 2}
    stranger, leader = kept(invited)
    told = "Mailen henviser ikke til en af vores; vist er den sidste, som vi sendte til afsenderen."
    assert (leader.mail, leader.detail) == (number, told)
    assert (stranger.mail, stranger.detail, stranger.municipality) == (None, "", "kalundborg")


def test_a_mail_to_nobody_we_know_belongs_to_no_municipality(invited: Store, tmp_path: Path) -> None:
    read(invited, tmp_path, human(sender="ukendt@fremmed.example").replace(mails.BOX, "helt@andet.example"))
    assert kept(invited)[0].municipality is None


def test_what_a_person_wrote_is_offered_to_those_who_can_use_it(invited: Store, tmp_path: Path) -> None:
    offered: list[tuple[Placed, str]] = []

    def take(connection: Connection, placed: Placed, mail: ReceivedMail) -> IncomingKind:
        offered.append((placed, mail.sender))
        return mail.kind

    number = mails.send_a_mail(invited)
    sure, guessed, away = human(headers=[f"In-Reply-To: {OURS}"]), human("Hej."), human(headers=["Precedence: bulk"])
    read(invited, tmp_path, sure, guessed, away, on_human=take)
    assert [(placed.ours.id if placed.ours else None, sender) for placed, sender in offered] == [
        (number, LEADER),
        (None, LEADER),
    ]


def test_one_that_makes_our_own_code_stumble_is_kept_and_the_next_is_read(invited: Store, tmp_path: Path) -> None:
    def stumble(connection: Connection, placed: Placed, mail: ReceivedMail) -> IncomingKind:
        if placed.ours:
            raise KeyError(placed)
        return mail.kind

    mails.send_a_mail(invited)
    bad = human("Se den vedlagte.", headers=[f"In-Reply-To: {OURS}"])
    assert read(invited, tmp_path, bad, reply(), on_human=stumble) == {"human": 1, "answer": 1}
    (mail,) = [mail for mail in kept(invited) if mail.kind is IncomingKind.HUMAN]
    assert mail.detail == reading.UNREADABLE


def nested(depth: int) -> bytes:
    parts = [b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (place, place) for place in range(depth)]
    return f"From: {LEADER}\r\n".encode() + b"".join(parts) + b"\r\nHej"


HOSTILE = {
    "empty": b"",
    "zeros": b"\0" * 1000,
    "zero in the subject": f"From: {LEADER}\r\nSubject: a\0b\r\n\r\nHej\0".encode(),
    "half letters": f"From: {LEADER}\r\nSubject: ".encode() + b"\xe5\xff\xd8\r\n\r\n\xf8\xff",
    "no such charset": f'From: {LEADER}\r\nContent-Type: text/plain; charset="x-findes-ikke"\r\n\r\nHej'.encode(),
    "wrong charset": f'From: {LEADER}\r\nContent-Type: text/plain; charset="utf-8"\r\n\r\n'.encode() + b"bl\xe5b\xe6r",
    "wrong word": f"From: {LEADER}\r\nSubject: =?x-nej?Q?=E5?= =?utf-8?B?!!!?=\r\n\r\nHej".encode(),
    "bad date": f"From: {LEADER}\r\nDate: Thu, 99 Foo 99999 99:99:99 +9999\r\n\r\nHej".encode(),
    "two senders": f"From: {LEADER}\r\nFrom: en.anden@kalundborg.example\r\n\r\nHej".encode(),
    "list of senders": f"From: {LEADER}, en.anden@kalundborg.example\r\n\r\nHej".encode(),
    "no sender": b"From: undisclosed-recipients:;\r\n\r\nHej",
    "wrong sender": b"From: <<<@@@>\r\nTo: ,,,\r\nMessage-ID: <<>\r\n\r\nHej",
    "ten thousand parts": (
        f'From: {LEADER}\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'.encode()
        + b"--x\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n" * 10_000
    ),
    "deep": nested(2000),
    "long subject": f"From: {LEADER}\r\nSubject: {'x' * 1_000_000}\r\n\r\nHej".encode(),
    "long thread": f"From: {LEADER}\r\nReferences: {'<a@b> ' * 50_000}\r\n\r\nHej".encode(),
    "reversed text": f"From: {LEADER}\r\nSubject: fil\u202efdp.exe\r\n\r\nHej".encode(),
    "large calendar": reply().replace("COMMENT:", "COMMENT:" + "x" * 2_000_000).encode(),
    "far ahead": reply(stamp="99991231T235959Z").replace("DTSTAMP:", "DTSTAMP;TZID=Pacific/Kiritimati:").encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_mail_stops_the_others(invited: Store, tmp_path: Path, name: str) -> None:
    counted = read(invited, tmp_path, HOSTILE[name], human("Kommer efter."))
    assert sum(counted.values()) == 2
    assert "Kommer efter." in [mail.text for mail in kept(invited)]
    assert all(len(mail.text) <= 20_000 and len(mail.subject) <= 500 for mail in kept(invited))
    with invited.read() as connection:
        assert HOSTILE[name] in [incoming.content(connection, mail.id) for mail in kept(invited)]


@pytest.mark.parametrize("name", ["two senders", "list of senders", "no sender"])
def test_a_mail_from_several_or_nobody_is_from_nobody(name: str) -> None:
    assert reading.read(HOSTILE[name], authserv_id=mails.SERVER).sender == ""


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("zero in the subject", "ab", "Hej"),
        ("wrong charset", "", "blåbær"),
        ("reversed text", "filfdp.exe", "Hej"),
    ],
)
def test_what_can_be_read_of_a_broken_mail_is_read(name: str, subject: str, text: str) -> None:
    found = reading.read(HOSTILE[name])
    assert (found.sender, found.subject, found.text) == (LEADER, subject, text)


def test_of_a_mail_that_is_too_large_the_beginning_is_kept(invited: Store, tmp_path: Path) -> None:
    large = human("Se filen.\r\n").encode() + b"x" * LARGEST_MAIL
    assert read(invited, tmp_path, large, reply()) == {"human": 1, "answer": 1}
    (mail,) = [mail for mail in kept(invited) if mail.kind is IncomingKind.HUMAN]
    assert (mail.sender, mail.detail) == (LEADER, "Mailen fylder 15 MB og er ikke læst; find den i postkassen.")
    with invited.read() as connection:
        assert incoming.content(connection, mail.id) == large[: 64 * 1024]
