import re
from dataclasses import replace
from datetime import date, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.announcements import Change, Meeting
from kvalitet.invites import Paper, Papers
from kvalitet.letters import News, invitation
from kvalitet.messages import Message
from kvalitet.municipality import Organizer
from kvalitet.timetable import local_slot
from kvalitet.wheel import Role
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, KALUNDBORG, NOW, RENDERER, SUBGOALS, TEMPLATES

KINDS = samples.every_kind()
LONGEST_LINE = 998


@cache
def rendered(name: str) -> EmailMessage:
    message, invite = KINDS[name]
    return parsed(RENDERER.render(message, now=NOW, invite=invite).content)


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def shape(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def test_there_is_a_sample_for_every_folder_of_templates() -> None:
    assert set(KINDS) == {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("name", KINDS)
def test_every_mail_is_rendered_whole_in_both_forms(name: str) -> None:
    mail = rendered(name)

    place = "log-ind/link" if name == "login" else "kalundborg"
    assert mail["Subject"]
    for text in (body(mail, "plain"), body(mail, "html")):
        assert KINDS[name][0].to.name in text
        assert f"https://kvalitet.example/{place}" in text
        assert "{" not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", KINDS)
def test_both_forms_link_to_the_same_places(name: str) -> None:
    mail = rendered(name)
    links = [set(re.findall(r"https://[\w./-]+", body(mail, kind))) for kind in ("plain", "html")]

    assert links[0] == links[1]


@pytest.mark.parametrize("name", KINDS)
def test_bytes_end_lines_as_mail_servers_want_and_are_plain_ascii(name: str) -> None:
    message, invite = KINDS[name]
    content = RENDERER.render(message, now=NOW, invite=invite).content

    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE


@pytest.mark.parametrize("name", KINDS)
def test_the_same_message_gives_the_same_bytes(name: str) -> None:
    message, invite = KINDS[name]
    again = Renderer(TEMPLATES, "https://kvalitet.example").render(message, now=NOW, invite=invite)

    assert again == RENDERER.render(message, now=NOW, invite=invite)


def test_a_mail_without_an_invite_has_two_forms() -> None:
    assert shape(rendered("reminder")) == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize(("name", "method"), [("invitation", "REQUEST"), ("cancellation", "CANCEL")])
def test_an_invite_has_the_shape_that_calendars_act_on(name: str, method: str) -> None:
    mail = rendered(name)
    calendar, file = list(mail.walk())[4:]

    assert shape(mail) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert calendar["Content-Disposition"] is None
    assert file["Content-Disposition"].content_disposition == "attachment"
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True)


def test_an_automatic_mail_says_so_and_whom_to_answer() -> None:
    mail = rendered("reminder")

    assert mail["From"] == "Fagcenter Børn Læring og uddannelse <aarshjul@kalundborg.example>"
    assert mail["To"] == "Skoleleder Aarby Skole <skoleleder.323001@kalundborg.example>"
    assert mail["Reply-To"] == mail["From"]
    assert mail["Date"] == "Mon, 24 Aug 2026 08:00:00 +0200"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply, RN, NRN"
    assert mail["Content-Language"] == "da"
    assert mail["Message-ID"].endswith("@kalundborg.example>")


def test_nobody_outside_can_reckon_out_a_message_id_and_so_forge_a_delivery_report(
    store: Store, tmp_path: Path
) -> None:
    """The keys of mails are known to whoever reads the source, and addresses of school leaders are public."""
    message, _ = KINDS["reminder"]
    ours, others = (Installation(Settings(home=tmp_path), store, (KALUNDBORG,)).renderer for _ in range(2))
    mails = [renderer.render(message, now=NOW) for renderer in (ours, ours, others, RENDERER)]

    assert mails[0] == mails[1]
    assert len({mail.message_id for mail in mails}) == 3


def test_mails_about_the_same_thing_lie_together() -> None:
    first, second, third = rendered("reminder"), rendered("overdue_notice"), rendered("receipt")

    assert first["References"] == second["References"] == third["References"] == first["In-Reply-To"]
    assert first["Subject"] == second["Subject"] == third["Subject"] == "Lokale mål og delmål 2026/27 – Aarby Skole"
    assert len({first["Message-ID"], second["Message-ID"], third["Message-ID"]}) == 3


def test_a_reminder_says_what_by_when_and_where() -> None:
    text = body(rendered("reminder"), "plain")

    assert "* Lokale mål og delmål – Aarby Skole" in text
    assert "Fristen er mandag den 31. august 2026, uge 36, om syv dage." in text
    assert "https://kvalitet.example/kalundborg/forekomst/kalundborg.2026-27.local_goals.323001" in text


def test_an_escalation_lists_the_schools_in_danish_order() -> None:
    text = body(rendered("escalation"), "plain")
    schools = [line.removeprefix("* ").removesuffix(":") for line in text.splitlines() if line.startswith("* ")]

    assert schools == ["Rørby Skole", "Zachariasskolen", "Aarby Skole"]


def test_a_digest_tells_who_is_late_and_what_comes() -> None:
    text = body(rendered("weekly_digest"), "plain")

    assert "Lokale mål og delmål, frist 31. august: 1 af 3\n  Over fristen: Zachariasskolen og Aarby Skole\n" in text
    assert "* torsdag den 10. september: Strategi- og handleplan (frist, tre steder)" in text


def test_an_invitation_holds_the_question_guide() -> None:
    text = body(rendered("invitation"), "plain")

    assert "Før samtalen\nLæs skolens strategi- og handleplan, og tag den med.\n" in text


def changed(change: Change, before: Meeting | None = None) -> EmailMessage:
    message = samples.invitation_message("", change=change, before=before)
    return parsed(RENDERER.render(message, now=NOW, invite=samples.invite(sequence=1)).content)


def test_a_moved_meeting_shows_the_old_time_and_place_struck_out() -> None:
    before = Meeting(local_slot(date(2026, 9, 7), time(13, 0), 60), "Skolen")
    mail = changed(Change.MOVED, before)

    assert "Svar på indkaldelsen igen" in body(mail, "plain")
    assert "           (før: mandag den 7. september 2026, uge 37, kl. 13.00-14.00)\n" in body(mail, "plain")
    assert "           (før: Skolen)\n" in body(mail, "plain")
    assert "Før: <s>mandag den 7. september 2026, uge 37, kl. 13.00-14.00</s>" in body(mail, "html")
    assert "Før: <s>Skolen</s>" in body(mail, "html")
    assert "SPØRGEGUIDE" not in body(mail, "plain")


def test_a_moved_meeting_says_only_what_has_changed() -> None:
    mail = changed(Change.MOVED, Meeting(samples.SLOT, ""))

    assert re.findall(r"\(før: [^)]*\)", body(mail, "plain")) == ["(før: ikke aftalt)"]


def test_new_words_ask_for_no_new_answer() -> None:
    text = body(changed(Change.REWORDED), "plain")

    assert "Tid og sted er de samme. Har du svaret, behøver du ikke svare igen." in " ".join(text.split())


def test_the_subject_of_a_meeting_stays_the_same() -> None:
    subjects = {str(changed(change)["Subject"]) for change in (Change.INVITED, Change.MOVED, Change.REWORDED)}

    assert subjects == {"Ledelseslæringssamtale 2026/27 – Aarby Skole"}


def test_files_lie_behind_the_calendar_and_the_mail_names_them() -> None:
    files = (Paper("Spørgeguide.txt", "Hvad går godt?".encode()), Paper("Dagsorden.pdf", b"%PDF-1.7"))
    invite = replace(samples.invite(), files=files)
    news = News(papers=Papers("Hvad går godt?", files))
    message = invitation(KALUNDBORG, samples.occurrence(DIALOGUE, AARBY), AARBY.leader, invite, news)
    mail = parsed(RENDERER.render(message, now=NOW, invite=invite).content)

    assert shape(mail) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
        "text/plain", "application/pdf",
    ]  # fmt: skip
    attached = [(part.get_filename(), part.get_payload(decode=True)) for part in list(mail.walk())[6:]]
    assert attached == [(file.name, file.content) for file in files]
    assert "Vedhæftet: Spørgeguide.txt og Dagsorden.pdf\n" in body(mail, "plain")


