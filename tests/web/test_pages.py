from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvalitet.adapters.installation import DEMONSTRATION, Installation
from kvalitet.adapters.store import log
from kvalitet.web.security import POLICY
from tests.web.conftest import Browser, browsing

SCHOOL = "323001"
GOALS = f"/proeveby/forekomst/proeveby.2026-27.local_goals.{SCHOOL}"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
PAGES = (
    "/proeveby/",
    "/proeveby/tidslinje",
    "/proeveby/liste",
    "/proeveby/skoler",
    f"/proeveby/skole/{SCHOOL}",
    "/proeveby/aktivitet/local_goals",
    GOALS,
    f"{GOALS}/aflever",
    MEETING,
    "/proeveby/forhaandsvisning?dato=2026-11-23",
    "/proeveby/udbakke",
    "/proeveby/indbakke",
    "/proeveby/kalendere",
    "/proeveby/maal",
    "/proeveby/log",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_shown_in_danish_and_well_protected(browser: Browser, address: str) -> None:
    page = browser.get(address)
    assert page.status_code == 200
    assert '<html lang="da">' in page.text
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    ours = re.compile(r'<script (defer )?src="/static/[\w.]+\.js"( defer)?>')
    assert [script for script in re.findall(r"<script[^>]*>", page.text) if not ours.fullmatch(script)] == []
    assert " style=" not in page.text


def test_the_board_says_who_is_missing(browser: Browser) -> None:
    page = browser.get("/proeveby/").text
    assert "Årshjul 2026/27" in page
    assert "Åmoseskolen" in page
    assert "2 overskredet" in page


def test_schools_stand_in_danish_order(browser: Browser) -> None:
    page = browser.get("/proeveby/skoler").text
    body = page[page.index("<tbody>") :]
    places = [
        body.index(name) for name in ("Buerup Skole", "Hvidebækskolen", "Kalundborg Skole", "Åmoseskolen", "Årby")
    ]
    assert places == sorted(places)


def test_the_matrix_can_leave_out_those_who_have_delivered_all(browser: Browser) -> None:
    for activity in ("local_goals", "absence_plan", "open_school"):
        key = f"/proeveby/forekomst/proeveby.2026-27.{activity}.{SCHOOL}"
        browser.send(f"{key}/fritag", {"reason": "Skolen er ny."}, page=key)
    page = browser.get("/proeveby/skoler?kun=mangler").text
    assert "Buerup Skole" not in page
    assert "Årby Skole" in page
    assert "Buerup Skole" in browser.get("/proeveby/skoler").text


def test_another_day_shows_another_status(browser: Browser) -> None:
    page = browser.get("/proeveby/?dato=2026-08-02").text
    assert "Set fra søndag den 2. august 2026" in page
    assert 'class="overdue-text"' in browser.get("/proeveby/").text
    assert 'class="overdue-text"' not in page


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nowhere/", 404, "Kommunen »nowhere« findes ikke her."),
        ("/proeveby/skole/999999", 404, "Prøveby Kommune har ingen skole med institutionsnummer 999999."),
        ("/proeveby/forekomst/proeveby.2026-27.nothing", 404, "findes ikke i planen for Prøveby Kommune."),
        ("/proeveby/aktivitet/nothing", 404, "Årshjulet for 2026/27 har ingen aktivitet »nothing«."),
        ("/proeveby/mail/77", 404, "Mail nr. 77 findes ikke hos Prøveby Kommune."),
        ("/proeveby/?skoleaar=2019-20", 404, "Skoleåret 2019/20 er ikke planlagt for Prøveby Kommune."),
        ("/proeveby/?skoleaar=i-fjor", 400, "»i-fjor« er ikke et skoleår; skriv det som 2026/27."),
        ("/proeveby/?dato=i-morgen", 400, "»i-morgen« er ikke en dato; skriv den som 2026-11-01."),
        ("/proeveby/?dato=9999-12-31", 400, "Datoen ligger for langt ude i fremtiden; vælg en anden."),
        ("/proeveby/udbakke?tilstand=tabt", 400, "»tabt« er ikke en tilstand, som en mail kan have."),
        ("/proeveby/mail/99999999999999999999", 404, "findes ikke hos Prøveby Kommune."),
        ("/proeveby/mail/99999999999999999999999", 404, "Adressen findes ikke."),
        ("/proeveby/forekomst/a%00b", 404, "Adressen findes ikke."),
        ("/proeveby/skole/%00", 404, "Adressen findes ikke."),
        (f"/proeveby/?dato={'9' * 9000}", 400, f"»{'9' * 40}« er ikke en dato"),
        ("/a/b/c/d", 404, "Adressen findes ikke."),
    ],
)
def test_a_wrong_address_gets_one_sentence_that_says_what_is_wrong(
    browser: Browser, address: str, status: int, sentence: str
) -> None:
    page = browser.get(address)
    assert page.status_code == status
    assert sentence in page.text
    assert "Traceback" not in page.text


