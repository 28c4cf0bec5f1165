"""A template or a municipality's text that cannot be used holds up its own mails; all others of the same run go out."""

import shutil
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from flows.follow_up import run as follow_up
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.mail.writing.explaining import UnwritableMailError
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.adapters.store import Store, deliveries, log
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.mail_texts import MailKind, MailTexts
from kvalitet.wheel import MeetingPlan
from tests.adapters.installed import installation
from tests.adapters.mail import samples
from tests.builders import AARBY, CONSULTANT, DIRECTOR, RORBY, activity, dialogue, instant, municipality
from tests.flows.playing import mailed, turned

SHIPPED = CHECKOUT / "templates" / "email"
HERE = municipality(
    activity(due="start-09-14"), dialogue(opens="start-08-24", due="start-10-last"), schools=(AARBY, RORBY)
)
# Deliverables open on the 17th, the meetings' invitations go out on the 24th, the first reminder on the 31st.
FIRST, LAST = "2026-08-17", "2026-08-31"
KEY = "proeveby.2026-27.local_goals.323001"
POISON = "Kære alle\n{{ ingen_kender_mig }}\n"
TOLD = (
    "{0} kan ikke sættes op og venter: skabelonen {1}/body.txt, linje 2: navnet »ingen_kender_mig« findes ikke "
    "i denne mail."
)
MOST_MEMORY = 100_000_000


def templates(root: Path, name: str = "reminder", poison: str = POISON) -> Path:
    """Copy the templates that ship, and spoil the text part of one mail."""
    folder = root / "templates"
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    (folder / name / "body.txt").write_text(poison, encoding="utf-8")
    return folder


def with_templates(made: Installation, folder: Path) -> Installation:
    made.__dict__["renderer"] = Renderer(folder, "https://kvalitet.example")
    return made


# What the same days bring with the templates that ship.
WHOLE = {
    ("2026-08-17", "opening"),
    ("2026-08-17", "invitation"),
    ("2026-08-17", "weekly_digest"),
    ("2026-08-24", "weekly_digest"),
    ("2026-08-31", "reminder"),
    ("2026-08-31", "weekly_digest"),
}
EVERY = tuple(dict.fromkeys(template for _, template in WHOLE))


def sent(made: Installation) -> set[tuple[str, str]]:
    return {(mail.day, mail.template) for mail in mailed(made, *EVERY)}


def test_the_shipped_templates_send_all(store: Store, tmp_path: Path) -> None:
    made = installation(store, tmp_path, HERE)

    assert turned(made, HERE, FIRST, LAST) == []
    assert sent(made) == WHOLE


@pytest.mark.parametrize("name", ["opening", "reminder", "invitation", "weekly_digest"])
def test_all_other_mails_of_the_same_days_go_out(store: Store, tmp_path: Path, name: str) -> None:
    made = with_templates(installation(store, tmp_path, HERE), templates(tmp_path, name))
    failures = turned(made, HERE, FIRST, LAST)

    assert sent(made) == {(day, template) for day, template in WHOLE if template != name}
    count = "En mail" if name == "weekly_digest" else "To mails"
    assert set(failures) == {TOLD.format(count, name)}
    with store.read() as connection:
        events = log.events(connection, HERE.key, event="mail_unwritable")
    assert {event.detail for event in events} == {TOLD.format(count, name).partition("venter: ")[2]}
    assert len({event.at.date() for event in events}) == len(events)


def test_what_was_held_up_goes_out_once_the_template_is_right_again(store: Store, tmp_path: Path) -> None:
    made = with_templates(installation(store, tmp_path, HERE), templates(tmp_path, "opening"))
    turned(made, HERE, FIRST)
    shutil.copy(SHIPPED / "opening" / "body.txt", tmp_path / "templates" / "opening" / "body.txt")

    assert turned(with_templates(made, tmp_path / "templates"), HERE, "2026-08-18") == []
    found = [(mail.day, mail.recipient) for mail in mailed(made, "opening")]
    assert sorted(found) == [("2026-08-18", school.leader.address) for school in (AARBY, RORBY)]


