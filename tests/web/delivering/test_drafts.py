"""Drafts: what is typed is kept, also when the session has run out meanwhile."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response

from kvalitet.adapters.access.sessions import REMEMBERED
from kvalitet.adapters.delivering import drafts
from kvalitet.adapters.delivering.drafts import Draft
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries
from tests.web import builders
from tests.web.conftest import HIDDEN, Browser, deeds_of, let_in
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, FORM, KEY, LEADER, PAGE

DRAFT = f"{PAGE}/kladde"
AUTHOR = f"mail:{LEADER}"
TYPED = {"follow_up": "Hver anden uge", "efforts.2.effort": "Gåbus"}
JSON = {"accept": "application/json"}


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return forms.planned(store, tmp_path / "home")


def kept(installation: Installation, author: str = AUTHOR) -> Draft | None:
    with installation.store.read() as connection:
        return drafts.draft(connection, KEY, author)


def post(browser: Browser, address: str, token: str, texts: dict[str, str], **headers: str) -> Response:
    data, sent_by = {HIDDEN: token, **texts}, {**browser.headers, **headers}
    answer: Response = browser.client.post(address, data=data, headers=sent_by, follow_redirects=False)
    return answer


def test_a_button_keeps_a_draft_and_the_form_brings_it_back(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        saved = browser.send(DRAFT, TYPED, page=FORM)
        assert (saved.status_code, saved.headers["location"]) == (303, f"{FORM}?sket=kladde")
        page = browser.get(FORM).text
    assert "Din kladde er hentet frem: 22. november 2026 kl. 12.00." in page
    assert "Hver anden uge" in page
    assert "Gåbus" in page
    draft = kept(installation)
    assert draft
    assert (draft.answers["efforts.1.effort"], draft.base_version) == ("Gåbus", 0)


def test_a_script_is_told_when_and_how_long_the_session_lasts(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        saved = post(browser, DRAFT, browser.token(FORM), TYPED, **JSON)
    assert saved.json() == {"saved": "Kladde gemt kl. 12.00", "seconds_left": 3600}


def test_a_draft_belongs_to_its_author_alone(installation: Installation) -> None:
    with forms.reading(installation) as browser, forms.reading(installation, forms.DIRECTOR) as other:
        browser.send(DRAFT, TYPED, page=FORM)
        assert "Hver anden uge" not in other.get(FORM).text


def test_a_newer_draft_takes_the_place_of_an_older_one_and_never_the_other_way(installation: Installation) -> None:
    newer, older = Draft({"a": "ny"}, 1, builders.NOON), Draft({"a": "gammel"}, 0, forms.LAST_AUTUMN)
    with installation.store.write() as connection:
        drafts.save(connection, KEY, "mail:a", older)
        drafts.save(connection, KEY, "mail:a", newer)
        drafts.save(connection, KEY, "mail:a", older)
    assert kept(installation, "mail:a") == newer


def test_a_draft_is_thrown_away_when_asked_for(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        browser.send(DRAFT, TYPED, page=FORM)
        gone = browser.send(f"{DRAFT}/slet", {}, page=FORM)
        assert (gone.status_code, gone.headers["location"]) == (303, FORM)
        assert "Hver anden uge" not in browser.get(FORM).text
    assert kept(installation) is None


def test_a_draft_ends_with_the_delivery_and_one_that_comes_late_is_not_kept(installation: Installation) -> None:
    mark = {"afleveringsmærke": "et mærke"}
    with forms.reading(installation) as browser:
        browser.send(DRAFT, TYPED, page=FORM)
        browser.send(FORM, {**ANSWERS, **mark})
        assert kept(installation) is None
        browser.send(DRAFT, {**TYPED, **mark}, page=FORM)
    assert kept(installation) is None


def test_a_draft_from_before_somebody_elses_version_is_told_of_it(installation: Installation) -> None:
    with forms.reading(installation) as browser, forms.reading(installation, forms.DIRECTOR) as other:
        browser.send(DRAFT, {**ANSWERS, "udgave": "0"}, page=FORM)
        other.send(FORM, {**ANSWERS, "follow_up": "Hver uge"})
        assert 'name="udgave" value="0"' in browser.get(FORM).text
        assert browser.send(FORM, {**ANSWERS, "udgave": "0"}).status_code == 409


@pytest.mark.parametrize("address", [FORM, DRAFT])
def test_what_is_sent_after_the_session_ran_out_is_kept_and_nothing_is_delivered(
    installation: Installation, address: str
) -> None:
    clock = forms.Clock()
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61)
        sent = post(browser, address, token, {**ANSWERS, **TYPED})
        assert (sent.status_code, sent.headers["location"]) == (303, f"/log-ind?til={quote(FORM, safe='')}")
        assert browser.get(FORM).status_code == 303
        let_in(browser.client, installation, LEADER, now=clock.now)
        assert "Hver anden uge" in browser.get(FORM).text
    with installation.store.read() as connection:
        assert deliveries.versions(connection, KEY) == []
        deeds = [(deed.actor, deed.subject, deed.outcome) for deed in deeds_of(connection, "proeveby")]
    # A draft is no deed; what was meant as a delivery is one that was refused.
    assert deeds == [("Leder af Buerup Skole", KEY, 401)] * (address == FORM)


def test_a_script_is_led_to_the_login_when_the_session_ran_out(installation: Installation) -> None:
    clock = forms.Clock()
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61)
        sent = post(browser, DRAFT, token, TYPED, **JSON)
    assert sent.status_code == 401
    assert sent.json()["login"] == f"/log-ind?til={quote(FORM, safe='')}"


def test_after_the_session_a_form_of_another_site_keeps_nothing(installation: Installation) -> None:
    clock = forms.Clock()
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61)
        assert post(browser, DRAFT, "gættet", TYPED).status_code == 403
        assert post(browser, DRAFT, token, TYPED, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert kept(installation) is None


def test_after_the_session_another_schools_form_is_still_not_there(installation: Installation) -> None:
    clock, others = forms.Clock(), DRAFT.replace("323001", "323002")
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61)
        assert post(browser, others, token, TYPED).status_code == 404


def test_after_a_logout_or_a_day_nothing_is_kept(installation: Installation) -> None:
    clock = forms.Clock()
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61 + int(REMEMBERED.total_seconds()) // 60)
        assert post(browser, DRAFT, token, TYPED).headers["location"].startswith("/log-ind?")
    with forms.reading(installation) as browser:
        token = browser.token(FORM)
        post(browser, "/log-ud", token, {})
        post(browser, DRAFT, token, TYPED)
    assert kept(installation) is None


def test_a_page_that_is_only_read_asks_for_a_login_when_the_session_ran_out(installation: Installation) -> None:
    clock = forms.Clock()
    with forms.reading(installation, clock=clock) as browser:
        token = browser.token(FORM)
        clock.forward(minutes=61)
        assert browser.get(PAGE).status_code == 303
        removed = post(browser, f"{DRAFT}/slet", token, {})
        assert removed.headers["location"].startswith("/log-ind?")
