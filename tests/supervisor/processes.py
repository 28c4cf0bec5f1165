"""Real processes for the slow tests: started with an installation of their own, and surely ended."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kvalitet.adapters.engine.environment import environment
from kvalitet.adapters.settings import CHECKOUT, Settings


def free_port() -> int:
    """Give a port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def settings_in(home: Path, *, database_url: str = "") -> Settings:
    """Give settings for a home of the municipalities that ship, on free ports."""
    return Settings(
        home=home,
        municipalities=CHECKOUT / "deployments",
        database_url=database_url,
        port=free_port(),
        prefect_port=free_port(),
    )


def variables(settings: Settings) -> dict[str, str]:
    """Give the environment that names the installation, without what the tests' own Prefect is told."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "KVALITET_"))}
    chosen = {
        "KVALITET_HOME": str(settings.home),
        "KVALITET_MUNICIPALITIES": str(settings.municipality_folder),
        "KVALITET_DATABASE_URL": settings.database_url,
        "KVALITET_PORT": str(settings.port),
        "KVALITET_PREFECT_PORT": str(settings.prefect_port),
    }
    return {**mine, **chosen}


def with_prefect(settings: Settings) -> dict[str, str]:
    """Give the same, with what Prefect is told."""
    return {**variables(settings), **environment(settings)}


@contextmanager
def running(*arguments: str, env: dict[str, str], log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a Python module for as long as the block lasts."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", *arguments],
            env=env,
            cwd=CHECKOUT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(true: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for another process to have done something; the only thing to do is to look now and then."""
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"Efter {seconds} sekunder: {what}"
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Tell whether a page is served."""
    try:
        with urllib.request.urlopen(address, timeout=2) as found:  # noqa: S310 -- our own address
            return bool(found.status == 200)
    except OSError:
        return False
