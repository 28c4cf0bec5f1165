"""Forms about one school: a later due date, and what was said on the phone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import calling, extending
from kvalitet.rights import Right
from kvalitet.web import addresses
from kvalitet.web.access.guarding import NOT_YOURS
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.pages.matrix.returning import after, way_back
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.board import Row
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View


async def post_extension(request: Request) -> Response:
    """Give a school a later due date."""
    return await answer_form(request, _post_extension)


async def post_end_of_extension(request: Request) -> Response:
    """Take an extension back."""
    return await answer_form(request, _post_end_of_extension)


async def post_call(request: Request) -> Response:
    """Note a phone call on the page of what it was about."""
    return await answer_form(request, _post_call)


async def post_call_of_school(request: Request) -> Response:
    """Note a phone call on the school's own form."""
    return await answer_form(request, _post_call_of_school)


def ask_about_call(request: Request) -> Response:
    """Show the form for noting a phone call with a school."""
    view = view_of(request)
    return _call_form(request, view, texts={"about": request.query_params.get("om", "")})


def _post_extension(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    key = found.row.occurrence.key
    texts = {"extended_due": filled.text("extended_due").strip(), "extension_reason": filled.text("extension_reason")}
    try:
        extending.extend(
            view.installation,
            key,
            due=_day(texts["extended_due"]),
            reason=texts["extension_reason"],
            by=view.viewer.name,
            now=site_of(request).clock(),
        )
    except UserError as error:
        told = {"problem": str(error), "problem_in": "extend", "texts": texts, "way": way_back(filled)}
        return occurrence_pages.page(request, view, found, status=400, **told)
    return _back(view, found, "frist", filled=filled, done="udsat")


def _post_end_of_extension(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    key = found.row.occurrence.key
    try:
        extending.take_back(view.installation, key, by=view.viewer.name, now=site_of(request).clock())
    except UserError as error:
        return occurrence_pages.page(request, view, found, status=409, problem=str(error), problem_in="extend")
    return _back(view, found, "frist", filled=filled, done="")


def _post_call(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    text, occurrence = filled.text("note"), found.row.occurrence
    try:
        calling.note_call(view.installation, occurrence, text, by=view.viewer.name, now=site_of(request).clock())
    except UserError as error:
        told = {"problem": str(error), "problem_in": "note", "texts": {"note": text}, "way": way_back(filled)}
        return occurrence_pages.page(request, view, found, status=400, **told)
    return _back(view, found, "opkald", filled=filled, done="noteret")


def _post_call_of_school(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view = view_of(request)
    texts = {"about": filled.text("about"), "note": filled.text("note")}
    rows = {row.occurrence.key: row for row in _rows(request, view)}
    if texts["about"] not in rows:
        return _call_form(request, view, texts=texts, problem="Vælg, hvad opkaldet handlede om.", status=400)
    occurrence = rows[texts["about"]].occurrence
    try:
        calling.note_call(
            view.installation, occurrence, texts["note"], by=view.viewer.name, now=site_of(request).clock()
        )
    except UserError as error:
        return _call_form(request, view, texts=texts, problem=str(error), status=400)
    return RedirectResponse(f"/{view.municipality.key}/skole/{occurrence.school}{view.query}#opkald", status_code=303)


def _call_form(
    request: Request, view: View, *, texts: dict[str, str], problem: str = "", status: int = 200
) -> Response:
    number = request.path_params["number"]
    if not view.municipality.has_school(number) or not view.viewer.may(Right.FOLLOW_UP, view.municipality, number):
        raise HTTPException(404, NOT_YOURS)
    missing = sum(row.occurrence.school == number for row in view.board.missing())
    values = {"school": view.municipality.school(number), "rows": _rows(request, view), "missing": missing}
    return render(request, "call.html", status=status, view=view, page="-", texts=texts, problem=problem, **values)


def _rows(request: Request, view: View) -> list[Row]:
    """List what a school may have called about: what it misses first, and then the rest of what it delivers."""
    number = request.path_params["number"]
    own = [
        row for row in view.board.rows if row.occurrence.school == number and row.occurrence.kind is Kind.DELIVERABLE
    ]
    missing = {row.occurrence.key for row in view.board.missing()}
    return sorted(own, key=lambda row: (row.occurrence.key not in missing, row.occurrence.due, row.occurrence.key))


def _back(view: View, found: Dossier, place: str, *, filled: Filled, done: str) -> Response:
    occurrence = found.row.occurrence
    own = f"{addresses.of_occurrence(view.municipality.key, occurrence.key, view.query)}#{place}"
    return RedirectResponse(after(filled, school=occurrence.school, done=done, otherwise=own), status_code=303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError("Vælg den nye frist, og skriv datoen som 2026-11-02.") from error
