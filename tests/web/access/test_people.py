"""The page of who is let in: letting in, taking back, logging out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.installation import Installation
from kvalitet.municipality import Login
from kvalitet.rights import Access, Standing
from tests.web.access.test_links import Desk
from tests.web.builders import NOON, municipality
from tests.web.conftest import ADMINISTRATION, Browser, browsing, logged_in

PAGE, ISSUER = "/proeveby/adgang", "https://login.example/"


@pytest.fixture
def installation(installation: Installation) -> Installation:
    """Give the installation with a login of its own, where Anna and Bo have logged in and nobody has let them in."""
    login = Login(by_mail=True, issuer=ISSUER, client_id="x")
    found = replace(installation, municipalities=(replace(municipality("proeveby"), login=login),))
    with found.store.write() as connection:
        for name in ("Anna", "Bo"):
            accounts.seen(connection, ISSUER, name, name=name, address=f"{name.lower()}@x.example", now=NOON)
        accounts.seen(connection, "https://other.example/", "c", name="Christa", address="c@y.example", now=NOON)
    return found


@pytest.fixture
def administration(installation: Installation) -> Iterator[Browser]:
    with browsing(installation) as opened:
        yield opened


def desk_of(installation: Installation, account: int) -> Desk:
    """Give the browser of an account."""
    with installation.store.write() as connection:
        token = sessions.begin(connection, Entry("proeveby", Method.OPENID, account=account), now=NOON)
    desk = Desk(installation)
    desk.carry(token)
    return desk


def standings(installation: Installation, account: int) -> list[Standing]:
    with installation.store.read() as connection:
        return [found.standing for found in accounts.grants(connection, account)]


def test_the_page_names_who_waits_and_nobody_of_another_login(administration: Browser) -> None:
    page = administration.get(PAGE).text
    assert "To personer venter" in page
    assert [part.split("<")[0] for part in page.split('<span class="long-word">')[1:]] == [
        "Anna (anna@x.example)",
        "Bo (bo@x.example)",
    ]
    assert "Christa" not in page


def test_somebody_is_let_in_and_comes_in_without_logging_in_again(
    administration: Browser, installation: Installation
) -> None:
    anna = desk_of(installation, 1)
    assert anna.browser.get("/proeveby/skole/323001").headers["location"] == "/"
    answer = administration.send(PAGE, {"person": "1", "adgang": "school_leader:323001"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?sket=lukket-ind")
    assert anna.browser.get("/proeveby/skole/323001").status_code == 200
    page = administration.get(answer.headers["location"]).text
    assert "Personen er lukket ind." in page
    assert "skoleleder, Buerup Skole" in page
    assert "givet af Fagcenter Børn" in page


def test_what_is_taken_back_ends_at_once_in_every_browser(administration: Browser, installation: Installation) -> None:
    administration.send(PAGE, {"person": "1", "adgang": "administration"})
    anna = desk_of(installation, 1)
    assert anna.browser.get(PAGE).status_code == 200
    assert administration.send(f"{PAGE}/1/tilbagekald", {}, page=PAGE).status_code == 303
    assert anna.browser.get(PAGE).headers["location"] == "/"
    assert administration.send(f"{PAGE}/1/tilbagekald", {}, page=PAGE).status_code == 404


def test_a_role_of_the_login_is_marked_as_such(administration: Browser, installation: Installation) -> None:
    with installation.store.write() as connection:
        accounts.replace_provided(connection, 1, "proeveby", [Standing("proeveby", Access.DIRECTOR)], now=NOON)
    assert re.search(r"direktør <span class=\"quiet\">\(fra kommunens login, ", administration.get(PAGE).text)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"person": "", "adgang": "reader"}, "Vælg, hvem der skal lukkes ind."),
        ({"person": "3", "adgang": "reader"}, "Vælg, hvem der skal lukkes ind."),
        ({"person": "99999999999999999999", "adgang": "reader"}, "Vælg, hvem der skal lukkes ind."),
        ({"person": "9" * 5000, "adgang": "reader"}, "Vælg, hvem der skal lukkes ind."),
        ({"person": "1 or 1=1", "adgang": "reader"}, "Vælg, hvem der skal lukkes ind."),
        ({"person": "1", "adgang": ""}, "Vælg, hvad personen skal lukkes ind som."),
        ({"person": "1", "adgang": "school_leader"}, "Vælg, hvad personen skal lukkes ind som."),
        ({"person": "1", "adgang": "school_leader:999999"}, "Vælg, hvad personen skal lukkes ind som."),
    ],
)
def test_what_cannot_be_followed_is_said_with_what_was_chosen(
    administration: Browser, installation: Installation, texts: dict[str, str], sentence: str
) -> None:
    answer = administration.send(PAGE, texts)
    assert (answer.status_code, sentence in answer.text) == (400, True)
    assert [standings(installation, account) for account in (1, 2, 3)] == [[], [], []]


def test_the_same_is_not_given_twice(administration: Browser, installation: Installation) -> None:
    for _ in range(2):
        administration.send(PAGE, {"person": "1", "adgang": "reader"})
    assert standings(installation, 1) == [Standing("proeveby", Access.READER)]


def test_somebody_is_logged_out_of_all_browsers(administration: Browser, installation: Installation) -> None:
    administration.send(PAGE, {"person": "1", "adgang": "reader"})
    anna, elsewhere = desk_of(installation, 1), desk_of(installation, 1)
    assert "to browsere" in administration.get(PAGE).text
    answer = administration.send(f"{PAGE}/log-ud", {"person": "1"}, page=PAGE)
    assert answer.headers["location"] == f"{PAGE}?sket=logget-ud"
    assert {desk.browser.get("/proeveby/").headers["location"] for desk in (anna, elsewhere)} == {
        "/log-ind?til=%2Fproeveby%2F"
    }


def test_a_mailbox_is_logged_out_of_all_browsers(administration: Browser, installation: Installation) -> None:
    leader = Desk(installation)
    leader.carry(logged_in(installation, "s1@skole.example"))
    assert leader.browser.get("/proeveby/").status_code == 200
    administration.send(f"{PAGE}/log-ud", {"postkasse": "s1@skole.example"}, page=PAGE)
    assert leader.browser.get("/proeveby/").status_code == 303
    assert administration.get(PAGE).status_code == 200


def beside(installation: Installation) -> Installation:
    """Give the installation with a second municipality, whose files name the same leaders."""
    neighbour = replace(municipality("naboby"), contacts=(), login=Login(by_mail=True, issuer=ISSUER, client_id="y"))
    office = replace(municipality("naboby").contacts[0], address="kontor@naboby.example")
    return replace(installation, municipalities=(*installation.municipalities, replace(neighbour, contacts=(office,))))


def row_of(page: str, address: str) -> str:
    """Give what the row of a mailbox or person says, without marks."""
    (row,) = (found for found in page.split("<tr>") if f">{address}</span>" in found)
    return " ".join(re.sub("<[^>]*>", " ", row.split("</table>")[0]).split())


def test_who_logged_in_by_another_municipality_is_seen_and_logged_out_from_here_too(
    installation: Installation,
) -> None:
    both = beside(installation)
    leader = Desk(both)
    leader.carry(logged_in(both, "s1@skole.example"))
    assert leader.browser.get("/naboby/skole/323001").status_code == 200
    with browsing(both, "kontor@naboby.example") as neighbour:
        page = neighbour.get("/naboby/adgang").text
        assert row_of(page, "s1@skole.example") == (
            "Leder af Buerup Skole s1@skole.example skoleleder, Buerup Skole en browser "
            "Log ud alle steder : Leder af Buerup Skole"
        )
        assert "logger ind én gang til dem alle" in page
        neighbour.send("/naboby/adgang/log-ud", {"postkasse": "s1@skole.example"}, page="/naboby/adgang")
    assert leader.browser.get("/naboby/skole/323001").status_code == 303
    assert leader.browser.get("/proeveby/skole/323001").status_code == 303


def test_an_account_that_logged_in_by_another_municipality_is_seen_here_too(installation: Installation) -> None:
    both = beside(installation)
    with both.store.write() as connection:
        accounts.grant(connection, 1, Standing("naboby", Access.READER), by="Kontoret", now=NOON)
    desk_of(both, 1)
    with browsing(both, "kontor@naboby.example") as neighbour:
        assert "en browser Log ud alle steder : Anna" in row_of(neighbour.get("/naboby/adgang").text, "anna@x.example")


def test_a_mailbox_that_only_another_municipality_names_is_not_logged_out_from_here(
    installation: Installation,
) -> None:
    both, office = beside(installation), Desk(installation)
    office.installation = both
    office.carry(logged_in(both, ADMINISTRATION))
    with browsing(both, "kontor@naboby.example") as neighbour:
        neighbour.send("/naboby/adgang/log-ud", {"postkasse": ADMINISTRATION}, page="/naboby/adgang")
    assert office.browser.get(PAGE).status_code == 200


def test_nobody_of_another_login_is_logged_out_from_here(administration: Browser) -> None:
    assert administration.send(f"{PAGE}/log-ud", {"person": "3"}, page=PAGE).status_code == 404


def test_the_mailboxes_of_the_files_are_listed_as_what_they_may_log_in_as(administration: Browser) -> None:
    page = " ".join(administration.get(PAGE).text.split())
    assert (
        'Fagcenter Børn<span class="quiet address">fagcenter@proeveby.example</span></th> <td>forvaltningen</td>'
        in page
    )
    assert (
        'Leder af Årby Skole<span class="quiet address">s5@skole.example</span></th> <td>skoleleder, Årby Skole</td>'
        in page
    )


def test_a_municipality_without_a_login_of_its_own_and_without_links_says_both(installation: Installation) -> None:
    none = replace(installation.municipalities[0], login=Login(issuer=ISSUER, client_id="x", by_mail=False))
    here = replace(installation, municipalities=(none,))
    with here.store.write() as connection:
        accounts.grant(connection, 1, Standing("proeveby", Access.ADMINISTRATION), by="Fagcenter", now=NOON)
    assert "kommunen har slået det fra" in desk_of(here, 1).browser.get(PAGE).text
    only_links = replace(installation, municipalities=(municipality("proeveby"),))
    with browsing(only_links, ADMINISTRATION) as browser:
        assert "Kommunen bruger ikke sit eget login her." in browser.get(PAGE).text
