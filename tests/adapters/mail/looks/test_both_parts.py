"""The text part of a mail tells the same as its HTML, in the same order."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

import pytest

from kvalitet.adapters.danish import MONTHS
from kvalitet.letters import ActivityProgress
from kvalitet.status import Progress
from tests.adapters.mail import samples
from tests.adapters.mail.samples import KALUNDBORG, NOW, RENDERER

KINDS = samples.every_kind() | {
    "moved": (samples.moved_message(), samples.invite(sequence=1)),
    "waiting for a word": (samples.reminder_of_a_file(), None),
    "delivered again": (samples.receipt_message(version=2), None),
}
DATE = rf"\d{{1,2}}\. (?:{'|'.join(MONTHS)})(?: \d{{4}})?"
NAMES = (
    *(school.name for school in KALUNDBORG.schools),
    *(activity.title for activity in KALUNDBORG.wheel.activities),
    *(contact.name for contact in KALUNDBORG.contacts),
    KALUNDBORG.sender.name,
)
FACT = re.compile("|".join([DATE, r"uge \d+", r"kl\. [\d.-]+", r"\d+ af \d+", *map(re.escape, NAMES)]))


def parts(name: str) -> tuple[str, str]:
    """Give the text and the HTML of a mail, the HTML without what is only shown in a list of mails."""
    message, invite = KINDS[name]
    mail = message_from_bytes(RENDERER.render(message, now=NOW, invite=invite).content, policy=default)
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    shown = re.sub(r'<head>.*?</head>|<div class="preheader".*?</div>', "", html.get_content(), flags=re.DOTALL)
    return text.get_content(), shown


def read_aloud(html: str) -> str:
    """Give the words of a piece of HTML as they stand in it."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", " ", html, flags=re.DOTALL)))


def words(text: str) -> list[str]:
    return re.findall(r"[\w»«]+", text.casefold())


@pytest.mark.parametrize("name", KINDS)
def test_dates_times_figures_titles_and_names_come_in_the_same_order(name: str) -> None:
    text, html = parts(name)

    found = FACT.findall(" ".join(text.split()))
    assert found == FACT.findall(" ".join(read_aloud(html.replace(KALUNDBORG.name, "", 1)).split()))
    assert len(found) >= 4


@pytest.mark.parametrize("name", KINDS)
def test_links_come_in_the_same_order(name: str) -> None:
    text, html = parts(name)

    assert re.findall(r"https://\S+", text) == re.findall(r'href="([^"]+)"', html)


@pytest.mark.parametrize("name", KINDS)
def test_no_sentence_stands_in_only_one_of_them(name: str) -> None:
    text, html = parts(name)
    of_the_text, of_the_html = set(words(re.sub(r"https://\S+", "", text))), set(words(read_aloud(html)))

    # What the HTML has beyond the text: the sender's head and captions for those who hear a table read aloud.
    headings = set(words("Kalundborg Kommune Mødet Det aflyste møde Afleveringen Punkt Afleveret Mangler"))
    captions = set(words("Hvor mange der har afleveret, og hvem der mangler"))
    assert of_the_text - of_the_html == set()
    assert of_the_html - of_the_text - headings - captions == set()


@pytest.mark.parametrize("name", KINDS)
def test_the_list_of_mails_shows_what_the_mail_is_about_and_by_when(name: str) -> None:
    message, invite = KINDS[name]
    mail = message_from_bytes(RENDERER.render(message, now=NOW, invite=invite).content, policy=default)
    assert isinstance(mail, EmailMessage)
    html = mail.get_body(("html",))
    assert html
    preheader = re.search(r'<div class="preheader"[^>]*>(.*?)</div>', html.get_content(), re.DOTALL)

    assert preheader
    assert 15 <= len(preheader[1].strip()) <= 150
    assert FACT.search(preheader[1])


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (0, "Ingen har afleveret endnu"),
        (1, "Mangler endnu: otte steder"),
        (6, "Mangler endnu: Skole 6, Skole 7 og Skole 8"),
        (9, "Alle har afleveret"),
    ],
)
def test_a_digest_names_those_who_are_missing_only_where_they_are_few(done: int, told: str) -> None:
    names = tuple(f"Skole {number}" for number in range(done, 9))
    row = ActivityProgress("Mål", date(2026, 9, 30), Progress(done, 9), names, ())
    message = replace(samples.digest_message(), values={**samples.digest_message().values, "rows": (row,)})
    mail = message_from_bytes(RENDERER.render(message, now=NOW).content, policy=default)
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html

    assert told in " ".join(text.get_content().split())
    assert told in " ".join(read_aloud(html.get_content()).split())
