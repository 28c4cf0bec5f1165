"""A board with a small municipality, on both kinds of database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import Connection
from starlette.testclient import TestClient

from kvalitet.adapters.access import sessions
from kvalitet.adapters.access.audits import Deed
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, bookings, plans
from kvalitet.adapters.store.searches import deeds
from kvalitet.occurrences import Changes, plan
from kvalitet.timetable import propose
from kvalitet.web.access.cookies import session_name
from kvalitet.web.app import create_app
from tests.web import builders

HOST = "http://127.0.0.1:8321"
HIDDEN = "formularmærke"


@dataclass
class Browser:
    """A browser that keeps cookies and sends forms as the pages do."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=lambda: {"sec-fetch-site": "same-origin"})

    def get(self, address: str) -> Response:
        page: Response = self.client.get(address, follow_redirects=False)
        return page

    def token(self, address: str) -> str:
        """Open the page of a form, and give its token."""
        page: str = self.client.get(address).text
        return page.split(f'name="{HIDDEN}" value="')[1].split('"', maxsplit=1)[0]

    def send(self, address: str, texts: dict[str, str], *, page: str | None = None, files: object = None) -> Response:
        """Fill in the form of a page and send it."""
        data = {HIDDEN: self.token(page or address), **texts}
        answer: Response = self.client.post(
            address,
            data=data,
            files=files,
            headers=self.headers,
            follow_redirects=False,
        )
        return answer


def said(page: Response) -> str:
    """Give what a page says, without the mask under which it writes the forms' token."""
    return re.sub(rf'(name="{HIDDEN}" value=")[^"]*', r"\1", page.text)


def seed(store: Store, *, now: datetime = builders.NOON) -> None:
    """Write the plan of the municipality and its proposed meetings."""
    found = builders.municipality("proeveby")
    wanted = plan(found, builders.YEAR)
    positions = {occurrence.key: place for place, occurrence in enumerate(wanted)}
    with store.write() as connection:
        plans.write(
            connection,
            Changes(new=wanted, moved=(), dropped=()),
            positions=positions,
            wake_on=dict.fromkeys(positions),
            now=now,
        )
        bookings.propose(connection, propose(found, wanted, {}), places={}, now=now)


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    seed(store)
    home = tmp_path / "home"
    guides = home / "municipalities" / "proeveby"
    guides.mkdir(parents=True)
    (guides / "guide.md").write_text("# Spørgsmål\n\n- Hvad går godt?\n", encoding="utf-8")
    return Installation(Settings.read(home), store, (builders.municipality("proeveby"),))


@pytest.fixture
def browser(installation: Installation) -> Iterator[Browser]:
    with browsing(installation) as opened:
        yield opened


ADMINISTRATION = "fagcenter@proeveby.example"


@contextmanager
def browsing(installation: Installation, address: str = ADMINISTRATION) -> Iterator[Browser]:
    """Give a browser on the board of an installation, logged in as whoever reads a mailbox; "" is nobody."""
    app = create_app(lambda: installation, lambda: builders.NOON)
    with TestClient(app, base_url=HOST, raise_server_exceptions=False, client=("127.0.0.1", 50000)) as client:
        if address:
            let_in(client, installation, address)
        yield Browser(client)


def deeds_of(connection: Connection, municipality: str) -> tuple[Deed, ...]:
    """List what was done on a municipality's pages, newest first."""
    return deeds.search(connection, municipality, deeds.Wanted(), skip=0, limit=500).items


def let_in(client: TestClient, installation: Installation, address: str, *, now: datetime = builders.NOON) -> None:
    """Let a client in as whoever reads a mailbox."""
    client.cookies.set(session_name(installation.settings), logged_in(installation, address, now=now))


def logged_in(installation: Installation, address: str, *, now: datetime = builders.NOON) -> str:
    """Let a browser in as whoever reads a mailbox, and give its cookie."""
    entry = Entry(installation.municipalities[0].key, Method.LINK, address=address)
    with installation.store.write() as connection:
        return sessions.begin(connection, entry, now=now)
