"""The matrix: schools by deliverables on the screen, as a spreadsheet and as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kvalitet.rights import Right
from kvalitet.status import TEXTS
from kvalitet.web.answering.packing import packed
from kvalitet.web.pages.csv_files import CSV, file
from kvalitet.web.pages.matrix import exporting
from kvalitet.web.pages.matrix.asking import ORDERS, STATES, Asked
from kvalitet.web.pages.matrix.returning import DONE, REMINDED
from kvalitet.web.pages.matrix.table import table_of
from kvalitet.web.pages.spreadsheets import XLSX, as_csv, as_xlsx
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Per

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.board import Board
    from kvalitet.web.pages.matrix.drawing import Drawing
    from kvalitet.web.pages.matrix.reading import Reading
    from kvalitet.web.pages.matrix.table import Known, Table
    from kvalitet.web.views import View

# What a form that was opened from the matrix has just done.
NOTICES = {
    REMINDED: "Skolen er påmindet.",
    "noteret": "Opkaldet er noteret.",
    "udsat": "Skolens frist er udsat.",
    "fritaget": "Skolen er fritaget.",
}


def show(request: Request) -> Response:
    """Show the matrix."""
    view = view_of(request)
    asked = Asked.of(request.query_params)
    drawing: Drawing = request.app.state.drawing
    board, known = _read(request, view)
    drawn = drawing.of(view, asked, board, known)
    response = render(
        request,
        "matrix.html",
        view=view,
        page="skoler",
        asked=asked,
        table=drawn.table,
        lines=drawn.lines,
        notice=NOTICES.get(request.query_params.get(DONE, ""), ""),
        choices=[found for found in board.deliverables() if found.per is Per.SCHOOL],
        may_see_any=any(view.may(Right.SEE_SCHOOLS, school.number) for school in view.municipality.schools),
        orders=ORDERS,
        states={state: TEXTS[state] for state in STATES},
    )
    return packed(request, response)


def csv_file(request: Request) -> Response:
    """Give the matrix as CSV."""
    view, table = _as_asked(request)
    return file(_name(view, "csv"), as_csv(exporting.rows_of(table, followed=_followed(view))), CSV)


def xlsx_file(request: Request) -> Response:
    """Give the matrix as a spreadsheet."""
    view, table = _as_asked(request)
    title = f"Skoler og afleveringer {view.school_year.label}, {view.municipality.name}"
    rows = exporting.rows_of(table, followed=_followed(view))
    return file(_name(view, "xlsx"), as_xlsx(rows, title, sheet="Skoler", sums=1), XLSX)


def _followed(view: View) -> frozenset[str]:
    """List the schools (by number) that the viewer follows up, and whose calls they are told of."""
    return frozenset(found.number for found in view.municipality.schools if view.may("follow_up", found.number))


def _as_asked(request: Request) -> tuple[View, Table]:
    view = view_of(request)
    board, known = _read(request, view)
    return view, table_of(board, Asked.of(request.query_params), known)


def _read(request: Request, view: View) -> tuple[Board, Known]:
    """Read what the matrix is made from; phone calls are counted only for those who follow up."""
    reading: Reading = request.app.state.reading
    board, known = reading.of(view)
    if view.viewer.may_everywhere(Right.FOLLOW_UP, view.municipality):
        return board, known
    followed = {row.occurrence.key for row in board.rows if view.may_about(Right.FOLLOW_UP, row.occurrence)}
    return board, replace(known, calls={key: count for key, count in known.calls.items() if key in followed})


def _name(view: View, ending: str) -> str:
    return f"skoler-{view.municipality.key}-{view.school_year.key}.{ending}"