def test_a_changed_meeting_that_cannot_be_told_of_holds_up_no_other(store: Store, tmp_path: Path) -> None:
    turned(installation(store, tmp_path, HERE), HERE, FIRST)
    leader = replace(AARBY.leader, address="ny.leder@proeveby.example")
    meeting = dialogue(opens="start-08-24", due="start-10-last", meeting=MeetingPlan(place="Rådhuset"))
    there = municipality(activity(due="start-09-14"), meeting, schools=(replace(AARBY, leader=leader), RORBY))
    made = with_templates(installation(store, tmp_path, there), templates(tmp_path, "uninvited"))

    assert set(turned(made, there, "2026-08-18")) == {TOLD.format("En mail", "uninvited")}
    assert {mail.recipient for mail in mailed(made, "invitation") if mail.day == "2026-08-18"} == {
        DIRECTOR.address,
        RORBY.leader.address,
    }

    shutil.copy(SHIPPED / "uninvited" / "body.txt", tmp_path / "templates" / "uninvited" / "body.txt")
    assert turned(with_templates(made, tmp_path / "templates"), there, "2026-08-19") == []
    found = [(mail.template, mail.recipient) for mail in mailed(made) if mail.day == "2026-08-19"]
    assert sorted(found) == [
        ("invitation", DIRECTOR.address),
        ("invitation", leader.address),
        ("uninvited", AARBY.leader.address),
    ]


def test_whose_mail_was_held_up_hears_of_it_afterwards_though_others_have_heard_of_the_same(
    store: Store, tmp_path: Path
) -> None:
    made = with_templates(installation(store, tmp_path, HERE), templates(tmp_path, "escalation"))
    turned(made, HERE, FIRST, "2026-09-21")
    assert mailed(made, "escalation") == []
    before = len(mailed(made, "overdue_notice"))
    shutil.copy(SHIPPED / "escalation" / "body.txt", tmp_path / "templates" / "escalation" / "body.txt")

    assert turned(with_templates(made, tmp_path / "templates"), HERE, "2026-09-22", "2026-09-23") == []
    (told,) = mailed(made, "escalation")
    assert (told.day, told.recipient, len(told.about)) == ("2026-09-22", CONSULTANT.address, 2)
    assert len(mailed(made, "overdue_notice")) == before


def test_a_delivery_is_kept_when_its_receipt_cannot_be_written(store: Store, tmp_path: Path) -> None:
    made = with_templates(installation(store, tmp_path, HERE), templates(tmp_path, "receipt"))
    turned(made, HERE, FIRST)
    deliver(made, KEY, Submission({"goal": "3 %"}, "Skoleleder"), now=instant("2026-08-20"))

    with store.read() as connection:
        assert [kept.version for kept in deliveries.versions(connection, KEY)] == [1]
        (event,) = log.events(connection, HERE.key, event="mail_unwritable")
    assert event.detail.startswith("skabelonen receipt/body.txt, linje 2: ")
    assert mailed(made, "receipt") == []
    assert not any(KEY in mail.about for mail in mailed(made, "reminder"))


def test_words_of_a_municipality_that_cannot_be_used_hold_up_only_their_mail(store: Store, tmp_path: Path) -> None:
    fault = "mail_texts.yaml, linje 8, mails.reminder.introduction: Pladsen {dato} kendes ikke her."
    here = replace(HERE, mail_texts=MailTexts(faults={MailKind.REMINDER: fault}))
    made = installation(store, tmp_path, here)
    failures = turned(made, here, FIRST, LAST)

    assert sent(made) == {(day, template) for day, template in WHOLE if template != "reminder"}
    assert failures == [
        f"To mails kan ikke sættes op og venter: Kommunens egen tekst kan ikke bruges, og mailen venter. {fault}"
    ]


def test_a_run_by_hand_tells_of_it_too(store: Store, tmp_path: Path) -> None:
    made = with_templates(installation(store, tmp_path, HERE), templates(tmp_path, "opening"))
    turned(made, HERE, "2026-08-03")
    outcome = follow_up(made, HERE, now=instant(FIRST))

    assert outcome.summary == "0 mails lagt i udbakken."
    assert outcome.failures == (TOLD.format("To mails", "opening"),)


