"""A simulated year: every mail, a log, the wheel at each month's end, and a summary."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, upgrade
from kvalitet.municipality import DANISH_TIME
from kvalitet.simulation.playing import Play
from kvalitet.simulation.writing import write_events, write_summary
from kvalitet.web.drawing.wheel_svg import wheel_svg

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

BASE_URL = "https://kvalitet.example"
# The same seed is to give the same bytes, and a play is sent to nobody.
SECRET = b"en leg"


def play_year(
    municipality: Municipality,
    school_year: SchoolYear,
    out: Path,
    *,
    seed: int,
    files: Path,
    tell: Callable[[date], None] = lambda _day: None,
) -> Path:
    """Play a wheel from its first day to its last, and lay what came of it into an empty folder.

    `files` is the folder of municipality folders; `tell` hears each day as it ends.
    """
    if out.exists() and any(out.iterdir()):
        raise UserError(f"Mappen »{out}« er ikke tom; vælg en tom eller ny mappe til afspilningen.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="kvalitet-simulation-") as home:
            _play(Path(home), municipality, school_year, out, seed=seed, files=files, tell=tell)
    except OSError as error:
        raise OperationError(f"Afspilningen kunne ikke skrives til »{out}« ({error.strerror}).") from error
    return out


def _play(  # noqa: PLR0913 -- as above
    home: Path,
    municipality: Municipality,
    school_year: SchoolYear,
    out: Path,
    *,
    seed: int,
    files: Path,
    tell: Callable[[date], None],
) -> None:
    settings = Settings(home=home, municipalities=files, database_url="", smtp_host="", base_url=BASE_URL)
    upgrade(settings.store_url)
    store = Store.open(settings.store_url, throw_away=True)
    installation = Installation(settings, store, (municipality,), secret=SECRET)
    play = Play(installation, municipality, school_year, seed)

    def after_day(day: date, now: datetime) -> None:
        tell(day)
        if (day + timedelta(days=1)).day == 1:
            board = installation.board(municipality, school_year, now=now)
            (out / f"wheel-{day:%Y-%m}.svg").write_text(wheel_svg(board, links=False), encoding="utf-8")

    end = datetime.combine(play.last_day(), time(23, 59), tzinfo=DANISH_TIME).astimezone(UTC)
    play.run(end, after_day=after_day)
    # The numbered mails alone; what the mailbox knows them by is of no use to a reader.
    shutil.copytree(home / "mailbox", out / "mail", ignore=shutil.ignore_patterns(".*"))
    write_events(installation, municipality, out / "events.csv")
    write_summary(installation, municipality, school_year, out / "summary.md", seed=seed, now=end)
    installation.store.close()
