"""The pages of the extracts: what is shown since when, what is waited for, and who decides about what was held back."""

import csv
from io import StringIO

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import log, snapshots
from kvalitet.adapters.store.extracts import baselines, pulls
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.pulls import PullOutcome
from tests.adapters.extracting.held import YEAR, figure, held
from tests.web import builders
from tests.web.conftest import Browser, browsing
from tests.web.people import CONSULTANT, LEADER, OPERATOR, peopled

KEY = "proeveby.2026-27.spring_extract"
LIST, OCCURRENCE = "/proeveby/udtraek", f"/proeveby/forekomst/{KEY}"
RELEASED = {"afgørelse": "released", "grund": "Tallene er rigtige; skolen har ringet."}


@pytest.fixture
def number(installation: Installation) -> int:
    return held(installation.store, "proeveby", KEY, now=builders.NOON)


def test_an_extract_that_nobody_has_pulled_says_when_it_will_be(browser: Browser) -> None:
    page = browser.get(LIST).text
    assert "filerne i mappen figures, tal for 2024/25" in page
    assert "ikke hentet endnu" in page
    assert "søndag den 22. november 2026, uge 47" in page
    assert "Samlet elevfravær" in page


def test_a_pull_that_was_held_back_tells_why_row_by_row(browser: Browser, number: int) -> None:
    page = browser.get(f"{LIST}/{number}").text
    assert "holdt tilbage" in page
    assert "»Samlet elevfravær« har flyttet sig mere, end et tal plejer fra år til år." in page
    assert "7,3 → 31,5" in page
    assert "Buerup Skole" in page
    assert "Rækken er udeladt: »mange« er ikke et tal." in page
    assert "vises ikke" in page


def test_releasing_shows_the_figures_and_keeps_who_and_why(
    browser: Browser, installation: Installation, number: int
) -> None:
    here = f"{LIST}/{number}"
    sent = browser.send(f"{here}/afgoer", RELEASED, page=here)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{here}?sket=frigivet")
    page = browser.get(sent.headers["location"]).text
    assert "Tallene vises nu." in page
    assert "Fagcenter Børn, 22. november 2026 kl. 12.00: Tallene er rigtige; skolen har ringet." in page
    with installation.store.read() as connection:
        assert len(snapshots.measurements(connection, "proeveby")) == 2
        (event,) = log.events(connection, "proeveby", event="extract_released")
    assert (event.actor, event.detail) == ("Fagcenter Børn", RELEASED["grund"])
    assert "vist siden 22. november 2026 kl. 12.00" in browser.get(LIST).text


def test_the_audit_says_which_pull_was_decided(browser: Browser, number: int) -> None:
    here = f"{LIST}/{number}"
    browser.send(f"{here}/afgoer", RELEASED, page=here)
    told = browser.get("/proeveby/revisionsspor.csv").content.decode("utf-8-sig")
    subjects = [row["Om"] for row in csv.DictReader(StringIO(told, newline=""), delimiter=";")]
    assert subjects == [str(number)]


def test_rejecting_shows_nothing_and_a_second_answer_is_refused(
    browser: Browser, installation: Installation, number: int
) -> None:
    here = f"{LIST}/{number}"
    token = browser.token(here)
    browser.send(f"{here}/afgoer", {**RELEASED, "afgørelse": "rejected"}, page=here)
    again = browser.client.post(
        f"{here}/afgoer", data={**RELEASED, "formularmærke": token}, headers=browser.headers, follow_redirects=False
    )
    assert again.status_code == 409
    assert f"Hentning nr. {number} er afgjort i forvejen; intet er ændret." in again.text
    with installation.store.read() as connection:
        assert snapshots.measurements(connection, "proeveby") == ()


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"afgørelse": "released", "grund": "  "}, "Skriv, hvorfor du gør det; grunden gemmes sammen med tallene."),
        ({"afgørelse": "måske", "grund": "Fordi."}, "Vælg, om tallene skal vises eller afvises."),
    ],
)
def test_an_answer_without_reason_or_choice_changes_nothing(
    browser: Browser, installation: Installation, number: int, texts: dict[str, str], told: str
) -> None:
    here = f"{LIST}/{number}"
    refused = browser.send(f"{here}/afgoer", texts, page=here)
    assert (refused.status_code, told in refused.text) == (400, True)
    with installation.store.read() as connection:
        assert snapshots.measurements(connection, "proeveby") == ()


