from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from kvalitet.adapters.errors import OperationError
from kvalitet.announcements import Change
from kvalitet.invites import Invite
from kvalitet.mail_texts import MailKind, MailText, MailTexts, SubjectKind
from kvalitet.messages import Message
from tests.adapters.mail import samples
from tests.adapters.mail.samples import ACTION_PLAN, NOW, RENDERER, SUBGOALS

WORDS = MailText(
    heading="Husk {titel}",
    greeting="Kære {modtager}",
    introduction="Vi i {kommune} mangler\njeres <b>mål</b> & tal.\n\nFristen er {frist}.",
    closing="Der er {dage} til.",
    signature="Mange hilsner\n{afsender}",
)


def with_texts(message: Message, texts: MailTexts) -> Message:
    return replace(message, municipality=replace(message.municipality, mail_texts=texts))


def both(message: Message, invite: Invite | None = None) -> tuple[str, str, str]:
    mail = message_from_bytes(RENDERER.render(message, now=NOW, invite=invite).content, policy=default)
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    return str(mail["Subject"]), text.get_content().replace("\r\n", "\n"), html.get_content()


def test_own_words_stand_in_both_parts_with_their_places_filled_and_nothing_else_changed() -> None:
    _, text, html = both(with_texts(samples.reminder(), MailTexts(mails={MailKind.REMINDER: WORDS})))

    assert text.startswith(
        "Husk Lokale mål og delmål\n\nKære Skoleleder, Aarby Skole\n\n"
        "Vi i Kalundborg Kommune mangler jeres <b>mål</b> & tal.\n\n"
        "Fristen er mandag den 31. august 2026, uge 36.\n\n"
        "* Lokale mål og delmål – Aarby Skole\n"
    )
    assert "\nDer er syv dage til.\n\nMange hilsner\nFagcenter Børn, Læring og uddannelse\n\n--" in text
    assert ">Vi i Kalundborg Kommune mangler jeres &lt;b&gt;mål&lt;/b&gt; &amp; tal.</p>" in html
    assert ">Fristen er mandag den 31. august 2026, uge 36.</p>" in html
    assert "<title>Husk Lokale mål og delmål</title>" in html
    assert ">Mange hilsner<br>Fagcenter Børn, Læring og uddannelse</p>" in html


def test_a_mail_about_several_things_keeps_the_finished_words_where_a_place_has_no_one_answer() -> None:
    subjects = {SubjectKind.DELIVERABLE: "{titel} – {skole}"}
    texts = MailTexts(subjects, {MailKind.REMINDER: replace(WORDS, closing="Hilsen fra {kommune}.")})
    subject, text, _ = both(with_texts(samples.reminder(SUBGOALS, ACTION_PLAN), texts))

    assert subject == "Årshjulet 2026/27: det skal I aflevere"
    assert text.startswith("Frister, der nærmer sig\n\nKære Skoleleder, Aarby Skole\n\nVi mangler jeres aflevering af")
    assert "\nHilsen fra Kalundborg Kommune.\n" in text


def test_an_own_subject_is_the_same_at_every_stage() -> None:
    texts = MailTexts(subjects={SubjectKind.DELIVERABLE: "{skole}: {titel} ({skoleår})"})
    (overdue,) = samples.tasks(date(2026, 9, 2), SUBGOALS)
    mails = (samples.reminder(), overdue, samples.receipt_message())

    assert {both(with_texts(mail, texts))[0] for mail in mails} == {"Aarby Skole: Lokale mål og delmål (2026/27)"}


def test_meetings_have_their_time_and_place_and_a_moved_one_its_own_words() -> None:
    texts = MailTexts(
        {SubjectKind.MEETING: "Møde om {titel}"},
        {
            MailKind.INVITATION: MailText(introduction="Vi ses {tidspunkt}, {sted}."),
            MailKind.MOVED_INVITATION: MailText(introduction="Ny tid: {tidspunkt}."),
        },
    )
    subject, first, _ = both(with_texts(samples.invitation_message(), texts), samples.invite())
    _, moved, _ = both(with_texts(samples.moved_message(), texts), samples.invite(sequence=1))
    cancelled = both(with_texts(samples.cancellation_message(), texts))

    when = "mandag den 14. september 2026, uge 38, kl. 9.00-10.30"
    assert subject == "Møde om Ledelseslæringssamtale"
    assert f"Vi ses {when}, Rådhuset, lokale 3." in " ".join(first.split())
    assert f"Ny tid: {when}." in " ".join(moved.split())
    assert cancelled[0] == "Aflyst: Møde om Ledelseslæringssamtale"


@pytest.mark.parametrize("kind", MailKind)
def test_a_fault_holds_up_its_own_mail_and_no_other(kind: MailKind) -> None:
    fault = "mail_texts.yaml, linje 3, mails.x: Teksten er tom; skriv den, eller slet linjen."
    mails = samples.every_kind()
    mails["moved_invitation"] = (samples.moved_message(), samples.invite(sequence=1))
    mails["reworded_invitation"] = (samples.invitation_message(change=Change.REWORDED), samples.invite())
    held = mails.pop(kind)

    with pytest.raises(OperationError, match=f"kan ikke bruges, og mailen venter. {fault}$"):
        RENDERER.render(with_texts(held[0], MailTexts(faults={kind: fault})), now=NOW, invite=held[1])
    for message, invite in mails.values():
        assert RENDERER.render(with_texts(message, MailTexts(faults={kind: fault})), now=NOW, invite=invite).content
