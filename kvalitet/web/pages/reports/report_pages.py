"""The yearly report: what has been written, what the next step waits for, and writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.reports import keeping, releasing
from kvalitet.adapters.reports.writers import Format, written
from kvalitet.days import SchoolYear
from kvalitet.quality_reports import Edition, Version
from kvalitet.rights import Right
from kvalitet.web.pages.reports.reading import FILES, may_see, shelves
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

# The report is a page of its own: its style stands in it, and nothing in it runs or is fetched.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_HERE = "Rapporten findes ikke, eller den er ikke for dig."
STEP, SURE = "trin", "sure"
NOT_SURE = "Sæt kryds i, at rapporten skal skrives; en version, der er skrevet, kan ikke ændres."


def listing(request: Request) -> Response:
    """Show what has been written of a school year, and what the next step waits for."""
    view = view_of(request)
    return _page(request, view, asked=_version(request.query_params.get(STEP, "")))


def preview(request: Request) -> Response:
    """Show the report as it would be now."""
    view = view_of(request)
    edition = Edition.INTERNAL if request.query_params.get("udgave") == "intern" else Edition.PUBLIC
    if not may_see(view.viewer, view.municipality, edition, Version.DRAFT):
        raise HTTPException(403, NOT_HERE)
    made = releasing.preview(view.installation, view.municipality, view.school_year, edition, now=view.now)
    return _file(written(made, Format.HTML, now=view.now), Format.HTML, "", edition)


def download(request: Request) -> Response:
    """Give a file of a written version."""
    view = view_of(request)
    stored, name = _stored(request, view), request.path_params["file"]
    edition, form = FILES.get(name, (None, None))
    if edition is None or form is None or not may_see(view.viewer, view.municipality, edition, stored.version):
        raise HTTPException(404, NOT_HERE)
    title = view.municipality.report.title
    saved_as = f"{title} {stored.school_year.key} {view.municipality.name} nr {stored.number} {name}"
    return _file(keeping.read(stored, name), form, saved_as, edition)


async def post_version(request: Request) -> Response:
    """Write the next version."""
    return await answer_form(request, _post_version)


def _post_version(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, version = view_of(request), _version(filled.text(STEP))
    if version is None:
        raise HTTPException(400, "Vælg, hvilken version der skal skrives.")
    try:
        _be_sure(filled)
        releasing.release(
            view.installation,
            view.municipality,
            view.school_year,
            version,
            by=view.viewer.name,
            now=site_of(request).clock(),
        )
    except UserError as error:
        return _page(request, view, asked=version, problem=str(error), status=400)
    except OperationError as error:
        return _page(request, view, asked=version, problem=str(error), status=503)
    query = view.query_with(sket=version.value)
    return RedirectResponse(f"/{view.municipality.key}/rapport{query}", status_code=303)


def _page(request: Request, view: View, *, asked: Version | None, problem: str = "", status: int = 200) -> Response:
    municipality, viewer = view.municipality, view.viewer
    standing = releasing.standing_of(view.installation, municipality, view.school_year, now=view.now)
    home = view.installation.settings.home
    others = {
        year: shelves(viewer, municipality, keeping.versions(home, municipality.key, year))
        for year in view.school_years
        if year != view.school_year
    }
    return render(
        request,
        "report.html",
        view=view,
        page="rapport",
        status=status,
        problem=problem,
        plan=municipality.report,
        standing=standing,
        asked=asked if asked in municipality.report.steps else None,
        done=_version(request.query_params.get("sket", "")),
        shelves=shelves(viewer, municipality, standing.stored),
        others={year: found for year, found in others.items() if found},
        may_preview={edition: may_see(viewer, municipality, edition, Version.DRAFT) for edition in Edition},
        may_write=view.may(Right.DECIDE),
    )


def _be_sure(filled: Filled) -> None:
    if not filled.text(SURE):
        raise UserError(NOT_SURE)


def _stored(request: Request, view: View) -> StoredReport:
    try:
        year = SchoolYear.parse(request.path_params["year"])
    except ValueError as error:
        raise HTTPException(404, NOT_HERE) from error
    home = view.installation.settings.home
    stored = keeping.find(home, view.municipality.key, year, request.path_params["version"])
    if stored is None:
        raise HTTPException(404, NOT_HERE)
    return stored


def _file(content: bytes, form: Format, name: str, edition: Edition) -> Response:
    headers = {"cache-control": "private, no-store" if edition is Edition.INTERNAL else "private, no-cache"}
    if form is Format.HTML:
        headers["content-security-policy"] = POLICY
    else:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=TYPES[form], headers=headers)


def _version(text: str) -> Version | None:
    return Version(text) if text in set(Version) else None
