"""Which parts of a mail are files that somebody sent on purpose."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from kvalitet.adapters.offers.attachments import Attached, attached_files
from tests.adapters.offers.mails import LOGO, PDF, File, answer

LEADER = "leder@skole.example"


def read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def files(raw: bytes) -> list[Attached]:
    return attached_files(read(raw))


def written(*parts: str) -> bytes:
    """Write a mail of parts, each with its own headers."""
    body = "".join(f"--x\r\n{part}\r\n" for part in parts)
    return f"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{body}--x--\r\n".encode()


def test_an_attached_file_is_found_with_its_danish_name() -> None:
    assert files(answer("<a@b>", File(), sender=LEADER)) == [Attached("Handleplan for Åby.pdf", PDF)]


def test_a_mail_without_files_has_none() -> None:
    assert files(answer("<a@b>", sender=LEADER)) == []
    assert files(b"Subject: Hej\r\n\r\nBare tekst\r\n") == []


def test_the_logo_of_a_signature_is_no_file() -> None:
    assert files(answer("<a@b>", sender=LEADER, logo=True)) == []
    assert [file.name for file in files(answer("<a@b>", File(), sender=LEADER, logo=True))] == [
        "Handleplan for Åby.pdf"
    ]


def test_a_picture_that_the_text_shows_is_no_file_even_when_it_is_called_attached() -> None:
    raw = written(
        'Content-Type: text/html\r\n\r\n<img src="CID:logo1@skole">',
        "Content-Type: image/png; name=a.png\r\nContent-ID: <logo1@skole>\r\nContent-Disposition: attachment\r\n\r\nx",
        "Content-Type: image/png; name=b.png\r\nContent-ID: <foto@skole>\r\nContent-Disposition: inline\r\n\r\ny",
    )
    assert [file.name for file in files(raw)] == ["b.png"]


def test_a_photograph_that_is_sent_as_one_is_a_file() -> None:
    assert files(answer("<a@b>", File("plan.png", LOGO, "image/png"), sender=LEADER)) == [Attached("plan.png", LOGO)]


@pytest.mark.parametrize(
    "kind",
    ["text/calendar", "application/ics", "application/pkcs7-signature", "application/pgp-signature", "text/vcard"],
)
def test_what_mail_programs_attach_by_themselves_is_no_file(kind: str) -> None:
    raw = written(f"Content-Type: {kind}; name=smime.p7s\r\nContent-Disposition: attachment\r\n\r\nx")
    assert files(raw) == []


def test_the_files_of_a_forwarded_mail_are_not_this_mails() -> None:
    inner = answer("<a@b>", File(), sender=LEADER).decode()
    raw = written("Content-Type: text/plain\r\n\r\nSe her", f"Content-Type: message/rfc822\r\n\r\n{inner}")
    assert files(raw) == []


def test_a_name_as_older_programs_encode_it_is_read() -> None:
    raw = written(
        'Content-Type: application/pdf; name="=?iso-8859-1?Q?m=E5l.pdf?="\r\n'
        'Content-Disposition: attachment; filename="=?iso-8859-1?Q?m=E5l.pdf?="\r\n\r\n%PDF'
    )
    assert [file.name for file in files(raw)] == ["mål.pdf"]


def test_a_file_without_a_name_is_still_a_file() -> None:
    raw = written("Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\nabc")
    assert files(raw) == [Attached("", b"abc")]
