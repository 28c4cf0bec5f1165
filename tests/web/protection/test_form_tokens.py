"""The token of a browser's forms: written under another mask in each answer, and the same all the time."""

from __future__ import annotations

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store.agreements import contact_notes
from tests.web.conftest import HIDDEN, Browser

KEY = "proeveby.2026-27.local_goals.323001"
PAGE = f"/proeveby/forekomst/{KEY}"


def test_no_two_answers_write_the_token_alike_and_none_as_the_cookie_does(browser: Browser) -> None:
    tokens = {browser.token(PAGE) for _ in range(3)}
    secret = browser.client.cookies["kvalitet_formular"]
    assert (len(tokens), secret in browser.get(PAGE).text) == (3, False)


def test_all_forms_of_one_answer_carry_the_same(browser: Browser) -> None:
    page = browser.get(PAGE).text
    found = {part.split('"', maxsplit=1)[0] for part in page.split(f'name="{HIDDEN}" value="')[1:]}
    assert (page.count(HIDDEN) > 1, len(found)) == (True, 1)


def test_a_page_that_has_not_changed_keeps_its_etag_whatever_the_mask(browser: Browser) -> None:
    browser.get(PAGE)
    first, second = browser.get(PAGE), browser.get(PAGE)
    assert first.text != second.text
    assert first.headers["etag"] == second.headers["etag"]
    again = browser.client.get(PAGE, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_form_that_was_opened_long_ago_can_still_be_sent(browser: Browser, installation: Installation) -> None:
    old = browser.token(PAGE)
    browser.get("/proeveby/")
    sent = browser.client.post(f"{PAGE}/opkald", data={HIDDEN: old, "note": "Ringet."}, headers=browser.headers)
    assert sent.status_code == 200
    with installation.store.read() as connection:
        assert [note.text for note in contact_notes.of_occurrence(connection, KEY)] == ["Ringet."]


@pytest.mark.parametrize("change", [lambda _: "", lambda token: token[:-4], lambda token: f"A{token[1:]}A", str.upper])
def test_what_is_no_token_of_ours_is_refused(browser: Browser, change: object) -> None:
    assert callable(change)
    token = change(browser.token(PAGE))
    sent = browser.client.post(f"{PAGE}/opkald", data={HIDDEN: token, "note": "x"}, headers=browser.headers)
    assert sent.status_code == 403


def test_the_cookie_itself_is_no_form_token(browser: Browser) -> None:
    browser.get(PAGE)
    bare = browser.client.cookies["kvalitet_formular"]
    sent = browser.client.post(f"{PAGE}/opkald", data={HIDDEN: bare, "note": "x"}, headers=browser.headers)
    assert sent.status_code == 403
