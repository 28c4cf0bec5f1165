"""Mails of ours that came back (RFC 3464), as Exchange and Postfix say it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from kvalitet.adapters.store import Store, address_marks
from kvalitet.adapters.store.tables import mail_schema
from tests.adapters.incoming import mails
from tests.adapters.incoming.mails import BOX, LEADER, kept, lines, read
from tests.adapters.mail.samples import NOW

OURS = "<rem.1@kalundborg.example>"
GONE = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
REFUSED = "550 5.1.1 <skoleleder>: Recipient address rejected: User unknown in virtual mailbox table"
UNKNOWN = "Det fremgår ikke, hvilken af vores mails der kom retur."


def from_exchange(
    *,
    recipient: str = LEADER,
    message_id: str = OURS,
    action: str = "failed",
    status: str = "5.1.10",
    diagnostic: str = GONE,
    more: tuple[str, ...] = (),
) -> str:
    """Write what Exchange Online sends when a mailbox is not there; the mail itself comes back."""
    return lines(
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@kalundborg.example>",
        f"To: {BOX}",
        "Subject: =?utf-8?Q?Kan_ikke_leveres:_P=C3=A5mindelse?=",
        "Message-ID: <ndr-1@mail.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="ydre"',
        "",
        "--ydre",
        'Content-Type: multipart/alternative; boundary="indre"',
        "",
        "--indre",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        "Din meddelelse kunne ikke leveres.",
        "--indre--",
        "",
        "--ydre",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns;mail.example",
        "Received-From-MTA: dns;ude.example",
        "",
        f"Final-Recipient: rfc822;{recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {diagnostic}",
        *more,
        "",
        "--ydre",
        "Content-Type: message/rfc822",
        "",
        f"From: {BOX}",
        f"To: {LEADER}",
        f"Message-ID: {message_id}",
        "Subject: P",
        "",
        "Hej",
        "--ydre--",
        "",
    )


def from_postfix(action: str = "failed", status: str = "5.1.1", *, returned: str = "text/rfc822-headers") -> str:
    """Write what Postfix sends; of a mail that only waits, it gives back the headers alone."""
    return lines(
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
        f"To: {BOX}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="4F1.17/mx.example"',
        "",
        "--4F1.17/mx.example",
        "Content-Description: Notification",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "",
        "--4F1.17/mx.example",
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "X-Postfix-Queue-ID: 4F1",
        "Arrival-Date: Mon, 24 Aug 2026 08:00:00 +0200 (CEST)",
        "",
        f"Final-Recipient: rfc822; {LEADER}",
        f"Original-Recipient: rfc822;{LEADER}",
        f"Action: {action}",
        f"Status: {status}",
        "Remote-MTA: dns; mail.skole.example",
        "Diagnostic-Code: smtp; 550 5.1.1 <skoleleder>: Recipient address rejected:",
        "    User unknown in virtual mailbox table",
        "",
        "--4F1.17/mx.example",
        f"Content-Type: {returned}",
        "",
        f"From: {BOX}",
        f"Message-ID: {OURS}",
        "",
        "--4F1.17/mx.example--",
        "",
    )


@pytest.fixture
def sent(store: Store) -> Store:
    mails.invite(store)
    mails.send_a_mail(store)
    return store


def marked(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return {mark.address: mark.reason for mark in address_marks.marked(connection, "kalundborg")}


def has_bounced(store: Store) -> bool:
    mail = mail_schema.mail
    with store.read() as connection:
        found = connection.execute(select(mail.c.bounced_at).where(mail.c.message_id == OURS)).scalar_one()
    return bool(found == NOW)


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (
            from_exchange(),
            f"Adressen findes ikke. ({GONE.removeprefix('smtp;')})",
        ),
        (
            from_postfix(),
            f"Adressen findes ikke. ({REFUSED})",
        ),
        (
            from_exchange(status="5.2.2", diagnostic="smtp;554 5.2.2 mailbox full"),
            "Postkassen er fuld. (554 5.2.2 mailbox full)",
        ),
        (
            from_exchange(status="5.7.1", diagnostic="smtp;550 5.7.1 blocked"),
            "Mailen kunne ikke leveres. (550 5.7.1 blocked)",
        ),
    ],
)
def test_a_mail_that_cannot_be_delivered_marks_its_address(
    sent: Store, tmp_path: Path, report: str, reason: str
) -> None:
    assert read(sent, tmp_path, report) == {"bounce": 1}
    assert (marked(sent), has_bounced(sent)) == ({LEADER: reason}, True)
    (mail,) = kept(sent)
    with sent.read() as connection:
        assert mail.mail == mails.number_of(connection, OURS)
    assert (mail.occurrence, mail.municipality, mail.detail) == (mails.MEETING.key, "kalundborg", reason)


@pytest.mark.parametrize("report", [from_postfix("delayed", "4.4.1"), from_exchange(action="delayed", status="4.4.7")])
def test_a_mail_that_is_late_marks_nothing(sent: Store, tmp_path: Path, report: str) -> None:
    assert read(sent, tmp_path, report) == {"delay": 1}
    assert (marked(sent), has_bounced(sent)) == ({}, False)
    assert kept(sent)[0].detail.startswith("Mailen er forsinket; mailserveren prøver igen af sig selv. (4.4.")


def test_a_server_that_gives_up_on_another_that_is_down_does_not_mark_the_address(sent: Store, tmp_path: Path) -> None:
    assert read(sent, tmp_path, from_postfix("failed", "4.4.1")) == {"bounce": 1}
    assert (marked(sent), has_bounced(sent)) == ({}, True)
    assert kept(sent)[0].detail.startswith("Mailserveren har opgivet at levere mailen, men adressen kan godt")


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822-headers", "message/rfc822"])
def test_the_mail_is_known_by_the_headers_that_come_back(sent: Store, tmp_path: Path, returned: str) -> None:
    read(sent, tmp_path, from_postfix(returned=returned))
    assert list(marked(sent)) == [LEADER]


def test_a_report_that_returns_nothing_is_known_by_the_mail_that_it_answers(sent: Store, tmp_path: Path) -> None:
    bare = from_exchange(message_id="").replace("MIME-Version", f"In-Reply-To: {OURS}\r\nMIME-Version")
    read(sent, tmp_path, bare)
    assert list(marked(sent)) == [LEADER]


def test_a_report_about_a_mail_that_we_did_not_send_marks_nothing(sent: Store, tmp_path: Path) -> None:
    assert read(sent, tmp_path, from_exchange(message_id="<fremmed@mail.example>")) == {"bounce": 1}
    assert (marked(sent), has_bounced(sent)) == ({}, False)
    (mail,) = kept(sent)
    assert (mail.mail, mail.municipality, mail.detail.endswith(UNKNOWN)) == (None, "kalundborg", True)


def test_a_mail_that_was_forwarded_and_failed_there_marks_nothing(sent: Store, tmp_path: Path) -> None:
    assert read(sent, tmp_path, from_exchange(recipient="hjemme@privat.example")) == {"bounce": 1}
    assert (marked(sent), has_bounced(sent)) == ({}, False)
    told = f"Vores mail er videresendt fra {LEADER}, og det er hjemme@privat.example, der ikke kan modtage den."
    assert kept(sent)[0].detail.endswith(told)


def test_the_address_that_we_wrote_to_is_known_in_whatever_case_and_by_its_original_name(
    sent: Store, tmp_path: Path
) -> None:
    alias = from_exchange(recipient="internt.navn@mail.example", more=(f"Original-Recipient: rfc822;{LEADER.upper()}",))
    read(sent, tmp_path, alias)
    assert list(marked(sent)) == [LEADER]


def test_of_several_recipients_the_one_that_failed_counts(sent: Store, tmp_path: Path) -> None:
    two = from_exchange(
        recipient="en.anden@kalundborg.example",
        action="delivered",
        status="2.0.0",
        more=("", f"Final-Recipient: rfc822;{LEADER}", "Action: failed", "Status: 5.1.1"),
    )
    assert read(sent, tmp_path, two) == {"bounce": 1}
    assert marked(sent) == {LEADER: "Adressen findes ikke. (5.1.1)"}


def test_a_report_that_it_was_delivered_is_automatic(sent: Store, tmp_path: Path) -> None:
    assert read(sent, tmp_path, from_exchange(action="delivered", status="2.0.0")) == {"automatic": 1}
    assert (marked(sent), has_bounced(sent)) == ({}, False)


def test_a_report_without_a_verdict_marks_nothing(sent: Store, tmp_path: Path) -> None:
    empty = lines(
        "From: MAILER-DAEMON@mx.example",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        "",
        "--x--",
        "",
    )
    assert read(sent, tmp_path, empty) == {"bounce": 1}
    assert (marked(sent), kept(sent)[0].detail) == ({}, f"En mail kom retur uden at sige, hvad der skete. {UNKNOWN}")


def test_a_server_that_says_it_in_its_own_words_is_sorted_with_those_that_came_back(
    sent: Store, tmp_path: Path
) -> None:
    plain = lines("Return-Path: <>", "From: postmaster@gammel.example", "Subject: Undeliverable: P", "", "Desværre.")
    assert read(sent, tmp_path, plain) == {"bounce": 1}
    assert marked(sent) == {}


def test_a_receipt_that_a_mail_was_read_is_automatic(sent: Store, tmp_path: Path) -> None:
    receipt = from_postfix().replace("report-type=delivery-status", "report-type=disposition-notification")
    assert read(sent, tmp_path, receipt.replace("Undelivered Mail", "Read:")) == {"automatic": 1}
    assert marked(sent) == {}
