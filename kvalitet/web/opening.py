"""Opening: the installation that the pages work on, opened once, with the municipalities' files as they are now."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import load_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kvalitet.adapters.settings import Settings

    Marks: TypeAlias = frozenset[tuple[str, int, int]]

logger = logging.getLogger(__name__)

# Who leaves the files is out so soon afterwards.
LOOKED_AGAIN_SECONDS = 5.0


class Opened:
    """Åben installation: the first page that asks opens it; files that have changed are read again."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._installation: Installation | None = None
        self._marks: Marks = frozenset()
        self._looked = 0.0

    def __call__(self) -> Installation:
        """Give the installation."""
        if self._installation is None or self._clock() - self._looked >= LOOKED_AGAIN_SECONDS:
            with self._lock:
                return self._looked_at()
        return self._installation

    def _looked_at(self) -> Installation:
        known, now = self._installation, self._clock()
        if known is not None and now - self._looked < LOOKED_AGAIN_SECONDS:
            return known  # another thread has just looked
        marks = _marks(self._settings.municipality_folder)
        if known is None:
            known = Installation.open(self._settings)
        elif marks != self._marks:
            known = self._read_again(known)
        self._installation, self._marks, self._looked = known, marks, now
        return known

    def _read_again(self, known: Installation) -> Installation:
        """Read the files; while somebody is in the middle of mending them, the last good ones hold."""
        try:
            municipalities = load_all(self._settings.municipality_folder)
        except UserError as error:
            logger.warning("Kommunernes filer er ændret, men kan ikke bruges; de forrige gælder stadig. %s", error)
            return known
        logger.info("Kommunernes filer er ændret og læst igen")
        return replace(known, municipalities=municipalities)


def _marks(folder: Path) -> Marks:
    files = [path for path in folder.glob("*/*.yaml") if path.is_file()]
    return frozenset((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
