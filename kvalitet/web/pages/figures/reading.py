"""Reading: the figures on show, kept until others are published, so that a large municipality's are read once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.store import snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.snapshots import Mark
    from kvalitet.measurements import Measurement
    from kvalitet.web.views import View

MOST = 8


@dataclass(frozen=True, slots=True)
class Read:
    """Læst: what was on show of some indicators, and the mark of that."""

    installation: Installation
    mark: Mark
    figures: tuple[Measurement, ...]


class FiguresReading:
    """Læsning: reads what is not known, or may have changed since."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, frozenset[str] | None, bool], Read] = OrderedDict()
        self._lock = Lock()

    def of(self, view: View, indicators: Iterable[str] | None, *, inside: bool) -> tuple[Measurement, ...]:
        """Give the figures on show; confidential ones only for who is `inside`. Whose they are is asked elsewhere."""
        municipality = view.municipality
        key = (municipality.key, None if indicators is None else frozenset(indicators), inside)
        with view.installation.store.read() as connection:
            mark = snapshots.mark(connection, municipality.key)
            with self._lock:
                known = self._read.get(key)
            if known is None or known.mark != mark or known.installation is not view.installation:
                found = shown_figures(
                    connection, municipality, viewer_may_see_confidential=inside, indicators=indicators
                )
                known = Read(view.installation, mark, found)
        self._keep(key, known)
        return known.figures

    def _keep(self, key: tuple[str, frozenset[str] | None, bool], read: Read) -> None:
        with self._lock:
            self._read[key] = read
            self._read.move_to_end(key)
            while len(self._read) > MOST:
                self._read.popitem(last=False)
