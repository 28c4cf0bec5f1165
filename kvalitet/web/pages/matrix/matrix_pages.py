"""The matrix: schools by deliverables on the screen, as a spreadsheet and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.store.agreements import contact_notes, extensions, reminded
from kvalitet.rights import Right
from kvalitet.status import TEXTS
from kvalitet.web import addresses
from kvalitet.web.pages.matrix import exporting
from kvalitet.web.pages.matrix.asking import ORDERS, STATES, Asked
from kvalitet.web.pages.matrix.cells import Writer
from kvalitet.web.pages.matrix.table import Known, table_of
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Per

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.web.pages.matrix.table import Table
    from kvalitet.web.views import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(request: Request) -> Response:
    """Show the matrix."""
    view = view_of(request)
    asked = Asked.of(request.query_params)
    table = table_of(view.board, asked, _known(view))
    return render(
        request,
        "matrix.html",
        view=view,
        page="skoler",
        asked=asked,
        table=table,
        cells=Writer(table, view.query).cells,
        choices=[found for found in view.board.deliverables() if found.per is Per.SCHOOL],
        orders=ORDERS,
        states={state: TEXTS[state] for state in STATES},
    )


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
    return _file(exporting.as_csv(exporting.rows_of(table)), "text/csv; charset=utf-8", _name(view, "csv"))


def xlsx_file(request: Request) -> Response:
    """Give the matrix as a spreadsheet."""
    view, table = _as_asked(request)
    title = f"Skoler og afleveringer {view.school_year.label}, {view.municipality.name}"
    return _file(exporting.as_xlsx(exporting.rows_of(table), title), XLSX, _name(view, "xlsx"))


def _as_asked(request: Request) -> tuple[View, Table]:
    view = view_of(request)
    return view, table_of(view.board, Asked.of(request.query_params), _known(view))


def _known(view: View) -> Known:
    """Look up what stands beside the states; phone calls only for those who follow up."""
    municipality, year = view.municipality.key, view.school_year
    with view.installation.store.read() as connection:
        follows = view.viewer.may(Right.FOLLOW_UP, view.municipality)
        return Known(
            reminded=reminded.last(connection, municipality, year, until=view.now),
            extended=extensions.dues(connection, municipality),
            calls=contact_notes.counts(connection, municipality, year) if follows else {},
        )


def _name(view: View, ending: str) -> str:
    return f"skoler-{view.municipality.key}-{view.school_year.key}.{ending}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
