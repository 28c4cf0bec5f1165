"""The addresses that calendars read, and the page that makes and revokes them."""

from __future__ import annotations

import html
import logging
import re
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
import uvicorn
from httpx import Response
from starlette.testclient import TestClient

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.feeds import keeping, subscribing
from kvalitet.adapters.feeds.subscribing import Made
from kvalitet.adapters.installation import Installation
from kvalitet.web.app import create_app
from kvalitet.web.pace import MOST
from kvalitet.web.serve import listen
from kvalitet.wheel import Role
from tests.web.builders import NOON
from tests.web.conftest import HOST, Browser, browsing

PAGE = "/proeveby/kalendere"
LEADER = "s1@skole.example"
NAMES = ("moeder", "frister", "alt")


def made(installation: Installation, role: Role = Role.SCHOOL_LEADER, address: str = LEADER) -> Made:
    return subscribing.create(installation, installation.municipalities[0], role=role, address=address, now=NOON)


def path(feed: Made, name: str = "alt") -> str:
    return f"/kalender/{feed.token}/{name}.ics"


def fetch(browser: Browser, address: str, **headers: str) -> Response:
    answer: Response = browser.client.get(address, headers={name.replace("_", "-"): headers[name] for name in headers})
    return answer


def at(installation: Installation, now: datetime) -> TestClient:
    return TestClient(create_app(lambda: installation, lambda: now), base_url=HOST)


@pytest.mark.parametrize("name", NAMES)
def test_a_calendar_is_given_as_one_and_kept_from_others(
    browser: Browser, installation: Installation, name: str
) -> None:
    answer = fetch(browser, path(made(installation), name))
    assert answer.status_code == 200
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == f'inline; filename="{name}.ics"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_an_unchanged_calendar_is_not_sent_again(browser: Browser, installation: Installation, form: str) -> None:
    address = path(made(installation))
    etag = fetch(browser, address).headers["etag"]
    answer = fetch(browser, address, if_none_match=form.format(etag))
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert answer.headers["cache-control"] == "private, no-cache"


def test_the_mark_compares_without_its_w(browser: Browser, installation: Installation) -> None:
    address = path(made(installation))
    etag = fetch(browser, address).headers["etag"]
    assert fetch(browser, address, if_none_match=etag.removeprefix("W/")).status_code == 304


def test_a_delivery_changes_the_calendar_and_its_mark(browser: Browser, installation: Installation) -> None:
    address = path(made(installation), "frister")
    before = fetch(browser, address)
    form = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001/aflever"
    browser.send(form, {"goal": "Mere læsning", "percent": "5"})
    after = fetch(browser, address, if_none_match=before.headers["etag"])
    assert (after.status_code, after.headers["etag"] == before.headers["etag"]) == (200, False)
    assert (b"local_goals" in before.content, b"local_goals" in after.content) == (True, False)


def test_all_addresses_that_open_nothing_get_the_same_answer(browser: Browser, installation: Installation) -> None:
    known, revoked = made(installation), made(installation)
    subscribing.revoke(installation, installation.municipalities[0], revoked.feed.id, now=NOON)
    paths = [path(revoked), f"/kalender/{'x' * 43}/alt.ics", path(known, "ukendt"), "/kalender/%00/alt.ics"]
    answers = [fetch(browser, address) for address in paths]
    with at(installation, NOON + timedelta(days=300)) as later:
        answers.append(later.get(path(known)))
    with browsing(replace(installation, municipalities=()), "") as elsewhere:
        answers.append(fetch(elsewhere, path(known)))
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {
        "Kalenderen findes ikke, eller adressen er tilbagekaldt. Bed forvaltningen om en ny."
    }
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_calendar_that_asks_all_the_time_has_to_wait(browser: Browser, installation: Installation) -> None:
    hasty, other = made(installation), made(installation)
    codes = [fetch(browser, path(hasty)).status_code for _ in range(MOST + 1)]
    assert codes == [200] * MOST + [429]
    assert fetch(browser, path(hasty)).headers["retry-after"] == "61"
    assert fetch(browser, path(other)).status_code == 200


def test_after_a_minute_it_may_ask_again(installation: Installation) -> None:
    feed, moments = (
        made(installation),
        iter([*[NOON] * MOST, NOON + timedelta(seconds=59), NOON + timedelta(minutes=1)]),
    )
    with TestClient(create_app(lambda: installation, lambda: next(moments)), base_url=HOST) as client:
        codes = [client.get(path(feed)).status_code for _ in range(MOST + 2)]
    assert codes[-2:] == [429, 200]


