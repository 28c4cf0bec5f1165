"""`make pictures`: plays the demonstration up to one fixed day, and takes the pictures of the board and the mails."""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
import threading
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import uvicorn
from mails import mail_pictures
from playwright.sync_api import Page, ViewportSize, sync_playwright

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import upgrade
from kvalitet.simulation import play_demonstration
from kvalitet.web.app import create_app
from kvalitet.web.serve import listen

NOW = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent
PICTURES = {"board.png": "/kalundborg/"}
SIZE: ViewportSize = {"width": 1280, "height": 1145}
READ_PIXELS = """async picture => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const bytes = context.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
}"""
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main() -> None:
    """Take every picture."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("Chromium mangler; installér pakken chromium, og prøv igen.")
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET))
        page = chromium.new_page(viewport=SIZE, locale="da-DK")
        log_in(page, address)
        for name, path in PICTURES.items():
            page.goto(f"{address}{path}")
            (FOLDER / name).write_bytes(small(page, page.screenshot()))
        for name, picture in mail_pictures(chromium):
            (FOLDER / name).write_bytes(small(page, picture))
        chromium.close()


def log_in(page: Page, address: str) -> None:
    """Be the administration, as a visitor of the demonstration may."""
    page.goto(f"{address}/log-ind/kalundborg")
    page.select_option("#rolle", "administration")
    page.get_by_role("button", name="Prøv").click()


def small(page: Page, picture: bytes) -> bytes:
    """Write a picture anew with at most 256 colours, which a drawing can do with, in a third of the room."""
    page.goto("about:blank")
    width, height, pixels = page.evaluate(READ_PIXELS, b64encode(picture).decode())
    rows = np.frombuffer(b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    colours, places, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:256]]
    nearest = np.array([((palette - colour) ** 2).sum(axis=1).argmin() for colour in colours], np.uint8)
    lines = nearest[places].reshape(height, width)
    unfiltered = np.hstack([np.zeros((height, 1), np.uint8), lines]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(unfiltered, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


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
