"""Every page, opened by everybody: at their own school, at another's, and in another municipality.

The table says by letters who gets in. It is written by hand, and knows nothing of how the rights are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from kvalitet.adapters.store import Store
from kvalitet.web.routes import PAGES
from tests import databases
from tests.web.access.two_towns import NOBODY, OTHER, OWN, Towns, two_towns

LETTERS = {
    "A": "administration",
    "D": "director",
    "C": "consultant",
    "G": "group consultant",
    "L": "leader",
    "P": "deputy",
    "S": "school reader",
    "R": "reader",
    "O": "operator",
}
EVERYBODY, NO_ONE = "ADCGLPSRO", ""
# A page that lies open to strangers, because they have no other way in or hold a secret of their own.
OPEN = {
    "GET /",
    "GET /healthz",
    "GET /readyz",
    "GET /kalender/{token}/{name}.ics",
    "GET /log-ind",
    "GET /log-ind/link/{token}",
    "POST /log-ind/link/{token}",
    "GET /log-ind/openid/svar",
    "GET /log-ind/{municipality}",
    "GET /log-ind/{municipality}/openid",
    "POST /log-ind/{municipality}/link",
    "POST /log-ind/{municipality}/demonstration",
    "POST /log-ud",
    "GET /tilgaengelighed",
    "GET /was",
    "GET /privatliv",
    "GET /{municipality}/bekraeft/{token}",
    "POST /{municipality}/bekraeft/{token}",
}
# Who gets in to a page of the whole municipality.
WHOLE = {
    "GET /{municipality}/": EVERYBODY,
    "GET /{municipality}/hjul.svg": EVERYBODY,
    "GET /{municipality}/hjul.pdf": EVERYBODY,
    "GET /{municipality}/hjul.ics": EVERYBODY,
    "GET /{municipality}/tidslinje": EVERYBODY,
    "GET /{municipality}/liste": EVERYBODY,
    "GET /{municipality}/maal": "ADCGLPSR",
    "GET /{municipality}/udtraek": EVERYBODY,
    "GET /{municipality}/udtraek/{pull:int}": "AD",
    "GET /{municipality}/udtraek/{pull:int}/svar": "AD",
    "POST /{municipality}/udtraek/{pull:int}/afgoer": "AD",
    "GET /{municipality}/rapport": EVERYBODY,
    "POST /{municipality}/rapport": "AD",
    "GET /{municipality}/rapport/forhaandsvisning": "ADC",
    "GET /{municipality}/rapport/{year}/{version:int}/{file}": EVERYBODY,
    "GET /{municipality}/maal.csv": "ADCGLPSR",
    "GET /{municipality}/maal.xlsx": "ADCGLPSR",
    "GET /{municipality}/noegletal": "ADCGLPSR",
    "GET /{municipality}/noegletal.csv": "ADCGLPSR",
    "GET /{municipality}/noegletal.xlsx": "ADCGLPSR",
    "GET /{municipality}/noegletal/{indicator}": "ADCGLPSR",
    "GET /{municipality}/skoler": "ADCGLPSR",
    "GET /{municipality}/skoler.csv": "ADCGLPSR",
    "GET /{municipality}/skoler.xlsx": "ADCGLPSR",
    "GET /{municipality}/forhaandsvisning": "ADO",
    "GET /{municipality}/forhaandsvisning/mail": "AD",
    "GET /{municipality}/udbakke": "ADO",
    "POST /{municipality}/udbakke/pause": "AO",
    "POST /{municipality}/udbakke/genoptag": "AO",
    "POST /{municipality}/udbakke/frigiv": "AO",
    "POST /{municipality}/udbakke/adresse": "AO",
    "GET /{municipality}/mail/{mail:int}": "ADO",
    "GET /{municipality}/mail/{mail:int}/html": "AD",
    "GET /{municipality}/mail/{mail:int}/mail.eml": "AD",
    "POST /{municipality}/mail/{mail:int}/{action}": "AO",
    "GET /{municipality}/indbakke": "AD",
    "GET /{municipality}/indbakke/{incoming:int}": "AD",
    "GET /{municipality}/indbakke/{incoming:int}/mail.eml": "AD",
    "POST /{municipality}/indbakke/{incoming:int}/set": "AD",
    "GET /{municipality}/kalendere": "ADCGLPSR",
    "POST /{municipality}/kalendere": "ADCGLPSR",
    "POST /{municipality}/kalendere/{feed:int}/tilbagekald": "ADCGLPSR",
    "GET /{municipality}/log": "ADO",
    "GET /{municipality}/revisionsspor": "ADO",
    "GET /{municipality}/revisionsspor.csv": "ADO",
    "GET /{municipality}/tal/indtast": "A",
    "POST /{municipality}/tal/indtast": "A",
    "GET /{municipality}/adgang": "A",
    "POST /{municipality}/adgang": "A",
    "POST /{municipality}/adgang/log-ud": "A",
    "POST /{municipality}/adgang/{grant:int}/tilbagekald": "A",
}
# Who gets in to a page of one school: at their own, and at another's.
OF_A_SCHOOL = {
    "GET /{municipality}/skole/{number}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/skole/{number}/aflevering/{activity}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/skole/{number}/paamind": ("ADCG", "ADC"),
    "POST /{municipality}/skole/{number}/paamind": ("ADCG", "ADC"),
    "GET /{municipality}/skole/{number}/opkald": ("ADCG", "ADC"),
    "POST /{municipality}/skole/{number}/opkald": ("ADCG", "ADC"),
    "POST /{municipality}/skole/{number}/pause": ("AD", "AD"),
    "POST /{municipality}/skole/{number}/pause/afslut": ("AD", "AD"),
    "GET /{municipality}/maal/{goal}/{unit}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/tal/{indicator}/{school_year}/{unit}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}/aflever": ("ADLP", "AD"),
    "POST /{municipality}/forekomst/{key}/aflever": ("ADLP", "AD"),
    "GET /{municipality}/forekomst/{key}/kvittering/{version:int}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}/fil/{version:int}": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}/paamind": ("ADCG", "ADC"),
    "POST /{municipality}/forekomst/{key}/paamind": ("ADCG", "ADC"),
    "GET /{municipality}/forekomst/{key}/samtaleark": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}/samtaleark.pdf": ("ADCGLPS", "ADC"),
    "GET /{municipality}/forekomst/{key}/bilag/{paper:int}": ("ADCGLPS", "ADC"),
    "POST /{municipality}/forekomst/{key}/kladde": ("ADLP", "AD"),
    "POST /{municipality}/forekomst/{key}/kladde/slet": ("ADLP", "AD"),
    "POST /{municipality}/forekomst/{key}/afgoer": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/afgoer/fortryd": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/opkald": ("ADCG", "ADC"),
    "POST /{municipality}/forekomst/{key}/udsaet": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/udsaet/fortryd": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/fritag": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/indkald": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/flyt": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/dagsorden": ("AD", "AD"),
    "POST /{municipality}/forekomst/{key}/aflys": ("AD", "AD"),
}
# A page about one activity shows what is one's own; somebody who has nothing in it is told that it is not there.
OF_AN_ACTIVITY = {
    "GET /{municipality}/aktivitet/{activity}": "ADCGLPS",
    "GET /{municipality}/aktivitet/{activity}/paamind": "ADCG",
    "POST /{municipality}/aktivitet/{activity}/paamind": "ADCG",
}
NOT_FROM_HERE = "Formularen blev ikke sendt fra denne side."
WRONG = {"GET /{municipality}/forhaandsvisning/mail": "Den mail er der ikke længere; hent forhåndsvisningen igen."}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Towns]:
    home = tmp_path_factory.mktemp("towns")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    with two_towns(store, home / "home") as opened:
        yield opened
    store.close()


def address(page: str, towns: Towns, school: str = OWN, *, town: str = "proeveby", of: str = "") -> str:
    """Fill in a page's address: things of a town, seen from the pages of that town or of another."""
    things = towns.own if (of or town) == "proeveby" else towns.other
    activity = "dialogue" if "samtaleark" in page or "bilag" in page else "local_goals"
    values = {
        "municipality": town,
        "number": school,
        "key": f"{of or town}.2026-27.{activity}.{school}",
        "version:int": "1",
        "year": "2026-27",
        "file": "offentlig.pdf",
        "paper:int": "0",
        "activity": "local_goals",
        "goal": "own_goals",
        "unit": school,
        "indicator": "absence",
        "school_year": "2024-25",
        "mail:int": str(things.mail),
        "incoming:int": str(things.incoming),
        "feed:int": str(things.feed),
        "grant:int": str(things.grant),
        "pull:int": str(things.pull),
        "action": "annuller",
    }
    path = page.partition(" ")[2]
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path
    return path


