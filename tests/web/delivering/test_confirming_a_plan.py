"""A plan whose file came by mail: the page that confirms asks for its goals, rows and promises too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.store import Store, deliveries
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.days import SchoolYear
from kvalitet.occurrences import plan
from kvalitet.web.app import create_app
from tests.adapters.offers.asked import NOW, Asked, asked, key
from tests.adapters.offers.mails import File
from tests.adapters.store import planned
from tests.builders import activity, file_field, goal_field, municipality, promises_field, table_field
from tests.web.conftest import HOST, Browser

FIELDS = (promises_field(), goal_field(required=False), table_field(promises=True), file_field(required=False))
TOWN = municipality(activity("action_plan", title="Handleplan", due="start-10-31", fields=FIELDS))
ROW = {"efforts.1.effort": "Læsebånd", "efforts.1.who": "Lederen"}
SAID = {"last_year.1.outcome": "done", "last_year.1.word": "Godt."}


@pytest.fixture
def leader(store: Store, tmp_path: Path) -> Asked:
    found = asked(store, tmp_path, key("action_plan"), town=TOWN)
    planned.write(store, plan(TOWN, SchoolYear(2025)))
    last = key("action_plan").replace("2026-27", "2025-26")
    promise = Submission({"efforts.1.effort": "Gåbus", "efforts.1.who": "Alle"}, "Lederen")
    deliver(found.installation, last, promise, now=NOW)
    found.answers(File())
    return found


@pytest.fixture
def browser(leader: Asked) -> Iterator[Browser]:
    app = create_app(lambda: leader.installation, lambda: NOW)
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as client:
        yield Browser(client)


def versions(leader: Asked) -> list[deliveries.Delivery]:
    with leader.installation.store.read() as connection:
        return deliveries.versions(connection, key("action_plan"))


def test_more_rows_deliver_nothing_and_the_promise_is_asked_about(leader: Asked, browser: Browser) -> None:
    link, chosen = f"/proeveby/bekraeft/{leader.token()}", {"punkt": key("action_plan")}
    more = browser.send(link, {**chosen, **ROW, "rækker.efforts": "3", "flere": "efforts"})
    assert (more.status_code, len(re.findall(r'name="efforts\.\d+\.effort"', more.text))) == (200, 6)
    refused = browser.send(link, {**chosen, **ROW})
    assert refused.status_code == 400
    assert "Svar på, hvad der blev af »Gåbus · Alle«" in refused.text
    assert versions(leader) == []
    assert browser.send(link, {**chosen, **ROW, **SAID}).status_code == 303
    (made,) = versions(leader)
    assert made.file
    assert made.answers == {
        **ROW,
        **SAID,
        "efforts.1.until": "",
        "last_year.1.promise": "Gåbus · Alle",
    }
