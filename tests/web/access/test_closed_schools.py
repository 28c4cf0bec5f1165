"""The people of a school that closes: let in through its last day, and then as unknown as anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kvalitet.adapters.installation import Installation
from tests.web.access.test_links import LEADER, PAGE, Desk
from tests.web.builders import municipality
from tests.web.conftest import browsing, said


@pytest.fixture
def desk(installation: Installation) -> Iterator[Desk]:
    opened = Desk(replace(installation, municipalities=(municipality("proeveby"),)))
    with opened.client:
        yield opened


def closing(desk: Desk, closed: date) -> None:
    """Close the first school."""
    found = desk.installation.municipalities[0]
    first, *others = found.schools
    there = replace(found, schools=(replace(first, closed=closed), *others))
    desk.installation = replace(desk.installation, municipalities=(there,))


def test_the_leader_of_a_school_logs_in_on_its_last_day(desk: Desk) -> None:
    closing(desk, date(2026, 11, 22))
    assert desk.browser.send(desk.made(), {}).status_code == 303
    assert desk.browser.get("/proeveby/skole/323001").status_code == 200


def test_the_leader_of_a_school_that_has_closed_is_answered_as_somebody_unknown(desk: Desk) -> None:
    link = desk.made("s1@skole.example")
    closing(desk, date(2026, 11, 21))
    gone, unknown = (desk.ask(address) for address in (LEADER, "ukendt@skole.example"))
    assert gone.status_code == unknown.status_code == 200
    assert said(gone).replace(LEADER, "x") == said(unknown).replace("ukendt@skole.example", "x")
    assert desk.links() == []
    assert desk.browser.send(link, {}, page=PAGE).status_code == 410


def test_a_leader_who_is_logged_in_when_the_school_closes_is_out_the_day_after(desk: Desk) -> None:
    desk.browser.send(desk.made(), {})
    closing(desk, date(2026, 11, 21))
    assert desk.browser.get("/proeveby/skole/323001").headers["location"] == "/"
    with browsing(desk.installation) as administration:
        assert administration.get("/proeveby/skole/323001").status_code == 200
