"""One school's own date and its phone calls, from the pages."""

from __future__ import annotations

from datetime import date

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import outbox
from kvalitet.adapters.store.agreements import contact_notes, extensions
from tests.web.conftest import Browser, browsing

KEY = "proeveby.2026-27.local_goals.323001"
OCCURRENCE = f"/proeveby/forekomst/{KEY}"
SCHOOL = "/proeveby/skole/323001"
GIVEN = {"extended_due": "2026-12-11", "extension_reason": "Ny leder fra 1. december."}
LEADER, OTHER_LEADER = "s1@skole.example", "s2@skole.example"


def dues(installation: Installation) -> dict[str, date]:
    with installation.store.read() as connection:
        return extensions.dues(connection, "proeveby")


def notes(installation: Installation) -> list[tuple[str, str]]:
    with installation.store.read() as connection:
        return [(note.text, note.noted_by) for note in contact_notes.of_occurrence(connection, KEY)]


def test_a_date_is_extended_shown_with_its_reason_and_taken_back(browser: Browser, installation: Installation) -> None:
    sent = browser.send(f"{OCCURRENCE}/udsaet", GIVEN, page=OCCURRENCE)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{OCCURRENCE}#frist")
    assert dues(installation) == {KEY: date(2026, 12, 11)}
    page = browser.get(OCCURRENCE).text
    assert "Til <strong>fredag den 11. december 2026, uge 50</strong>: Ny leder fra 1. december." in page
    assert "(Fagcenter Børn, 22. november 2026 kl. 12.00)" in page
    assert "De andre skolers frist er 31. august 2026." in page
    assert "Frist udsat" in page
    matrix = browser.get("/proeveby/skoler").text
    assert ' data-label="Skolens egne mål">åben</a><small>udsat til 11. december</small></td>' in matrix
    assert "åben, udsat til 11.12.2026" in browser.get("/proeveby/skoler.csv").text
    activity = browser.get("/proeveby/aktivitet/local_goals").text
    assert '<p class="lead">1. august – 31. august 2026' in activity
    assert '11. december 2026 <span class="note">udsat</span>' in activity
    assert f'href="/proeveby/skole/323001/opkald?om={KEY}"' in activity
    assert browser.send(f"{OCCURRENCE}/udsaet/fortryd", {}, page=OCCURRENCE).status_code == 303
    assert dues(installation) == {}
    assert "udsat til" not in browser.get("/proeveby/skoler").text
    assert browser.send(f"{OCCURRENCE}/udsaet/fortryd", {}, page=OCCURRENCE).status_code == 409


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"extended_due": "2026-12-11"}, "Skriv, hvorfor fristen udsættes; begrundelsen vises på forekomstens side."),
        ({"extended_due": "snart", "extension_reason": "Aftalt med lederen"}, "Vælg den nye frist, og skriv datoen"),
        (
            {"extended_due": "2026-08-30", "extension_reason": "Aftalt med lederen"},
            "Den nye frist skal ligge efter den planlagte, 31.08.2026; vælg en senere dag.",
        ),
    ],
)
def test_a_refused_extension_comes_back_as_it_was_typed(
    browser: Browser, installation: Installation, given: dict[str, str], told: str
) -> None:
    sent = browser.send(f"{OCCURRENCE}/udsaet", given, page=OCCURRENCE)
    assert sent.status_code == 400
    assert told in sent.text
    assert all(text in sent.text for text in given.values())
    assert dues(installation) == {}


def test_a_call_is_noted_on_the_page_of_what_it_was_about(browser: Browser, installation: Installation) -> None:
    sent = browser.send(f"{OCCURRENCE}/opkald", {"note": "Lederen er syg <i dag>."}, page=OCCURRENCE)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{OCCURRENCE}#opkald")
    assert notes(installation) == [("Lederen er syg <i dag>.", "Fagcenter Børn")]
    for address in (OCCURRENCE, SCHOOL):
        page = browser.get(address).text
        assert ">Lederen er syg &lt;i dag&gt;.</" in page
        assert "22. november 2026 kl. 12.00" in page
        assert "Fagcenter Børn" in page[page.index("Lederen er syg") - 300 :]
    assert "<small>1 opkald</small>" in browser.get("/proeveby/skoler").text
    empty = browser.send(f"{OCCURRENCE}/opkald", {"note": " "}, page=OCCURRENCE)
    assert (empty.status_code, "Skriv, hvad der blev talt om." in empty.text) == (400, True)


