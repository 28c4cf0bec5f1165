"""The rules for bytes can say no, and hold for any text that a person may write."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kvalitet.adapters.mail.calendar_part import calendar_part, clean
from kvalitet.invites import Method
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, KALUNDBORG, NOW, RENDERER
from tests.calendar_checkers.broken import Break, folded_in_a_character, put, with_two_meetings, without
from tests.calendar_checkers.byte_rules import LAYOUT, broken_invite, broken_mail
from tests.calendar_checkers.checking import Checker
from tests.calendar_checkers.radicale_server import Radicale

INVITATION = calendar_part(samples.invite(), KALUNDBORG.sender, AARBY.leader)
CANCELLATION = calendar_part(samples.invite(Method.CANCEL, sequence=1), KALUNDBORG.sender, AARBY.leader)
ALARM = INVITATION[INVITATION.index(b"BEGIN:VALARM") : INVITATION.index(b"END:VEVENT")]
MAIL = RENDERER.render(samples.invitation_message(), now=NOW, invite=samples.invite()).content
# What a keyboard, a word processor or a telephone can put into a field, and what breaks calendars more often.
ANY_TEXT = st.text(max_size=90) | st.text('æøåÆØÅ ,;\\:"\n\r\t^’–👩‍🏫', max_size=90)


def spoilt(calendar: bytes) -> Callable[[bytes], bytes]:
    """Give a calendar, whatever it is made from."""
    return lambda _whole: calendar


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (spoilt(INVITATION.replace(b"\r\n", b"\n")), "a control character: BEGIN:VCALEN"),
        (spoilt(INVITATION.replace(b"\r\n ", b"")), "too long: ATTENDEE;CN="),
        (spoilt(INVITATION.removesuffix(b"\r\n")), "the last line does not end"),
        (folded_in_a_character, "begins or ends inside a character: SUMMARY:Lede"),
        (put("Ledelses", "Led\x07elses"), "a control character: SUMMARY:Led\x07"),
        (put("Rådhuset\\, lokale 3", "Rådhuset, lokale 3"), "not escaped: LOCATION:Rådhuset, lokale 3"),
        (put("Rådhuset\\, lokale 3", "Rådhuset\\: 3"), "not escaped: LOCATION:Rådhuset\\: 3"),
        (put("SEQUENCE:0", "SEQUENCE:nul"), "no number: SEQUENCE:nul"),
        (put("SEQUENCE:0", "SEQUENCE 0"), "no property: SEQUENCE 0"),
        (put("METHOD:REQUEST", "METHOD:PUBLISH"), "the method is PUBLISH"),
        (without("METHOD"), "the method is none"),
        (without("SEQUENCE"), "0 times SEQUENCE"),
        (with_two_meetings, "2 times BEGIN:VEVENT"),
        (spoilt(INVITATION.replace(ALARM, b"")), "0 times BEGIN:VALARM"),
        (spoilt(CANCELLATION.replace(b"END:VEVENT", ALARM + b"END:VEVENT")), "1 times BEGIN:VALARM"),
    ],
)
def test_a_calendar_with_a_fault_breaks_a_rule(spoil: Break, complaint: str) -> None:
    assert broken_invite(INVITATION) == broken_invite(CANCELLATION) == []
    assert complaint in broken_invite(spoil(INVITATION))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("method=REQUEST", "method=CANCEL", "the part's method is CANCEL, the calendar's is not"),
        ('charset="utf-8"; method', 'charset="latin1"; method', "the part's charset is latin1"),
        (
            "text/calendar;",
            "text/calendar; x=y;\r\nContent-Disposition: attachment;",
            "the part has a Content-Disposition",
        ),
        ("attachment; filename", "inline; filename", "the attached file is not the same calendar"),
        (
            "<aarshjul@",
            "<andre@",
            "From is ['andre@kalundborg.example'], and ORGANIZER is ['aarshjul@kalundborg.example']",
        ),
        (
            "multipart/alternative",
            "multipart/related",
            f"the parts are {[LAYOUT[0], 'multipart/related', *LAYOUT[2:]]}",
        ),
        ("Auto-Submitted: auto", "Auto-Submitted: æuto", "not plain: Auto-Submitted"),
    ],
)
def test_a_mail_with_a_fault_breaks_a_rule(old: str, new: str, complaint: str) -> None:
    assert broken_mail(MAIL) == []
    assert old.encode() in MAIL
    assert complaint in broken_mail(MAIL.replace(old.encode(), new.encode()))


@settings(max_examples=200, deadline=None)
@given(title=ANY_TEXT, place=ANY_TEXT, description=ANY_TEXT, name=ANY_TEXT, sender=ANY_TEXT)
def test_no_text_breaks_a_rule(title: str, place: str, description: str, name: str, sender: str) -> None:
    invite = replace(samples.invite(), title=title, place=place, description=description)
    person, organizer = replace(AARBY.leader, name=name), replace(KALUNDBORG.sender, name=sender)
    assert broken_invite(calendar_part(invite, organizer, person)) == []


# Twenty-five calendars for each start of four programs; making a failing batch smaller would take minutes.
@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=25, max_size=25))
def test_no_text_is_refused_or_read_as_another(
    texts: list[tuple[str, str]], libical: Checker, icaljs: Checker, kcalendarcore: Checker, radicale: Radicale
) -> None:
    invites = [replace(samples.invite(), title=f"Møde {title}", description=text) for title, text in texts]
    named = [replace(AARBY.leader, name=f"Leder {text}") for text, _ in texts]
    calendars = [
        calendar_part(invite, KALUNDBORG.sender, person) for invite, person in zip(invites, named, strict=True)
    ]
    meant = [
        (clean(invite.title), clean(invite.description) if clean(invite.description).strip() else "")
        for invite in invites
    ]

    assert [said.errors for judge in (libical, kcalendarcore, radicale) for said in judge(*calendars)] == [[]] * 75
    read = icaljs(*calendars)
    assert [said.errors for said in read] == [[]] * 25
    assert [(said.read["summary"], said.read["description"]) for said in read] == meant
