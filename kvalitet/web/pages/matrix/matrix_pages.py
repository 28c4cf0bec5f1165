"""The matrix: schools by deliverables on the screen, as a spreadsheet and as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.rights import Right
from kvalitet.status import TEXTS
from kvalitet.web import addresses
from kvalitet.web.pages.csv_files import CSV, file
from kvalitet.web.pages.matrix import exporting
from kvalitet.web.pages.matrix.asking import ORDERS, STATES, Asked
from kvalitet.web.pages.matrix.packing import packed
from kvalitet.web.pages.matrix.table import table_of
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Per

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.board import Board
    from kvalitet.web.pages.matrix.drawing import Drawing
    from kvalitet.web.pages.matrix.reading import Reading
    from kvalitet.web.pages.matrix.table import Known, Table
    from kvalitet.web.views import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        choices=[found for found in board.deliverables() if found.per is Per.SCHOOL],
        may_see_any=any(view.may(Right.SEE_SCHOOLS, school.number) for school in view.municipality.schools),
        orders=ORDERS,
        states={state: TEXTS[state] for state in STATES},
    )
    return packed(request, response)


def cell(request: Request) -> Response:
    """Lead to what a cell is about: the page of a school's deliverable, by a shorter address."""
    view, asked = view_of(request), request.path_params
    row = view.board.matrix().get((asked["number"], asked["activity"]))
    if row is None:
        raise HTTPException(404, "Skolen har ingen sådan aflevering i skoleåret.")
    address = addresses.of_occurrence(view.municipality.key, row.occurrence.key, view.query)
    return RedirectResponse(address, status_code=303)


def csv_file(request: Request) -> Response:
    """Give the matrix as CSV."""
    view, table = _as_asked(request)
    return file(_name(view, "csv"), exporting.as_csv(exporting.rows_of(table)), CSV)


def xlsx_file(request: Request) -> Response:
    """Give the matrix as a spreadsheet."""
    view, table = _as_asked(request)
    title = f"Skoler og afleveringer {view.school_year.label}, {view.municipality.name}"
    return file(_name(view, "xlsx"), exporting.as_xlsx(exporting.rows_of(table), title), XLSX)


def _as_asked(request: Request) -> tuple[View, Table]:
    view = view_of(request)
    board, known = _read(request, view)
    return view, table_of(board, Asked.of(request.query_params), known)


def _read(request: Request, view: View) -> tuple[Board, Known]:
    """Read what the matrix is made from; phone calls are counted only for those who follow up."""
    reading: Reading = request.app.state.reading
    whole, known = reading.of(view)
    board = view.viewer.board(whole)
    if view.viewer.may_everywhere(Right.FOLLOW_UP, view.municipality):
        return board, known
    followed = {row.occurrence.key for row in board.rows if view.may_about(Right.FOLLOW_UP, row.occurrence)}
    return board, replace(known, calls={key: count for key, count in known.calls.items() if key in followed})


def _name(view: View, ending: str) -> str:
    return f"skoler-{view.municipality.key}-{view.school_year.key}.{ending}"