def test_an_address_is_shown_once_on_a_page_that_nobody_keeps(browser: Browser, installation: Installation) -> None:
    page = browser.send(PAGE, {"person": f"school_leader {LEADER}"})
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    addresses = [html.unescape(found) for found in re.findall(r'value="(http[^"]*\.ics)"', page.text)]
    assert [address.rpartition("/")[2] for address in addresses] == ["moeder.ics", "frister.ics", "alt.ics"]
    token = addresses[0].split("/")[-2]
    assert "Kalenderen til Leder af Buerup Skole er lavet" in page.text
    assert fetch(browser, f"/kalender/{token}/alt.ics").status_code == 200
    again = browser.get(PAGE)
    assert token not in again.text
    assert "Leder af Buerup Skole" in again.text
    assert "31. juli 2027" in again.text


def test_the_page_says_when_a_calendar_was_last_read(browser: Browser, installation: Installation) -> None:
    feed = made(installation)
    assert ">aldrig</td>" in browser.get(PAGE).text
    fetch(browser, path(feed))
    page = browser.get(PAGE).text
    assert (">aldrig</td>" in page, page.count("22. november 2026 kl. 12.00</td>")) == (False, 2)


def test_a_calendar_is_revoked_on_the_page(browser: Browser, installation: Installation) -> None:
    feed = made(installation)
    answer = browser.send(f"{PAGE}/{feed.feed.id}/tilbagekald", {}, page=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert fetch(browser, path(feed)).status_code == 404
    assert "tilbagekaldt" in browser.get(PAGE).text
    assert "Kalenderadresse tilbagekaldt" in browser.get("/proeveby/log").text


@pytest.mark.parametrize("person", ["", "school_leader", "king x@y.example", "director s1@skole.example"])
def test_nobody_outside_the_files_gets_a_calendar(browser: Browser, installation: Installation, person: str) -> None:
    page = browser.send(PAGE, {"person": person})
    assert page.status_code == 400
    assert "Kalenderen blev ikke lavet" in page.text
    with installation.store.read() as connection:
        assert keeping.feeds(connection, "proeveby") == []


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/1/tilbagekald"])
def test_a_form_of_another_site_is_refused(browser: Browser, installation: Installation, address: str) -> None:
    made(installation)
    answer = browser.client.post(address, data={"person": f"school_leader {LEADER}"})
    assert answer.status_code == 403
    with installation.store.read() as connection:
        assert [feed.revoked_at for feed in keeping.feeds(connection, "proeveby")] == [None]


@pytest.mark.parametrize("number", ["99", "99999999999999999999"])
def test_an_unknown_calendar_cannot_be_revoked(browser: Browser, number: str) -> None:
    assert browser.send(f"{PAGE}/{number}/tilbagekald", {}, page=PAGE).status_code in {400, 404}


def test_one_municipality_cannot_revoke_the_calendar_of_another(installation: Installation) -> None:
    feed = made(installation)
    other = replace(installation.municipalities[0], key="nabo")
    with browsing(replace(installation, municipalities=(*installation.municipalities, other))) as browser:
        assert (
            browser.send(f"/nabo/kalendere/{feed.feed.id}/tilbagekald", {}, page="/nabo/kalendere").status_code == 404
        )
        assert "Leder af Buerup Skole</th>" not in browser.get("/nabo/kalendere").text
        assert fetch(browser, path(feed)).status_code == 200


def test_a_token_is_in_no_log_even_when_things_go_wrong(
    installation: Installation, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = made(installation)

    def fail(*_: object, **__: object) -> bytes:
        raise OperationError("Databasen svarer ikke.")

    def break_down(*_: object, **__: object) -> bytes:
        raise RuntimeError("slemt")

    caplog.set_level(logging.DEBUG)
    with browsing(installation) as browser:
        assert fetch(browser, path(feed)).status_code == 200
        monkeypatch.setattr(subscribing, "content_of", fail)
        assert fetch(browser, path(feed)).status_code == 503
        monkeypatch.setattr(subscribing, "content_of", break_down)
        assert fetch(browser, path(feed)).status_code == 500
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert "Mislykket på /kalender/…/alt.ics: Databasen svarer ikke." in ours
    assert "Uventet fejl på /kalender/…/alt.ics" in ours
    assert [line for line in ours if feed.token in line] == []


def test_a_real_server_answers_head_without_a_body(installation: Installation) -> None:
    feed = made(installation)
    app = create_app(lambda: installation, lambda: NOON)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            base = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=base, trust_env=False, headers={"accept-encoding": "identity"}) as client:
                whole, head = client.get(path(feed)), client.head(path(feed))
        finally:
            server.should_exit = True
            thread.join(timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-length"] == str(len(whole.content))