def test_what_waits_for_something_else_says_so(browser: Browser) -> None:
    page = browser.get(f"/proeveby/forekomst/proeveby.2026-27.effort.{SCHOOL}").text
    assert "<dt>Venter på</dt><dd>Skolens egne mål" in page
    assert "og senest 31. januar 2027." in page
    browser.send(f"{GOALS}/aflever", {"goal": "Flere i skole.", "percent": "5,4"})
    assert "Venter på" not in browser.get(f"/proeveby/forekomst/proeveby.2026-27.effort.{SCHOOL}").text


def test_the_log_speaks_danish(browser: Browser, installation: Installation) -> None:
    browser.send(f"{GOALS}/aflever", {"goal": "Flere i skole.", "percent": "5,4"})
    page = browser.get("/proeveby/log").text
    assert "Kvittering: Skolens egne mål 2026/27 – Buerup Skole" in page
    assert "receipt" not in page


def test_the_front_page_counts_the_schools_of_the_year(browser: Browser, installation: Installation) -> None:
    assert browser.get("/").headers["location"] == "/proeveby/"
    (found,) = installation.municipalities
    both = replace(installation, municipalities=(found, replace(found, key="andenby", name="Andenby Kommune")))
    with browsing(both) as opened:
        page = opened.get("/").text
    assert "Skoleåret 2026/27 · 5 skoler" in page
    assert "<strong>5 skoler</strong> mangler noget" in page


def test_the_meetings_of_a_school_stand_in_the_order_in_which_they_are_held(browser: Browser) -> None:
    page = browser.get(f"/proeveby/skole/{SCHOOL}").text
    meetings = page[page.index("<h2>Møder</h2>") :]
    titles = ("Møde om dataudtrækket", "Ledelseslæringssamtale", "Møde i skolegrupperne", "faglige organisationer")
    places = [meetings.index(title) for title in titles]
    assert places == sorted(places)


def test_an_address_with_a_script_in_it_is_shown_as_text(browser: Browser) -> None:
    page = browser.get("/proeveby/aktivitet/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert page.status_code == 404
    assert "<script" not in page.text


def test_an_unchanged_board_is_not_sent_again(browser: Browser) -> None:
    browser.get("/proeveby/")  # the cookie of the forms
    first = browser.get("/proeveby/")
    again = browser.client.get("/proeveby/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_name_that_is_not_ours_is_refused(browser: Browser) -> None:
    for name in ("evil.example", "localhost.evil.example", "[::1", ""):
        assert browser.client.get("/", headers={"host": name}).status_code == 400


def test_the_wheel_can_be_saved_as_a_file_of_its_own(browser: Browser) -> None:
    file = browser.get("/proeveby/hjul.svg")
    assert file.headers["content-disposition"] == 'attachment; filename="aarshjul-proeveby-2026-27.svg"'
    assert file.text.startswith("<svg")


def test_a_demonstration_is_marked_as_one_on_every_page(browser: Browser, installation: Installation) -> None:
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, "finished")
    assert all("Skolernes afleveringer er opdigtede" in browser.get(address).text for address in PAGES)


def test_a_store_without_tables_gives_one_sentence_and_nothing_more(
    browser: Browser, installation: Installation
) -> None:
    with installation.store.write() as connection:
        connection.exec_driver_sql("DROP TABLE event")
    page = browser.get("/proeveby/log")
    assert page.status_code == 503
    assert "kvalitet db upgrade" in page.text


def test_the_process_is_alive(browser: Browser) -> None:
    assert browser.get("/healthz").text == "ok"


def test_readiness_tells_what_works_and_what_does_not(browser: Browser) -> None:
    answer = browser.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["store"] == "ok"
    assert answer.json()["migrations"] == "ok"


def test_a_store_that_lacks_migrations_is_not_ready(browser: Browser, installation: Installation) -> None:
    with installation.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "mangler; kør »kvalitet db upgrade«"


def test_no_template_or_style_reaches_out_of_our_own_pages() -> None:
    web = Path(__file__).parents[2] / "kvalitet" / "web"
    for file in [*web.glob("templates/*"), *web.glob("static/*.css")]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("://", "//") or "http" not in text, file


def test_the_board_says_so_when_mail_has_stopped_going_out(browser: Browser, installation: Installation) -> None:
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=datetime(2026, 11, 22, 10, 45, tzinfo=UTC))
    assert "Der er ikke sendt mail siden" not in browser.get("/proeveby/").text
    with installation.store.write() as connection:
        log.beat(connection, "send_mail", now=datetime(2026, 11, 20, 10, 45, tzinfo=UTC))
    assert "Der er ikke sendt mail siden 20. november 2026 kl. 11.45." in browser.get("/proeveby/").text
