"""Reading: what the matrix is made from; once for all who look, and after a change only what is another one is made.

Until the database's mark is another, nothing is asked. Then the year is asked for again, and compared with what was
told before: as long as it is planned as it was, only those occurrences are read of which something else is known.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from kvalitet.adapters.installation import board_told
from kvalitet.adapters.store import yearly
from kvalitet.adapters.store.agreements import contact_notes, reminded
from kvalitet.adapters.store.database.plain import day
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.adapters.store.yearly import facts_of
from kvalitet.board import board_of
from kvalitet.status import State
from kvalitet.web.pages.matrix.table import Known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.yearly import Told
    from kvalitet.board import Board, Row
    from kvalitet.days import SchoolYear
    from kvalitet.web.views import View

# The largest municipality's takes some ten megabytes.
MOST = 4
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Read:
    """Læst: the whole board of a school year on a day, and what stands beside it.

    It holds `until` a meeting is over; `places` tells by occurrence where in the board it stands.
    """

    installation: Installation
    mark: str | None
    told: Told
    paused: Mapping[str, str]
    board: Board
    known: Known
    places: Mapping[str, int]
    until: datetime

    def holds(self, view: View, mark: str | None) -> bool:
        """Tell whether it is what would be read now."""
        is_same = self.installation is view.installation and mark is not None and self.mark == mark
        return is_same and self.board.now <= view.now < self.until


class Reading:
    """Læsning: reads what is not known, or may have changed since."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, SchoolYear, date, date | None], Read] = OrderedDict()
        self._lock = Lock()

    def of(self, view: View) -> tuple[Board, Known]:
        """Give the board as the viewer may see it, and what stands beside it.

        For one who may see all of it, it is the very same one while nothing in it is another.
        """
        key = view.municipality.key, view.school_year, view.today, view.asked_day
        mark = view.installation.store.marker.mark()
        with self._lock:
            found = self._read.get(key)
        if found is None or not found.holds(view, mark):
            found = _read(view, mark, found)
            self._keep(key, found)
        return view.viewer.board(found.board), found.known

    def _keep(self, key: tuple[str, SchoolYear, date, date | None], found: Read) -> None:
        with self._lock:
            self._read[key] = found
            self._read.move_to_end(key)
            while len(self._read) > MOST:
                self._read.popitem(last=False)


def _read(view: View, mark: str | None, before: Read | None) -> Read:
    municipality, year = view.municipality.key, view.school_year
    with view.installation.store.read_steadily() as connection:
        told = yearly.tell(connection, municipality, year)
        paused = school_pauses.reasons(connection, municipality, view.today)
        known = Known(
            reminded=reminded.last(connection, municipality, year, until=view.now),
            extended={key: day(due) for key, due in told.extended.items()},
            calls=contact_notes.counts(connection, municipality, year),
        )
    if before and known == before.known:
        known = before.known
    if before and _is_alike(view, before, told, paused):
        board, places = _retold(before, told, now=view.now), before.places
    else:
        board = board_told(view.municipality, told, paused, now=view.now)
        places = {row.occurrence.key: place for place, row in enumerate(board.rows)}
    until = min((_ends_at(row) for row in _booked(board, places, told)), default=NEVER)
    return Read(view.installation, mark, told, paused, board, known, places, until)


def _is_alike(view: View, before: Read, told: Told, paused: Mapping[str, str]) -> bool:
    """Tell whether only what is known of single occurrences may be another than it was."""
    is_later = before.board.municipality is view.municipality and before.board.now <= view.now
    return is_later and before.paused == paused and before.told.planned == told.planned


def _retold(before: Read, told: Told, *, now: datetime) -> Board:
    """Make those rows anew that may be others: something else is known of them, or their meetings are over."""
    board, places = before.board, before.places
    changed = {key for key in told.changed_since(before.told) if key in places}
    changed |= {row.occurrence.key for row in _booked(board, places, told) if _ends_at(row) <= now}
    if not changed:
        return board
    occurrences = [told.occurrence(row) for row in told.planned if row[0] in changed]
    facts = {key: facts_of(told.mark(key)) for key in changed}
    rows = list(board.rows)
    for row in board_of(board.municipality, board.school_year, occurrences, facts, now=now, paused=before.paused).rows:
        rows[places[row.occurrence.key]] = row
    return replace(board, now=now, rows=tuple(rows))


def _booked(board: Board, places: Mapping[str, int], told: Told) -> list[Row]:
    return [board.rows[places[key]] for key in told.booked if key in places]


def _ends_at(row: Row) -> datetime:
    """Give when the clock alone makes another row of it on this day."""
    return row.facts.ends_at or NEVER if row.state is State.BOOKED else NEVER