def test_the_answer_is_saved_as_it_came(browser: Browser, number: int) -> None:
    answer = browser.get(f"{LIST}/{number}/svar")
    assert answer.content == b"raa;svar"
    assert answer.headers["content-disposition"].startswith(f"attachment; filename*=UTF-8''hentning-{number}-")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_pull_of_nobody_is_a_404(browser: Browser, number: int) -> None:
    for other in (number + 1, 2**31, "9" * 20, "9" * 5000):
        assert browser.get(f"{LIST}/{other}").status_code == 404


def test_a_source_that_failed_says_so_and_when_it_is_asked_again(browser: Browser, installation: Installation) -> None:
    key = PullKey("proeveby", KEY, "files", YEAR)
    ending = Ending(PullOutcome.BROKEN, "Kilden svarede med HTML.", next_try=builders.NOON.date())
    with installation.store.write() as connection:
        failed = pulls.keep(connection, key, {"school_year": "2024/25"}, ending, now=builders.NOON)
    for page in (browser.get(LIST).text, browser.get(OCCURRENCE).text, browser.get(f"{LIST}/{failed}").text):
        assert "kilden svarer ikke som ventet" in page
        assert "Kilden svarede med HTML." in page
        assert "søndag den 22. november 2026, uge 47" in page
    assert browser.get(f"{LIST}/{failed}/svar").status_code == 404


def test_the_page_of_the_occurrence_leads_to_the_pull(browser: Browser, number: int) -> None:
    assert f'<a href="/proeveby/udtraek/{number}">Hentning nr. {number}</a>' in browser.get(OCCURRENCE).text


@pytest.mark.parametrize("address", [LEADER, CONSULTANT, OPERATOR])
def test_others_see_how_far_the_extracts_are_and_no_figure(
    installation: Installation, number: int, address: str
) -> None:
    with browsing(peopled(installation), address) as somebody:
        page = somebody.get(LIST).text
        assert somebody.get(f"{LIST}/{number}").status_code == 403
    assert "holdt tilbage" in page
    assert f"/udtraek/{number}" not in page
    assert "31,5" not in page


def test_figures_that_an_earlier_extract_brought_say_since_when_they_stand(
    browser: Browser, installation: Installation
) -> None:
    earlier = NewSnapshot("proeveby", None, "import", {}, b"raa", (figure("7.3"),))
    with installation.store.write() as connection:
        kept, _ = snapshots.add(connection, earlier, now=builders.NOON)
        snapshots.publish(connection, kept.id, now=builders.NOON)
    assert "er hentet 22. november 2026 af et andet udtræk eller fra en fil" in browser.get(LIST).text


def test_a_revision_backwards_is_shown_with_both_figures(browser: Browser, installation: Installation) -> None:
    earlier = NewSnapshot("proeveby", None, "import", {}, b"raa", (figure("7.3"),))
    with installation.store.write() as connection:
        kept, _ = snapshots.add(connection, earlier, now=builders.NOON)
        snapshots.publish(connection, kept.id, now=builders.NOON)
        baselines.fix(connection, "proeveby", [figure("7.3")], now=builders.NOON)
    number = held(installation.store, "proeveby", KEY, now=builders.NOON)
    page = browser.get(f"{LIST}/{number}").text
    assert "før 7,3 %" in page
    assert "nu 31,5 %" in page
    assert "Målet regnes fortsat fra udgangspunktet 7,3 %." in page


def test_the_board_says_that_figures_wait_for_somebody_until_they_are_decided(
    browser: Browser, installation: Installation, number: int
) -> None:
    sentence = "En hentning af tal er holdt tilbage, til nogen har set på den"
    assert sentence in browser.get("/proeveby/").text
    with browsing(peopled(installation), CONSULTANT) as somebody:
        assert sentence not in somebody.get("/proeveby/").text
    browser.send(f"{LIST}/{number}/afgoer", RELEASED, page=f"{LIST}/{number}")
    assert sentence not in browser.get("/proeveby/").text


def test_the_board_says_that_a_source_failed_until_it_answers_again(
    browser: Browser, installation: Installation
) -> None:
    sentence = "Tallene kunne sidst ikke hentes fra filerne i mappen figures; de seneste gode tal vises"
    key = PullKey("proeveby", KEY, "files", YEAR)
    failed = Ending(PullOutcome.BROKEN, "Kilden svarede med HTML.", next_try=builders.NOON.date())
    with installation.store.write() as connection:
        pulls.keep(connection, key, {}, failed, now=builders.NOON)
    assert sentence in browser.get("/proeveby/").text
    with installation.store.write() as connection:
        pulls.keep(connection, key, {}, Ending(PullOutcome.UNCHANGED, "Det samme."), now=builders.NOON)
    assert sentence not in browser.get("/proeveby/").text
