"""The pictures of the mails: each as it is rendered for a municipality, on a desk and on a phone, light and dark."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.mail_specimens import Specimen, specimens
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.settings import CHECKOUT
from kvalitet.days import SchoolYear
from kvalitet.invites import Papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

YEAR = SchoolYear(2026)
DEPLOYMENTS = CHECKOUT / "deployments"
# Which mail is shown, of whom, and which of them with dark colours too.
SHOWN = {
    "opening": "kalundborg",
    "reminder": "kalundborg",
    "overdue_notice": "kalundborg",
    "receipt": "kalundborg",
    "invitation": "hvidovre",
    "moved_invitation": "hvidovre",
    "escalation": "hvidovre",
    "weekly_digest": "kalundborg",
}
GUIDES = {"hvidovre": "skoleudviklingssamtale.md", "kalundborg": "ledelseslaeringssamtale.md"}
DESK, PHONE = 680, 360
DARK = {"reminder", "weekly_digest"}


def mail_pictures(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Give the name and the picture of each mail at each width."""
    found = {key: {each.name: each for each in _specimens(key)} for key in GUIDES}
    renderer = Renderer(CHECKOUT / "templates" / "email", "https://kvalitet.example")
    for name, key in SHOWN.items():
        html = _html(renderer, found[key][name])
        for form, width in (("desk", DESK), ("phone", PHONE)):
            yield f"mail-{name}-{form}.png", _picture(browser, html, width, is_dark=False)
        if name in DARK:
            yield f"mail-{name}-dark.png", _picture(browser, html, PHONE, is_dark=True)


def _specimens(key: str) -> list[Specimen]:
    guide = (DEPLOYMENTS / key / "question_guides" / GUIDES[key]).read_text(encoding="utf-8")
    return specimens(load(DEPLOYMENTS / key), YEAR, Papers(guide))


def _html(renderer: Renderer, specimen: Specimen) -> str:
    content = renderer.render(specimen.message, now=specimen.at, invite=specimen.invite).content
    mail = message_from_bytes(content, policy=default)
    part = mail.get_body(("html",)) if isinstance(mail, EmailMessage) else None
    return str(part.get_content()) if part else ""


def _picture(browser: Browser, html: str, width: int, *, is_dark: bool) -> bytes:
    page = browser.new_page(
        viewport={"width": width, "height": 400}, color_scheme="dark" if is_dark else "light", locale="da-DK"
    )
    page.set_content(html)
    taken = page.screenshot(full_page=True)
    page.close()
    return taken