def ask(client: TestClient, page: str, path: str) -> Response:
    """Open a page, or send its form without the mark that only our own pages have."""
    answer: Response = client.request(page.partition(" ")[0], path, follow_redirects=False)
    return answer


def is_in(page: str, answer: Response) -> bool:
    """Tell whether somebody was let in: a page is shown, or a form is read before it is refused."""
    if page.startswith("POST"):
        return answer.status_code == 403 and NOT_FROM_HERE in answer.text
    leads_there = answer.status_code == 303 and "/forekomst/" in answer.headers["location"]
    return answer.status_code == 200 or leads_there or WRONG.get(page, "\0") in answer.text


def who_is_in(page: str, path: str, towns: Towns) -> str:
    """Give the letters of those who are let in; all others must be refused, and shown nothing."""
    found = ""
    for letter, name in LETTERS.items():
        answer = ask(towns.browsers[name], page, path)
        if is_in(page, answer):
            found += letter
        else:
            assert answer.status_code in {403, 404}
            assert "Hemmeligt mål" not in answer.text
    return found


def test_every_page_stands_in_the_table() -> None:
    told = OPEN | WHOLE.keys() | OF_A_SCHOOL.keys() | OF_AN_ACTIVITY.keys()
    assert {f"{page.method} {page.path}" for page in PAGES} == told


