"""Pausing a school and reminding at once, from the pages."""

from __future__ import annotations

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import outbox
from kvalitet.outgoing import MailState
from tests.web.conftest import Browser

SCHOOL = "/proeveby/skole/323001"
KEY = "proeveby.2026-27.open_school.323001"
OCCURRENCE = f"/proeveby/forekomst/{KEY}"
ACTIVITY = "/proeveby/aktivitet/open_school"
PAUSE = {"first_day": "2026-11-22", "last_day": "2026-12-18", "reason": "Vandskade"}


def mails(installation: Installation) -> list[tuple[str, MailState]]:
    with installation.store.read() as connection:
        return [(mail.recipient, mail.state) for mail in outbox.mails(connection, "proeveby")]


def mark_on(page: str) -> str:
    return page.split('name="bestilling" value="')[1].split('"', maxsplit=1)[0]


def test_a_school_is_put_on_pause_is_shown_so_and_is_taken_off_again(browser: Browser) -> None:
    sent = browser.send(f"{SCHOOL}/pause", PAUSE, page=SCHOOL)
    assert (sent.status_code, sent.headers["location"]) == (303, SCHOOL)
    page = browser.get(SCHOOL).text
    assert "Fra 22. november 2026 til og med 18. december 2026: Vandskade" in page
    for address in (ACTIVITY, "/proeveby/skoler", "/proeveby/", OCCURRENCE):
        assert "på pause" in browser.get(address).text.casefold()
    assert browser.send(f"{SCHOOL}/pause/afslut", {}, page=SCHOOL).status_code == 303
    assert "Afslut pausen nu" not in browser.get(SCHOOL).text
    assert "på pause" not in browser.get(ACTIVITY).text


def test_a_pause_that_cannot_be_is_refused_and_what_was_typed_is_kept(browser: Browser) -> None:
    sent = browser.send(f"{SCHOOL}/pause", {**PAUSE, "last_day": "2026-11-01"}, page=SCHOOL)
    assert sent.status_code == 400
    assert "Pausen ender, før den begynder; ret datoerne." in sent.text
    assert "Vandskade" in sent.text
    without_day = browser.send(f"{SCHOOL}/pause", {"first_day": "i morgen", "reason": "x"}, page=SCHOOL)
    assert "Vælg, hvornår pausen begynder" in without_day.text
    assert browser.send(f"{SCHOOL}/pause/afslut", {}, page=SCHOOL).status_code == 409


def test_the_mail_is_shown_before_it_is_sent_and_is_sent_at_once(browser: Browser, installation: Installation) -> None:
    page = browser.get(f"{OCCURRENCE}/paamind").text
    assert "s1@skole.example" in page
    assert "Den åbne skole 2026/27 – Buerup Skole" in page
    assert "I dag er en lukkedag" in page  # a Sunday
    assert mails(installation) == []
    sent = browser.send(f"{OCCURRENCE}/paamind", {"bestilling": mark_on(page)})
    assert (sent.status_code, sent.headers["location"]) == (303, "/proeveby/udbakke?sket=paamindet")
    assert "Påmindelsen er på vej." in browser.get(sent.headers["location"]).text
    assert "Påmindelsen er på vej." not in browser.get("/proeveby/udbakke").text
    assert mails(installation) == [("s1@skole.example", MailState.SENT)]
    assert "Påmindelse bestilt" in browser.get(OCCURRENCE).text


def test_a_double_click_sends_one_mail(browser: Browser, installation: Installation) -> None:
    mark = {"bestilling": mark_on(browser.get(f"{OCCURRENCE}/paamind").text), "again": "ja"}
    browser.send(f"{OCCURRENCE}/paamind", mark)
    browser.send(f"{OCCURRENCE}/paamind", mark)
    assert len(mails(installation)) == 1


def test_all_who_miss_an_activity_are_reminded_but_those_who_have_had_mail_today_only_when_asked(
    browser: Browser, installation: Installation
) -> None:
    browser.send(f"{OCCURRENCE}/paamind", {})
    page = browser.get(f"{ACTIVITY}/paamind").text
    assert "har fået mail i dag" in page
    browser.send(f"{ACTIVITY}/paamind", {"bestilling": mark_on(page)})
    assert sorted(recipient for recipient, _ in mails(installation)) == [f"s{n}@skole.example" for n in range(1, 6)]
    browser.send(f"{ACTIVITY}/paamind", {"again": "ja"})
    assert len(mails(installation)) == 10


def test_where_nobody_is_to_be_reminded_the_page_says_why(browser: Browser) -> None:
    browser.send(f"{OCCURRENCE}/fritag", {"reason": "Aftalt"}, page=OCCURRENCE)
    page = browser.get(f"{OCCURRENCE}/paamind").text
    assert "Der er ingen at påminde." in page
    assert "er fritaget" in page


def test_an_activity_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/proeveby/aktivitet/findes-ikke/paamind").status_code == 404
