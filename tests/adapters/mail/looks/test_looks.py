"""What a mail must look like for Outlook, which shows HTML as Word does, for dark screens and for screen readers."""

import colorsys
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from tests.adapters.mail import samples
from tests.adapters.mail.samples import NOW, RENDERER

KINDS = samples.every_kind() | {"moved": (samples.moved_message(), samples.invite(sequence=1))}
MOST_BYTES = 100_000
MOST_LETTERS_OF_A_SUBJECT = 70
VOID = {"meta", "br", "img"}
# Word knows none of these. A width in max-width only, a box in flex or a colour with transparency would be lost.
LOST_IN_WORD = re.compile(
    r"display:\s*(?:flex|grid)|float:|position:|rgba\(|hsla?\(|var\(|calc\(|background-image|linear-gradient"
    r"|box-shadow|border-radius|min-width|opacity|transform|gap:|\b(?:r?em|vw|vh)\b"
)
LEAST_CONTRAST = 4.5

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip


class Page(HTMLParser):
    """Reads a mail: its elements with their attributes, and each text with the colours that it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = styles(given.get("style", ""))
        _, colour, background = self._open[-1]
        self.elements.append((tag, given))
        if tag not in VOID:
            background = style.get("background-color", given.get("bgcolor", background))
            self._open.append((tag, style.get("color", colour), background))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, *_ in self._open}
        if data.strip() and "body" in tags and not tags & {"div"}:
            self.texts.append((data.strip(), *self._open[-1][1:]))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.elements if name == tag]


def styles(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def mail_of(name: str) -> EmailMessage:
    message, invite = KINDS[name]
    mail = message_from_bytes(RENDERER.render(message, now=NOW, invite=invite).content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def html_of(name: str) -> str:
    part = mail_of(name).get_body(("html",))
    assert part
    return str(part.get_content())


def luminance(colour: str, *, inverted: bool = False) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    if inverted:  # as mail readers do it that darken a page themselves: the lightness turned round, the hue kept
        hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
        red, green, blue = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    bent = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * bent[0] + 0.7152 * bent[1] + 0.0722 * bent[2]


def contrast(one: str, other: str, *, inverted: bool = False) -> float:
    dark, light = sorted(luminance(colour, inverted=inverted) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", KINDS)
def test_every_style_stands_at_its_element_but_those_for_dark_and_narrow_screens(name: str) -> None:
    html = html_of(name)
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)

    assert len(blocks) == 1
    rules = re.findall(r"@media ([^{]*)\{(?:[^{}]*\{[^}]*\})*\s*\}", blocks[0])
    assert [rule.strip() for rule in rules] == ["(prefers-color-scheme: dark)", "(max-width: 480px)"]
    assert re.sub(r"@media [^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}", "", blocks[0]).strip() == ""
    assert '<link rel="stylesheet"' not in html


@pytest.mark.parametrize("name", KINDS)
def test_nothing_hangs_on_what_word_does_not_know(name: str) -> None:
    page = Page(html_of(name))
    used = "\n".join(given.get("style", "") for _, given in page.elements)

    assert LOST_IN_WORD.findall(used) == []
    # Word ignores the greatest width of the card: it gets a table of a fixed width of its own, which others do not see.
    assert used.count("max-width") == 1
    frame = r'<!--\[if mso\]><table role="presentation"[^>]* width="600"><tr><td><!\[endif\]-->\s*<table class="card"'
    assert re.search(frame, html_of(name))
    assert html_of(name).count("<!--[if mso]>") == html_of(name).count("<![endif]-->") == 2


@pytest.mark.parametrize("name", KINDS)
def test_a_button_is_a_coloured_cell_since_word_pads_no_link(name: str) -> None:
    html = html_of(name)
    buttons = re.findall(r'<td class="button-cell"[^>]*><a class="button"', html)

    assert len(buttons) == html.count('class="button"')
    for cell in buttons:
        assert 'bgcolor="#0b5cad"' in cell
        assert "mso-padding-alt: 10px 18px" in cell


@pytest.mark.parametrize("name", KINDS)
def test_every_text_names_its_typeface_and_size_since_word_inherits_neither(name: str) -> None:
    for tag, given in Page(html_of(name)).elements:
        if tag in {"p", "li", "h1", "h2", "h3", "caption", "th"}:
            style = styles(given.get("style", ""))
            assert style["font-family"] == "Arial, Helvetica, sans-serif"
            assert style["font-size"].endswith("px")


@pytest.mark.parametrize("name", KINDS)
def test_a_table_is_for_looks_or_has_a_caption_and_headings(name: str) -> None:
    html = html_of(name)
    page = Page(html)
    data = [given for given in page.all("table") if given.get("role") != "presentation"]

    assert len(data) == html.count("<caption")
    assert all(given.get("scope") in {"row", "col"} for given in page.all("th"))
    assert all(given["cellpadding"] == given["cellspacing"] == given["border"] == "0" for given in page.all("table"))


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_fetched_and_every_link_says_where_it_leads(name: str) -> None:
    html = html_of(name)
    page = Page(html)
    links = re.findall(r"<a [^>]*>(.*?)</a>", html, re.DOTALL)

    assert [tag for tag, _ in page.elements if tag in {"img", "script", "link", "iframe", "form", "svg"}] == []
    assert all(given["href"].startswith("https://kvalitet.example/") for given in page.all("a"))
    assert links
    assert all(len(text) > 8 and text.casefold() not in {"klik her", "læs mere"} for text in links)


@pytest.mark.parametrize("name", KINDS)
def test_the_page_is_danish_has_one_heading_and_knows_dark_screens(name: str) -> None:
    html = html_of(name)
    page = Page(html)

    assert page.all("html") == [{"lang": "da"}]
    assert len(page.all("h1")) == 1
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert heading
    assert f"<title>{heading[1]}</title>" in html
    assert {"name": "color-scheme", "content": "light dark"} in page.all("meta")


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_every_text_stands_out_also_where_colours_are_turned_round(name: str, inverted: bool) -> None:  # noqa: FBT001 -- a parameter of the test, given by name
    texts = Page(html_of(name)).texts

    assert len(texts) > 5
    faint = [text for text, *pair in texts if contrast(*pair, inverted=inverted) < LEAST_CONTRAST]
    assert faint == []


def test_the_dark_colours_stand_out_too() -> None:
    block = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", html_of("weekly_digest"), re.DOTALL)
    assert block
    rules = dict(re.findall(r"^(.*?) \{ (?:background-)?color: (#\w{6})", block[1], re.MULTILINE))

    for text in (".head", ".foot, .quiet, caption", ".body, .item-cell, h1, h2, h3, th, .facts td, .figures td", "a"):
        assert contrast(rules[text], rules[".card"]) > LEAST_CONTRAST
    assert contrast(rules[".button"], rules[".button-cell"]) > LEAST_CONTRAST


@pytest.mark.parametrize("name", KINDS)
def test_a_mail_is_small_and_its_subject_short(name: str) -> None:
    message, invite = KINDS[name]
    rendered = RENDERER.render(message, now=NOW, invite=invite)

    assert len(rendered.content) < MOST_BYTES
    assert 10 <= len(rendered.subject) <= MOST_LETTERS_OF_A_SUBJECT


@pytest.mark.parametrize("name", KINDS)
def test_the_headers_are_those_of_an_automatic_mail_and_no_others(name: str) -> None:
    mail = mail_of(name)

    assert sorted(mail.keys()) == sorted(HEADERS)
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == len(mail["Reply-To"].addresses) == 1
    assert mail["References"] == mail["In-Reply-To"]
    assert re.fullmatch(r"<thread\.\w+@kalundborg\.example>", mail["References"])
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply, RN, NRN"
    assert mail["Content-Language"] == "da"


def test_all_mails_about_a_deliverable_have_one_subject_and_one_thread() -> None:
    stages = [mail_of(name) for name in ("reminder", "overdue_notice", "receipt")]

    assert {mail["Subject"] for mail in stages} == {"Lokale mål og delmål 2026/27 – Aarby Skole"}
    assert len({mail["References"] for mail in stages}) == 1
    assert mail_of("invitation")["Subject"] == mail_of("moved")["Subject"]
    assert mail_of("invitation")["References"] == mail_of("moved")["References"]
