"""Reading: what the matrix is made from; kept until the database's mark is another, so that it is read once for all."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from kvalitet.adapters.store.agreements import contact_notes, extensions, reminded
from kvalitet.web.pages.matrix.table import Known

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.adapters.installation import Installation
    from kvalitet.board import Board
    from kvalitet.days import SchoolYear
    from kvalitet.web.views import View

# The largest municipality's takes some ten megabytes.
MOST = 4


@dataclass(frozen=True, slots=True)
class Read:
    """Læst: the whole board of a school year on a day, and what stands beside it."""

    installation: Installation
    mark: str
    board: Board
    known: Known


class Reading:
    """Læsning: reads what is not known, or may have changed since."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, SchoolYear, date, date | None], Read] = OrderedDict()
        self._lock = Lock()

    def of(self, view: View) -> tuple[Board, Known]:
        """Give the board as the viewer may see it, and what stands beside it."""
        installation, key = view.installation, (view.municipality.key, view.school_year, view.today, view.asked_day)
        mark = installation.store.marker.mark()
        with self._lock:
            found = self._read.get(key)
        if found is None or found.mark != mark or found.installation is not installation:
            found = Read(installation, mark or "", *_read(view))
            if mark is not None:
                self._keep(key, found)
        return view.viewer.board(found.board), found.known

    def _keep(self, key: tuple[str, SchoolYear, date, date | None], found: Read) -> None:
        with self._lock:
            self._read[key] = found
            self._read.move_to_end(key)
            while len(self._read) > MOST:
                self._read.popitem(last=False)


def _read(view: View) -> tuple[Board, Known]:
    municipality, year = view.municipality.key, view.school_year
    board = view.installation.board(view.municipality, year, now=view.now)
    with view.installation.store.read() as connection:
        return board, Known(
            reminded=reminded.last(connection, municipality, year, until=view.now),
            extended=extensions.dues(connection, municipality),
            calls=contact_notes.counts(connection, municipality, year),
        )
