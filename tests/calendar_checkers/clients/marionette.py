"""Marionette: Mozilla's own remote control, as a client of a few lines (length-prefixed JSON over TCP)."""

from __future__ import annotations

import base64
import json
import socket
from pathlib import Path
from typing import Any


class Marionette:
    """A conversation with a running Thunderbird; scripts run with the rights of the program itself."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._hear()  # the greeting
        self._command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self._command("Marionette:SetContext", {"value": "chrome"})

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the main window; what it gives back must be JSON."""
        found = self._command(
            "WebDriver:ExecuteScript", {"script": script, "args": list(values), "newSandbox": True, "sandbox": "system"}
        )
        return found["value"]

    def picture(self, path: Path) -> None:
        """Save what the window shows."""
        found = self._command("WebDriver:TakeScreenshot", {"full": False})
        path.write_bytes(base64.b64decode(found["value"]))

    def close(self) -> None:
        """Hang up; the program goes on."""
        self._stream.close()
        self._socket.close()

    def _command(self, name: str, values: dict[str, object]) -> Any:
        self._number += 1
        said = json.dumps([0, self._number, name, values]).encode()
        self._socket.sendall(str(len(said)).encode() + b":" + said)
        _, number, error, result = self._hear()
        assert number == self._number
        if error:
            raise RuntimeError(f"Thunderbird: {error['error']}: {error['message']}")
        return result

    def _hear(self) -> Any:
        length = b""
        while (one := self._stream.read(1)) != b":":
            if not one:
                raise ConnectionError("Thunderbird hung up")
            length += one
        return json.loads(self._stream.read(int(length)))
