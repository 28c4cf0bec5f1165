"""Approving and sending back on the page of an occurrence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, log, outbox
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, DIRECTOR, FORM, KEY, LEADER, PAGE

DECIDE = f"{PAGE}/afgoer"
RETURNED = {"afgørelse": "sent_back", "udgave": "1", "kommentar": "Skriv også, hvem der følger op."}


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made = forms.planned(store, tmp_path / "home")
    with forms.reading(made) as browser:
        browser.send(FORM, ANSWERS)
    return made


def mails(installation: Installation) -> list[tuple[str, str]]:
    with installation.store.read() as connection:
        return sorted((mail.template, mail.recipient) for mail in outbox.mails(connection, "proeveby"))


def test_the_director_approves_and_the_school_hears_of_it(installation: Installation) -> None:
    with forms.reading(installation, DIRECTOR) as browser:
        sent = browser.send(DECIDE, {"afgørelse": "approved", "udgave": "1"}, page=PAGE)
        assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}?sket=godkendt")
        page = browser.get(sent.headers["location"]).text
    assert "Afleveringen er godkendt, og skolen får en mail om det." in page
    assert "Udgave 1, Direktøren, 22. november 2026 kl. 12.00." in page
    assert mails(installation) == [("approved", LEADER), ("receipt", LEADER)]
    with installation.store.read() as connection:
        (event,) = log.events(connection, "proeveby", event="approved")
    assert (event.actor, event.detail) == ("Direktøren", "udgave 1")


def test_what_is_sent_back_is_shown_to_the_school_with_the_comment(installation: Installation) -> None:
    with forms.reading(installation, DIRECTOR) as browser:
        assert browser.send(DECIDE, RETURNED, page=PAGE).headers["location"] == f"{PAGE}?sket=retur"
    with forms.reading(installation) as browser:
        assert "sendt retur" in browser.get(PAGE).text
        assert "Direktøren skriver: Skriv også, hvem der følger op." in browser.get(FORM).text
        browser.send(FORM, {**ANSWERS, "follow_up": "Lederen, hver måned"})
        page = browser.get(PAGE).text
    assert "Udgave 2" in page
    assert "<strong>Sendt retur</strong> af Direktøren" in page
    assert ("sent_back", LEADER) in mails(installation)


def test_sending_back_needs_a_comment_and_what_was_typed_stands(installation: Installation) -> None:
    with forms.reading(installation, DIRECTOR) as browser:
        refused = browser.send(DECIDE, {**RETURNED, "kommentar": " "}, page=PAGE)
        unknown = browser.send(DECIDE, {**RETURNED, "afgørelse": "måske"}, page=PAGE)
    assert refused.status_code == unknown.status_code == 400
    assert "Skriv, hvad skolen skal rette; kommentaren kommer med i mailen." in refused.text
    assert "Skriv også, hvem der følger op.</textarea>" in unknown.text


def test_a_decision_is_taken_back(installation: Installation) -> None:
    with forms.reading(installation, DIRECTOR) as browser:
        browser.send(DECIDE, RETURNED, page=PAGE)
        undone = browser.send(f"{DECIDE}/fortryd", {"udgave": "1"}, page=PAGE)
        assert "Afgørelsen er fortrudt." in browser.get(undone.headers["location"]).text
    with installation.store.read() as connection:
        (version,) = deliveries.versions(connection, KEY)
    assert (version.decision, version.comment) == (None, "")


def test_nobody_decides_on_a_version_that_they_have_not_seen(installation: Installation) -> None:
    with forms.reading(installation, DIRECTOR) as browser, forms.reading(installation) as school:
        token_page = PAGE
        school.send(FORM, {**ANSWERS, "follow_up": "Hver uge"})
        for address, texts in ((DECIDE, RETURNED), (f"{DECIDE}/fortryd", {"udgave": "1"})):
            refused = browser.send(address, texts, page=token_page)
            assert refused.status_code == 400
            assert "Der er kommet en nyere udgave (2) af »Handleplan«; læs den først." in refused.text


def test_a_school_does_not_decide_on_its_own_delivery(installation: Installation) -> None:
    with forms.reading(installation) as browser:
        assert "Læst udgave 1?" not in browser.get(PAGE).text
        assert browser.send(DECIDE, RETURNED, page=FORM).status_code == 403
        assert browser.send(f"{DECIDE}/fortryd", {"udgave": "1"}, page=FORM).status_code == 403
