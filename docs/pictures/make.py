"""`make pictures`: plays the demonstration up to one fixed day and takes the README's picture of the board."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import upgrade
from kvalitet.simulation import play_demonstration
from kvalitet.web.app import create_app
from kvalitet.web.serve import listen

NOW = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent
PICTURES = {"board.png": "/kalundborg/"}
SIZE = {"width": 1440, "height": 1130}
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main() -> None:
    """Take every picture."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("Chromium mangler; installér pakken chromium, og prøv igen.")
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET))
        page = chromium.new_page(viewport=SIZE, locale="da-DK")
        for name, path in PICTURES.items():
            page.goto(f"{address}{path}")
            page.screenshot(path=FOLDER / name)
        chromium.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a played demonstration whose clock stands still."""
    settings = Settings(home=home, municipalities=CHECKOUT / "deployments", port=0)
    upgrade(settings.store_url)
    installation = Installation.open(settings)
    play_demonstration(installation, now=NOW)
    socket = listen(settings.host, 0)
    server = uvicorn.Server(uvicorn.Config(create_app(lambda: installation, lambda: NOW), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    installation.store.close()


if __name__ == "__main__":
    main()
