from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kvalitet.adapters.mail.composing import CalendarPart, compose, write, write_mailbox
from kvalitet.invites import Method

ADDRESS = "skoleleder.323001@kalundborg.example"
LONGEST_LINE = 76


def composed(**head: str) -> EmailMessage:
    content = compose(head, "Kære leder", "<p>Kære leder</p>", None, boundary="=_b")
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
@example("Påmindelse: Delmål 2026/27 – Rynkevangskolen")
@example("=?utf-8?q?Ikke_en_kodet_titel?=")
@example("Æ" * 200)
@example("a" * 200)
def test_a_subject_comes_out_as_it_went_in_on_lines_that_are_not_too_long(text: str) -> None:
    subject = " ".join(text.split())
    header = f"Subject: {write('Subject', subject)}"

    assert header.isascii()
    if " " in subject or not subject.isascii():
        assert max(map(len, header.split("\r\n"))) <= max(LONGEST_LINE, *map(len, subject.split(" ")))
    assert composed(Subject=subject)["Subject"] == subject


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.example", "a\nb", "a\r", "æ\r\n\r\nbody"])
def test_a_header_with_a_line_break_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Feltet Subject kan ikke indeholde linjeskift"):
        compose({"Subject": text}, "", "", None, boundary="=_b")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Skoleleder, Aarby Skole", "Skoleleder Aarby Skole"),
        ('"Rådhuset" <evil@d.example>', "Rådhuset evil d.example"),
        ("Jens (vikar) Å.", "Jens (vikar) Å."),
        ("Jens (vikar) A.", "Jens (vikar) A."),
        ("=?utf-8?q?x?=", "=?utf-8?q?x?="),
        ("", ""),
    ],
)
def test_a_reader_with_any_name_is_one_reader(name: str, shown: str) -> None:
    header = f"To: {write_mailbox('To', name, ADDRESS)}"
    (reader,) = composed(To=write_mailbox("To", name, ADDRESS))["To"].addresses

    assert (reader.display_name, reader.addr_spec) == (shown, ADDRESS)
    assert max(map(len, header.split("\r\n"))) <= LONGEST_LINE


@pytest.mark.parametrize("letter", ["A", "Ø", "😀"])
def test_a_long_name_is_written_as_several_words_that_stand_together(letter: str) -> None:
    header = write_mailbox("To", letter * 75, ADDRESS)

    assert max(map(len, f"To: {header}".split("\r\n"))) <= LONGEST_LINE
    assert str(make_header(decode_header(header))) == f"{letter * 75} <{ADDRESS}>"


def test_the_calendar_stands_as_the_last_form_and_as_a_file() -> None:
    calendar = CalendarPart(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", Method.CANCEL)
    content = compose({"Subject": "Aflyst"}, "a", "<p>a</p>", calendar, boundary="=_b")
    alternative, file = message_from_bytes(content, policy=default).iter_parts()

    assert [part["Content-Type"] for part in alternative.iter_parts()] == [
        'text/plain; charset="utf-8"',
        'text/html; charset="utf-8"',
        'text/calendar; charset="utf-8"; method="CANCEL"',
    ]
    assert file["Content-Type"] == 'application/ics; name="cancel.ics"'
    assert file["Content-Disposition"] == 'attachment; filename="cancel.ics"'
    assert file.get_content() == calendar.content


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.sampled_from("aæ €.=_ \tF\nrom"), max_size=300))
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    mail = message_from_bytes(compose({}, text, text, None, boundary="=_b"), policy=default)
    assert isinstance(mail, EmailMessage)
    plain = mail.get_body(("plain",))

    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == text
    assert max(map(len, plain.as_bytes().splitlines())) <= LONGEST_LINE
