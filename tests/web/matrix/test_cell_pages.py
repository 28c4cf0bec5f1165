"""What is done about a school's deliverable from its cell in the matrix."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import deliveries, outbox
from kvalitet.adapters.store.agreements import contact_notes, extensions
from tests.web import people
from tests.web.conftest import Browser, browsing

KEY = "proeveby.2026-27.local_goals.323001"
CELL = "/proeveby/skole/323001/aflevering/local_goals"
NARROWED = "?skole=buerup&kun=mangler"
OCCURRENCE = f"/proeveby/forekomst/{KEY}"
# Each form of the cell: where it is sent, what is typed, and the word for what was done.
FORMS = {
    "paamind": ({}, "paamindet"),
    "opkald": ({"note": "De er ramt af sygdom."}, "noteret"),
    "udsaet": ({"extended_due": "2026-12-11", "extension_reason": "Ny leder."}, "udsat"),
    "fritag": ({"reason": "Skolen lukker til sommer."}, "fritaget"),
}


def form_of(page: str, name: str) -> dict[str, str]:
    """Give the hidden texts of a form of a page."""
    form = page.split(f'action="{OCCURRENCE}/{name}"')[1].split("</form>", maxsplit=1)[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return {field: unescape(value) for field, value in hidden}


def done(installation: Installation) -> dict[str, bool]:
    with installation.store.read() as connection:
        return {
            "paamind": bool(outbox.mails(connection, "proeveby", occurrence=KEY)),
            "opkald": [note.text for note in contact_notes.of_occurrence(connection, KEY)] == ["De er ramt af sygdom."],
            "udsaet": extensions.dues(connection, "proeveby") == {KEY: date(2026, 12, 11)},
            "fritag": deliveries.waiver(connection, KEY) is not None,
        }


def test_a_cell_goes_on_asking_for_the_same_schools(browser: Browser) -> None:
    page = browser.get(f"/proeveby/skoler{NARROWED}").text
    assert 'href="skole/323001/aflevering/local_goals?skole=buerup&amp;kun=mangler"' in page


@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_a_cell_is_sent_from_there_and_leads_back_to_the_line_of_the_same_matrix(
    browser: Browser, installation: Installation, name: str
) -> None:
    texts, word = FORMS[name]
    page = browser.get(f"{CELL}{NARROWED}").text
    sent = browser.client.post(
        f"{OCCURRENCE}/{name}",
        data={**form_of(page, name), **texts},
        headers=browser.headers,
        follow_redirects=False,
    )
    back = f"/proeveby/skoler{NARROWED}&sket={word}#s323001"
    assert (sent.status_code, sent.headers["location"]) == (303, back)
    assert done(installation) == {each: each == name for each in FORMS}
    matrix = browser.get(back).text
    assert 'id="s323001"' in matrix
    assert matrix.split('id="sket">')[1].split("<")[0] in {
        "Skolen er påmindet.",
        "Opkaldet er noteret.",
        "Skolens frist er udsat.",
        "Skolen er fritaget.",
    }


@pytest.mark.parametrize(("name", "told"), [("opkald", "hvad der blev talt om"), ("fritag", "hvorfor skolen")])
def test_what_is_refused_comes_back_and_still_knows_the_way(browser: Browser, name: str, told: str) -> None:
    page = browser.get(f"{CELL}{NARROWED}").text
    sent = browser.client.post(f"{OCCURRENCE}/{name}", data=form_of(page, name), headers=browser.headers)
    assert (sent.status_code, told in sent.text) == (400, True)
    assert form_of(sent.text, name)["til"] == f"/proeveby/skoler{NARROWED}"


def test_a_form_leads_to_no_other_site(browser: Browser) -> None:
    page = browser.get(CELL).text
    data = {**form_of(page, "opkald"), "note": "Ringet.", "til": "//evil.example/"}
    sent = browser.client.post(f"{OCCURRENCE}/opkald", data=data, headers=browser.headers, follow_redirects=False)
    assert sent.headers["location"] == f"{OCCURRENCE}#opkald"


@pytest.mark.parametrize(
    ("reader", "forms"),
    [
        (people.ADMINISTRATION, {"paamind", "opkald", "udsaet", "fritag"}),
        (people.CONSULTANT, {"paamind", "opkald"}),
        (people.LEADER, None),
        (people.SCHOOL_BOARD, None),
    ],
)
def test_a_cell_offers_what_its_viewer_may_do_and_leads_everybody_else_to_the_page(
    installation: Installation, reader: str, forms: set[str] | None
) -> None:
    with browsing(people.peopled(installation), reader) as opened:
        answer = opened.get(CELL)
    if forms is None:
        assert (answer.status_code, answer.headers["location"]) == (303, OCCURRENCE)
    else:
        assert {name for name in FORMS if f'action="{OCCURRENCE}/{name}"' in answer.text} == forms


def test_a_cell_of_what_is_delivered_leads_to_its_page(browser: Browser) -> None:
    browser.send(f"{OCCURRENCE}/fritag", {"reason": "Skolen er ny."}, page=OCCURRENCE)
    assert browser.get(CELL).headers["location"] == OCCURRENCE
