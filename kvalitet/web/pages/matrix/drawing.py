"""Drawing: the lines of the matrix as they are written; kept, so that only those are written anew that are others."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from markupsafe import Markup

from kvalitet.rights import Right
from kvalitet.web.pages.matrix.cells import Writer
from kvalitet.web.pages.matrix.table import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from kvalitet.board import Board
    from kvalitet.web.pages.matrix.asking import Asked
    from kvalitet.web.pages.matrix.table import Known, Line, Table
    from kvalitet.web.views import View

    Key: TypeAlias = tuple[object, ...]

# The largest municipality's takes some five megabytes.
MOST = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """Tegnet: a table of a board, and its lines as they stand on the page: together, and by school.

    Lines that are written the same `way` are the same on the page.
    """

    board: Board
    table: Table
    way: tuple[object, ...]
    lines: Markup
    written: Mapping[str, tuple[Line, str]]


class Drawing:
    """Tegning: draws what somebody asks for, from what was drawn before for one who may see and do the same."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[Key, Drawn] = OrderedDict()
        self._lock = Lock()

    def of(self, view: View, asked: Asked, board: Board, known: Known) -> Drawn:
        """Draw a board as somebody asked; whoever sees but a part of it has it drawn for them alone."""
        if not view.viewer.may_everywhere(Right.SEE_YEAR, view.municipality):
            return _drawn(view, asked, board, known, None)
        key = view.municipality.key, view.school_year, view.today, view.query, view.viewer.standings, asked
        with self._lock:
            before = self._drawn.get(key)
        if before is not None and before.board is board and before.table.known == known:
            return before
        found = _drawn(view, asked, board, known, before)
        with self._lock:
            self._drawn[key] = found
            self._drawn.move_to_end(key)
            while len(self._drawn) > MOST:
                self._drawn.popitem(last=False)
        return found


def _drawn(view: View, asked: Asked, board: Board, known: Known, before: Drawn | None) -> Drawn:
    if before is not None and before.board.municipality is not board.municipality:
        before = None
    table = table_of(board, asked, known, before.table if before else None)
    writer = Writer(table, view.query, asked.query(view), followed=_followed(view))
    way = tuple(column.activity for column in table.columns), writer.is_named
    is_alike = before is not None and before.way == way and before.table.known == known
    earlier = before.written if before and is_alike else {}
    written = {line.school.number: _written(writer, line, earlier) for line in table.lines}
    # The lines are our writer's, who escapes what is not ours.
    lines = Markup("".join(text for _, text in written.values()))  # noqa: S704
    return Drawn(board, table, way, lines, written)


def _written(writer: Writer, line: Line, earlier: Mapping[str, tuple[Line, str]]) -> tuple[Line, str]:
    known = earlier.get(line.school.number)
    return known if known is not None and known[0] is line else (line, writer.line(line))


def _followed(view: View) -> frozenset[str] | None:
    """Tell which schools somebody follows up; None who follows up on nobody."""
    if not view.may(Right.FOLLOW_UP):
        return None
    numbers = (school.number for school in view.municipality.schools)
    if view.viewer.may_everywhere(Right.FOLLOW_UP, view.municipality):
        return frozenset(numbers)
    return frozenset(number for number in numbers if view.may(Right.FOLLOW_UP, number))
