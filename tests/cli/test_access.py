"""Logging in without a mail, and logging somebody out, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.web.app import create_app
from tests.cli.command_line import FILES, NOW, CommandLine
from tests.web.conftest import HOST, Browser

OFFICE = "fagcenter@kalundborg.example"
HERE = ("-m", "kalundborg")


@pytest.fixture
def browser(kvalitet: CommandLine) -> Iterator[Browser]:
    """Give a browser on the pages of the same installation."""
    installation = Installation.open(Settings.read(kvalitet.home, municipalities=FILES))
    app = create_app(lambda: installation, lambda: datetime.fromisoformat(NOW))
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as client:
        yield Browser(client)
    installation.store.close()


def test_the_link_that_is_written_logs_in_once_and_the_session_is_ended_from_here(
    kvalitet: CommandLine, browser: Browser
) -> None:
    written = kvalitet("login", OFFICE.upper(), *HERE, "--json").json
    path = written["link"].removeprefix(HOST)
    assert (written["address"], written["ends_at"]) == (OFFICE, "2026-09-01T10:10:00+00:00")
    assert browser.send(path, {}).headers["location"] == "/kalundborg/"
    assert browser.client.get(path).status_code == 410
    assert browser.get("/kalundborg/adgang").status_code == 200
    assert kvalitet("sessions", "end", OFFICE, *HERE).out == f"{OFFICE} er logget ud; der var 1 browser.\n"
    assert browser.get("/kalundborg/adgang").status_code == 303
    assert kvalitet("sessions", "end", OFFICE, *HERE).out == f"{OFFICE} er logget ud; der var ingen browsere.\n"


def test_the_link_stands_alone_on_its_line(kvalitet: CommandLine) -> None:
    first, second = kvalitet("login", OFFICE, *HERE).out.splitlines()
    assert first.startswith("http://127.0.0.1:8321/log-ind/link/")
    assert second == "Linket virker én gang, til kl. 12.10. Det er kun til dig."


def test_an_address_that_nobody_has_named_gets_no_link(kvalitet: CommandLine) -> None:
    ran = kvalitet("login", "ukendt@kalundborg.example", *HERE)
    assert (ran.code, ran.out) == (2, "")
    assert "»ukendt@kalundborg.example« kan ikke logge ind i Kalundborg Kommune med et link" in ran.err


def test_an_operator_of_the_settings_gets_one(kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KVALITET_OPERATORS", "Drift@Driften.example")
    assert kvalitet("login", "drift@driften.example", *HERE).code == 0
