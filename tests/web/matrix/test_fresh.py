"""The matrix asked for again: answered without being made when nothing can have changed, and never an old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from kvalitet.adapters.access import sessions
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.follow_up import calling, extending, pausing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import deliveries, plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.occurrences import Occurrence
from kvalitet.web.app import create_app
from kvalitet.web.pages.matrix import matrix_pages
from kvalitet.web.rendering import render
from tests.web import builders
from tests.web.conftest import ADMINISTRATION, HOST, let_in

PAGE = "/proeveby/skoler"
KEY = "proeveby.2026-27.open_school.323001"
NOW = builders.NOON
DELIVERED = Submission({"goal": "Flere i skole", "percent": "5"}, "Leder")


@dataclass
class Watched:
    """A browser that knows the page, a clock, and how often the page has been made."""

    client: TestClient
    installation: Installation
    now: datetime = NOW
    made: int = 0
    etag: str = ""

    def ask(self) -> tuple[int, int]:
        """Ask again as the browser does; give the status, and how often the page was made for it."""
        before = self.made
        answer = self.client.get(PAGE, headers={"if-none-match": self.etag}, follow_redirects=False)
        self.etag = answer.headers.get("etag", self.etag)
        return answer.status_code, self.made - before


@pytest.fixture
def watched(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    really = render

    def counting(*given: object, **values: object) -> object:
        found.made += 1
        return really(*given, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(matrix_pages, "render", counting)
    app = create_app(lambda: installation, lambda: found.now)
    with TestClient(app, base_url=HOST, client=("127.0.0.1", 50000)) as client:
        found = Watched(client, installation)
        let_in(client, installation, ADMINISTRATION)
        for _ in range(2):  # the first sets the cookie of the forms
            found.ask()
        yield found


def test_a_page_of_which_nothing_has_changed_is_not_made_again(watched: Watched) -> None:
    assert [watched.ask() for _ in range(3)] == [(304, 0), (304, 0), (304, 0)]


def _occurrence(installation: Installation) -> Occurrence:
    with installation.store.read() as connection:
        found = plans.occurrence(connection, KEY)
    assert found is not None
    return found


def _decide(installation: Installation) -> None:
    made = deliver(installation, KEY, DELIVERED, now=NOW)
    with installation.store.write() as connection:
        deliveries.decide(connection, made.id, decision="approved", by="Direktøren", comment="", now=NOW)


CHANGES: dict[str, Callable[[Installation], object]] = {
    "en aflevering": lambda of: deliver(of, KEY, DELIVERED, now=NOW),
    "en fritagelse": lambda of: waive(of, KEY, reason="Aftalt", by="X", now=NOW),
    "en udsat frist": lambda of: extending.extend(of, KEY, due=date(2027, 3, 1), reason="Ny", by="X", now=NOW),
    "et opkald": lambda of: calling.note_call(of, _occurrence(of), "Ringet", by="X", now=NOW),
    "en pause": lambda of: pausing.pause(
        of,
        of.municipalities[0],
        "323001",
        first_day=date(2026, 11, 22),
        last_day=None,
        reason="Vand",
        by="X",
        now=NOW,
    ),
    "en afgørelse": _decide,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen_at_once(watched: Watched, change: str) -> None:
    assert watched.ask() == (304, 0)
    CHANGES[change](watched.installation)
    assert watched.ask() == (200, 1)
    assert watched.ask() == (304, 0)


def test_what_changes_elsewhere_makes_the_page_anew_but_does_not_send_it_again(watched: Watched) -> None:
    waive(watched.installation, "proeveby.2026-27.local_goals.323001", reason="Aftalt", by="X", now=NOW)
    watched.ask()
    with watched.installation.store.write() as connection:
        plans.set_wake(connection, KEY, date(2026, 12, 1))
    assert [watched.ask(), watched.ask()] == [(304, 1), (304, 0)]


def test_whoever_is_logged_out_is_not_told_that_nothing_has_changed(watched: Watched) -> None:
    assert watched.ask() == (304, 0)
    token = watched.client.cookies["kvalitet_session"]
    with watched.installation.store.write() as connection:
        session = sessions.with_token(connection, token)
        assert session is not None
        sessions.end(connection, session, now=NOW)
    assert watched.ask() == (303, 0)


def test_another_browser_that_has_the_mark_of_the_page_is_led_to_the_login(watched: Watched) -> None:
    assert watched.ask() == (304, 0)
    watched.client.cookies.delete("kvalitet_session")
    assert watched.ask() == (303, 0)


def test_once_a_minute_the_browser_is_looked_at_again_so_that_its_session_stays_alive(watched: Watched) -> None:
    watched.now = NOW + timedelta(seconds=59)
    assert watched.ask() == (304, 0)
    watched.now = NOW + timedelta(seconds=60)
    assert watched.ask() == (304, 1)
    watched.now = NOW + timedelta(minutes=10)
    assert watched.ask() == (304, 1)
    with watched.installation.store.read() as connection:
        session = sessions.with_token(connection, watched.client.cookies["kvalitet_session"])
    assert session is not None
    assert session.seen_at == NOW + timedelta(minutes=10)


def test_a_session_that_has_run_out_by_itself_is_over_here_too(watched: Watched) -> None:
    watched.now = NOW + timedelta(days=1)
    assert watched.ask() == (303, 0)


def test_a_new_day_is_another_page(watched: Watched) -> None:
    almost = datetime.fromisoformat("2026-11-22T22:59:50+00:00")
    with watched.installation.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE session SET seen_at = '2026-11-22 22:59:50', created_at = '2026-11-22 22:00'"
        )
    watched.now = almost
    watched.ask()
    assert watched.ask() == (304, 0)
    watched.now = almost + timedelta(seconds=10)
    assert watched.ask()[1] == 1


def test_a_clock_that_was_put_back_is_no_reason_to_trust_what_was_known(watched: Watched) -> None:
    watched.now = NOW - timedelta(hours=1)
    assert watched.ask()[1] == 1