POISONS = {
    "a syntax error": ("{% if %}", "en kode er skrevet forkert (Expected an expression, got 'end of statement block')"),
    "an unknown tag": ("{% import_all %}", "en kode er skrevet forkert (Encountered unknown tag 'import_all'.)"),
    "an unknown filter": ("{{ to.name | shout }}", "en kode er skrevet forkert (No filter named 'shout'.)"),
    "an unknown name": ("{{ to.nickname }}", "navnet »nickname« findes ikke i denne mail"),
    "a billion letters": ("{{ 'a' * 10**9 }}", "regnetegnet ** må ikke bruges her"),
    "a billion letters at once": ("{{ 'a' * 1000000000 }}", "TOO_MUCH"),
    "a billion letters by padding": ("{{ 'a'.ljust(1000000000) }}", "»ljust« må ikke bruges i en skabelon"),
    "a billion letters by a form": ("{{ '{:>1000000000}'.format(1) }}", "»format« må ikke bruges i en skabelon"),
    "a billion letters by an old form": ("{{ '%1000000000d' % 1 }}", "regnetegnet % må ikke bruges her"),
    "a billion letters by a date": ("{{ today.strftime('%999999999d') }}", "»strftime« må ikke bruges i en skabelon"),
    "a text that doubles": ("{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40, "TOO_MUCH"),
    "a text that doubles by plus": ("{% set a = 'ab' %}" + "{% set a = a + a %}" * 40, "TOO_MUCH"),
    "a block that doubles": ("{% set a %}abc{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40, "TOO_MUCH"),
    "a number that grows": ("{% set a = 99999999999 %}" + "{% set a = a * a %}" * 40, "TOO_MUCH"),
    "a long range": ("{% for x in range(1000000000) %}{% endfor %}", "OverflowError"),
    "loops inside loops": (
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "TOO_MUCH",
    ),
    "a macro that calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", "TOO_MUCH",
    ),
    "a macro that never ends": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
    "a template that includes itself": ("{% include 'reminder/body.txt' %}", "RecursionError"),
    "the inside of an object": ("{{ to.__class__.__mro__ }}", "»__class__« må ikke bruges i en skabelon"),
    "the inside of a text": ("{{ ''.__class__ }}", "»__class__« må ikke bruges i en skabelon"),
    "the inside of a function": ("{{ link.__globals__ }}", "»__globals__« må ikke bruges i en skabelon"),
    "the inside of a function by a filter": ("{{ [link] | map(attribute='__globals__') | first }}", "»__globals__«"),
    "a division by nothing": ("{{ 1 / 0 }}", "noget kan ikke regnes ud (ZeroDivisionError: division by zero)"),
}  # fmt: skip


@pytest.mark.parametrize("poison", POISONS)
def test_a_poison_is_one_sentence_and_neither_time_nor_memory(tmp_path: Path, poison: str) -> None:
    text, told = POISONS[poison]
    renderer = Renderer(templates(tmp_path, "reminder", f"Hej\n{text}\n"), "https://kvalitet.example")
    if "billion" in poison or "doubles" in poison:  # to look takes long
        tracemalloc.start()
    with pytest.raises(UnwritableMailError) as refused:
        renderer.render(samples.reminder(), now=samples.NOW)
    _, most = tracemalloc.get_traced_memory()  # nothing, where it was not looked at
    tracemalloc.stop()

    expected = told.replace("TOO_MUCH", "skabelonen kører i ring, eller teksten bliver for lang")
    assert refused.value.reason.startswith("skabelonen reminder/body.txt, linje 2: ")
    assert expected in refused.value.reason
    assert "\n" not in refused.value.reason
    assert most < MOST_MEMORY


def test_after_a_poison_the_same_renderer_writes_all_other_mails(tmp_path: Path) -> None:
    folder = templates(
        tmp_path, "reminder", "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
    )
    renderer = Renderer(folder, "https://kvalitet.example")
    for _ in range(3):
        with pytest.raises(UnwritableMailError, match="kører i ring"):
            renderer.render(samples.reminder(), now=samples.NOW)
    others = {name: given for name, given in samples.every_kind().items() if name != "reminder"}

    for message, invite in others.values():
        expected = samples.RENDERER.render(message, now=samples.NOW, invite=invite)
        assert renderer.render(message, now=samples.NOW, invite=invite) == expected


def test_a_template_that_is_missing_is_told_by_its_name(tmp_path: Path) -> None:
    folder = templates(tmp_path)
    (folder / "reminder" / "subject.txt").unlink()

    with pytest.raises(
        UnwritableMailError, match=r"skabelonen reminder/subject.txt: skabelonen mangler i mappen templates\.$"
    ):
        Renderer(folder, "https://kvalitet.example").render(samples.reminder(), now=samples.NOW)