def test_a_call_is_noted_quickly_from_the_line_of_a_school(browser: Browser, installation: Installation) -> None:
    assert 'href="skole/323001/opkald"' in browser.get("/proeveby/skoler").text
    asked = f"{SCHOOL}/opkald"
    assert f'<option value="{KEY}" selected>' in browser.get(f"{asked}?om={KEY}").text
    sent = browser.send(asked, {"about": KEY, "note": "Kommer i morgen."})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{SCHOOL}#opkald")
    assert notes(installation) == [("Kommer i morgen.", "Fagcenter Børn")]
    empty = browser.send(asked, {"about": KEY, "note": ""})
    assert (empty.status_code, "Skriv, hvad der blev talt om." in empty.text) == (400, True)


def test_a_call_about_another_schools_deliverable_is_not_noted_here(
    browser: Browser, installation: Installation
) -> None:
    sent = browser.send("/proeveby/skole/323002/opkald", {"about": KEY, "note": "Kommer i morgen."})
    assert (sent.status_code, "Vælg, hvad opkaldet handlede om." in sent.text) == (400, True)
    assert "Kommer i morgen." in sent.text
    assert notes(installation) == []


def test_a_school_that_is_not_there_has_no_calls(browser: Browser) -> None:
    assert browser.get("/proeveby/skole/999999/opkald").status_code == 404


def test_a_school_leader_sees_why_the_date_is_another_but_not_the_calls(
    browser: Browser, installation: Installation
) -> None:
    browser.send(f"{OCCURRENCE}/udsaet", GIVEN, page=OCCURRENCE)
    browser.send(f"{OCCURRENCE}/opkald", {"note": "Lederen er syg."}, page=OCCURRENCE)
    with browsing(installation, LEADER) as leader:
        page = leader.get(OCCURRENCE).text
        assert "Ny leder fra 1. december." in page
        for hidden in ("Lederen er syg.", "Tag udsættelsen tilbage", "Udsæt fristen", "Notér et opkald"):
            assert hidden not in page
            assert hidden not in leader.get(SCHOOL).text
        refused = [
            leader.send(f"{OCCURRENCE}/udsaet", GIVEN, page=OCCURRENCE).status_code,
            leader.send(f"{OCCURRENCE}/opkald", {"note": "x"}, page=OCCURRENCE).status_code,
            leader.get(f"{SCHOOL}/opkald").status_code,
        ]
    assert refused == [403, 403, 403]


def test_a_form_without_its_token_changes_nothing(browser: Browser, installation: Installation) -> None:
    browser.get(OCCURRENCE)
    for page, texts in (("udsaet", GIVEN), ("udsaet/fortryd", {}), ("opkald", {"note": "x"})):
        assert browser.client.post(f"{OCCURRENCE}/{page}", data=texts).status_code == 403
    assert browser.client.post(f"{SCHOOL}/opkald", data={"about": KEY, "note": "x"}).status_code == 403
    assert (dues(installation), notes(installation)) == ({}, [])


def test_a_whole_school_is_reminded_from_its_line(browser: Browser, installation: Installation) -> None:
    assert 'href="/proeveby/skole/323001/paamind"' in browser.get(f"{SCHOOL}/opkald").text
    page = browser.get(f"{SCHOOL}/paamind").text
    mark = page.split('name="bestilling" value="')[1].split('"', maxsplit=1)[0]
    sent = browser.send(f"{SCHOOL}/paamind", {"bestilling": mark})
    assert (sent.status_code, sent.headers["location"]) == (303, "/proeveby/udbakke?sket=paamindet")
    with installation.store.read() as connection:
        (mail,) = outbox.mails(connection, "proeveby")
        about = outbox.about(connection, mail.id)
    assert (mail.recipient, set(about)) == (
        LEADER,
        {KEY, "proeveby.2026-27.absence_plan.323001", "proeveby.2026-27.open_school.323001"},
    )