def test_the_pages_that_lie_open_are_those_without_a_right() -> None:
    assert {f"{page.method} {page.path}" for page in PAGES if page.right is None} == OPEN


@pytest.mark.parametrize("page", WHOLE)
def test_a_page_of_the_municipality_opens_for_those_in_the_table(page: str, towns: Towns) -> None:
    assert who_is_in(page, address(page, towns), towns) == WHOLE[page]


@pytest.mark.parametrize("page", OF_A_SCHOOL)
def test_a_page_of_a_school_opens_for_those_in_the_table(page: str, towns: Towns) -> None:
    assert who_is_in(page, address(page, towns, OWN), towns) == OF_A_SCHOOL[page][0]


@pytest.mark.parametrize("page", OF_A_SCHOOL)
def test_a_page_of_another_school_opens_for_those_in_the_table(page: str, towns: Towns) -> None:
    assert who_is_in(page, address(page, towns, OTHER), towns) == OF_A_SCHOOL[page][1]


@pytest.mark.parametrize("page", OF_AN_ACTIVITY)
def test_a_page_of_an_activity_opens_for_those_in_the_table(page: str, towns: Towns) -> None:
    assert who_is_in(page, address(page, towns), towns) == OF_AN_ACTIVITY[page]


@pytest.mark.parametrize("page", [*WHOLE, *OF_A_SCHOOL, *OF_AN_ACTIVITY])
def test_no_page_of_another_municipality_opens_for_anybody(page: str, towns: Towns) -> None:
    path = address(page, towns, town="naboby")
    answers = [ask(towns.browsers[name], page, path) for name in LETTERS.values()]
    assert {answer.status_code for answer in answers} == {404}
    assert [answer for answer in answers if "Hemmeligt mål" in answer.text] == []


HOLDING = [
    page for page in (*WHOLE, *OF_A_SCHOOL) if any(f"{{{name}" in page for name in ("key", "mail:", "incoming:"))
]


@pytest.mark.parametrize("page", HOLDING)
def test_what_lies_in_another_municipality_is_not_had_through_ones_own(page: str, towns: Towns) -> None:
    path = address(page, towns, of="naboby")
    answer = ask(towns.browsers["administration"], page, path)
    is_form = page.startswith("POST")
    assert (answer.status_code, NOT_FROM_HERE in answer.text) == (403 if is_form else 404, is_form)
    assert "Hemmeligt mål" not in answer.text


@pytest.mark.parametrize("page", [*WHOLE, *OF_A_SCHOOL, *OF_AN_ACTIVITY])
def test_whoever_is_not_logged_in_is_led_to_the_login(page: str, towns: Towns) -> None:
    answer = ask(towns.browsers[NOBODY], page, address(page, towns))
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/log-ind")


def test_what_the_others_may_not_see_is_really_there(towns: Towns) -> None:
    answer = ask(towns.browsers["administration"], "GET /", "/proeveby/forekomst/proeveby.2026-27.local_goals.323002")
    assert "Hemmeligt mål proeveby 323002" in answer.text
