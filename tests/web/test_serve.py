from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.settings import Settings
from kvalitet.web.serve import listen, refuse_open_doors


def test_a_free_port_is_taken_on_this_machine_only() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.proto == socket.IPPROTO_TCP  # what asyncio asks for, before it lets answers leave at once


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OperationError, match=f"^Porten {port} er optaget af et andet program; stop det"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])  # noqa: S104 -- to be refused
def test_an_address_that_others_can_reach_without_https_is_refused_with_the_reason(host: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="når folk når det med https"):
        refuse_open_doors(Settings.read(tmp_path, host=host))


@pytest.mark.parametrize(("proxies", "warnings"), [("192.0.2.1", 0), ("", 1)])
def test_an_address_that_others_can_reach_by_https_is_taken_and_the_proxy_is_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, proxies: str, warnings: int
) -> None:
    given = {"host": "192.0.2.7", "base_url": "https://kvalitet.example", "trusted_proxies": proxies}
    refuse_open_doors(Settings.read(tmp_path, **given))
    assert caplog.text.count("KVALITET_TRUSTED_PROXIES er tom") == warnings


def test_the_program_ends_with_one_sentence_when_it_may_not_listen(tmp_path: Path) -> None:
    given = {**os.environ, "KVALITET_HOME": str(tmp_path), "KVALITET_HOST": "192.0.2.7"}
    ended = subprocess.run(
        [sys.executable, "-m", "kvalitet.web"], env=given, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        "Statusoverblikket må kun lytte på »192.0.2.7«, når folk når det med https; sæt KVALITET_BASE_URL til den "
        "adresse, som proxyen foran svarer på, eller KVALITET_HOST til 127.0.0.1.\n"
    )
