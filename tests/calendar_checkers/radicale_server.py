"""Radicale: a calendar server that is not ours; it takes a calendar or says why not, and finds it by its time."""

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import httpx

from tests.calendar_checkers.checking import Said, missing

# Debian's own, in Debian's own Python: nothing of it gets into our lock file.
PYTHON = "/usr/bin/python3"
SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[rights]
type = owner_only
[web]
type = none
[storage]
filesystem_folder = {folder}
"""
QUERY = """<?xml version="1.0"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><d:getetag/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>
</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


class Radicale:
    """A running server; what is put together lies in a folder of its own there."""

    def __init__(self, client: httpx.Client, log: Path) -> None:
        self._client = client
        self._log = log
        self._made = 0

    def __call__(self, *calendars: bytes) -> list[Said]:
        """Put each calendar over what it follows, and give the server's own words where it refuses one."""
        self._make_folder()
        return [self._judged(f"{self._folder}{_file_name(calendar)}", calendar) for calendar in calendars]

    def subscribe(self, calendar: bytes) -> Said:
        """Put a whole calendar at once, as one that somebody subscribes to."""
        self._made += 1
        return self._judged(self._folder, calendar)

    def finds(self, calendar: bytes, start: datetime) -> bool:
        """Tell whether the server has a meeting going on in the minute that begins at `start` (UTC)."""
        assert self(calendar)[0].errors == []
        query = QUERY.format(start=start, end=start + timedelta(minutes=1))
        answer = self._client.request("REPORT", self._folder, content=query, headers={"Depth": "1"})
        assert answer.status_code == httpx.codes.MULTI_STATUS, answer.text
        return ".ics" in answer.text

    @property
    def _folder(self) -> str:
        return f"/test/calendar-{self._made}/"

    def _make_folder(self) -> None:
        self._made += 1
        assert self._client.request("MKCALENDAR", self._folder).status_code == httpx.codes.CREATED

    def _judged(self, path: str, calendar: bytes) -> Said:
        logged = self._log.stat().st_size
        answer = self._client.put(path, content=calendar, headers={"Content-Type": "text/calendar; charset=utf-8"})
        if answer.status_code == httpx.codes.CREATED:
            return Said()
        return Said([f"{answer.status_code}: {self._log.read_bytes()[logged:].decode().strip()}"])


def _file_name(calendar: bytes) -> str:
    """Name a meeting's file as calendars do: one UID is one file, whatever happens to the meeting."""
    found = re.search(rb"^UID:(.*)\r$", calendar, re.MULTILINE)
    return f"{hashlib.sha256(found[1] if found else b'').hexdigest()}.ics"


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Run a server with its data in `folder`."""
    if subprocess.run([PYTHON, "-c", "import radicale"], capture_output=True, check=False).returncode:
        missing("Radicale", "python3-radicale")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings, log = folder / "radicale.ini", folder / "radicale.log"
    settings.write_text(SETTINGS.format(port=port, folder=folder / "data"))
    with (
        log.open("wb") as output,
        subprocess.Popen([PYTHON, "-m", "radicale", "--config", str(settings)], stderr=output, stdout=output) as server,
    ):
        try:
            _await(port, server)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=("test", ""), trust_env=False) as client:
                yield Radicale(client, log)
        finally:
            server.terminate()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 30
    while monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise TimeoutError("Radicale did not start")