def test_a_mail_on_behalf_of_somebody_comes_from_there_and_says_who_sends_it() -> None:
    organizer = Organizer(Role.DIRECTOR, "Direktionen", "direktionen@kalundborg.example")
    invite = replace(samples.invite(), organizer=organizer)
    mail = parsed(RENDERER.render(samples.invitation_message(), now=NOW, invite=invite).content)

    assert str(mail["From"]) == str(mail["Reply-To"]) == "Direktionen <direktionen@kalundborg.example>"
    assert mail["Sender"].addresses[0].addr_spec == "aarshjul@kalundborg.example"


def test_what_a_template_misses_is_an_error_that_names_the_mail(tmp_path: Path) -> None:
    folder = tmp_path / "reminder"
    folder.mkdir()
    for part in ("subject.txt", "body.txt", "body.html"):
        (folder / part).write_text("{{ ingen_kender_mig }}", encoding="utf-8")
    message = samples.reminder()

    with pytest.raises(OperationError, match=r"^Mailen »tasks:kalundborg:2026-08-24:.*« kan ikke sættes op: "):
        Renderer(tmp_path, "https://kvalitet.example").render(message, now=NOW)


def addressed(name: str, address: str) -> Message:
    message = samples.reminder()
    return replace(message, to=replace(message.to, name=name, address=address))


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example>\r\nRCPT TO:<evil@d.example",
        "a@b.example, c@d.example",
        "åse@b.example",
        "ingen",
        "",
    ],
)
def test_what_is_not_one_address_gets_no_mail(address: str) -> None:
    with pytest.raises(OperationError, match="kan ikke sættes op"):
        RENDERER.render(addressed("Skole", address), now=NOW)


def test_a_danish_domain_is_written_as_servers_know_it() -> None:
    assert RENDERER.render(addressed("Skole", "skole@rødby.example"), now=NOW).recipient == (
        "skole@xn--rdby-gra.example"
    )


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_nothing_in_a_name_can_add_a_header_or_a_recipient(name: str) -> None:
    mail = parsed(RENDERER.render(addressed(name, "a@b.example"), now=NOW).content)

    assert mail.keys() == rendered("reminder").keys()
    assert [address.addr_spec for address in mail["To"].addresses] == ["a@b.example"]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_nothing_in_a_title_can_add_a_header_or_markup(title: str) -> None:
    message = samples.reminder(SUBGOALS)
    items: Any = message.values["items"]
    item = items[0]
    hostile = replace(item, occurrence=replace(item.occurrence, title=title + "\r\nBcc: x@y.example<script>"))
    mail = parsed(RENDERER.render(replace(message, values={**message.values, "items": (hostile,)}), now=NOW).content)

    assert mail["Bcc"] is None
    assert "<script" not in body(mail, "html")
