"""What must hold before anything is started: this home is ours alone, and the ports are free."""

from __future__ import annotations

import errno
import fcntl
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kvalitet.adapters.engine.environment import SERVER_HOST
from kvalitet.adapters.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kvalitet.adapters.settings import Settings

LOCK = "kvalitet.lock"


@contextmanager
def sole_owner(home: Path) -> Iterator[None]:
    """Hold the home's lock; the system lets go of it when this process ends, in whatever way."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / LOCK).open("w")
    except OSError as error:
        raise OperationError(f"Mappen {home} kan ikke skrives; vælg en anden med --home.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OperationError(
                f"Kvalitet kører allerede med mappen {home}; stop det først, eller vælg en anden mappe med --home."
            ) from error
        yield


def check_ports(settings: Settings) -> None:
    """Refuse to start on ports that others use."""
    _check(settings.host, settings.port, "KVALITET_PORT")
    _check(SERVER_HOST, settings.prefect_port, "KVALITET_PREFECT_PORT")


def _check(host: str, port: int, setting: str) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise OperationError(
            f"Port {port} på {host} kan ikke bruges{_why(error)}; "
            f"stop det program, der bruger den, eller vælg en anden med {setting}."
        ) from error


def _why(error: OSError) -> str:
    """Say why in plain words where they are known; what the system says of the rest is better than nothing."""
    return ": den er taget" if error.errno == errno.EADDRINUSE else f" ({error.strerror})"
