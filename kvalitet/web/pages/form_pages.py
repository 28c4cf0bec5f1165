"""Forms about deliverables: delivering and waiving."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet import forms
from kvalitet.adapters.deliveries import AnswersRefusedError, deliver, waive
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import ACCEPTED, KINDS
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import TOO_LARGE, answer_form, chunks, refuse_unknown
from kvalitet.web.views import site_of
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.store.deliveries import StoredFile
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View
    from kvalitet.wheel import FormField

MARK = "afleveringsmærke"


def form(request: Request) -> Response:
    """Show the form of a delivery, with the newest version's answers in it."""
    view, found = occurrence_pages.dossier(request)
    _refuse_other_kinds(found)
    texts = dict(found.versions[-1].answers) if found.versions else {}
    return _form(request, view, found, texts=texts, mark=secrets.token_urlsafe(16))


async def post_delivery(request: Request) -> Response:
    """Keep a delivery and show its receipt; with a problem the form comes back as it was filled in."""
    return await answer_form(request, _post_delivery)


async def post_waiver(request: Request) -> Response:
    """Free a school from a deliverable."""
    return await answer_form(request, _post_waiver)


def _post_delivery(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    _refuse_other_kinds(found)
    mark = filled.text(MARK) or secrets.token_urlsafe(16)
    texts = {field.key: filled.text(field.key) for field in found.activity.fields if field.type is not FieldType.FILE}
    key = found.row.occurrence.key
    problems = _file_problems(found, filled)
    if problems:
        answered = forms.problems(found.activity, texts, files=_file_keys(found))
        return _form(
            request,
            view,
            found,
            texts=texts,
            mark=mark,
            problems=answered | problems,
            status=413 if filled.is_too_large else 400,
        )
    try:
        file = _keep_file(view, found, filled, texts)
        submission = Submission(answers=texts, by=view.viewer.name, file=file, token=mark)
        delivery = deliver(view.installation, key, submission, now=site_of(request).clock())
    except AnswersRefusedError as error:
        return _form(request, view, found, texts=texts, mark=mark, problems=dict(error.problems), status=400)
    except UserError as error:
        return _form(request, view, found, texts=texts, mark=mark, problem=str(error), status=409)
    address = addresses.of_occurrence(view.municipality.key, key)
    receipt = f"{address}/kvittering/{delivery.version}{view.query}"
    return RedirectResponse(receipt, status_code=303, background=afterwards(view, site_of(request).clock))


def _post_waiver(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = occurrence_pages.dossier(request)
    key = found.row.occurrence.key
    reason = filled.text("reason")
    try:
        waive(view.installation, key, reason=reason, by=view.viewer.name, now=site_of(request).clock())
    except UserError as error:
        texts = {"reason": reason}
        return occurrence_pages.page(
            request, view, found, status=400, problem=str(error), problem_in="waive", texts=texts
        )
    query = view.query_with(sket="fritaget")
    return RedirectResponse(addresses.of_occurrence(view.municipality.key, key, query), status_code=303)


def _form(  # noqa: PLR0913 -- the page, and all that a refused form brings back
    request: Request,
    view: View,
    found: Dossier,
    *,
    texts: dict[str, str],
    mark: str,
    problems: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    values = {"texts": texts, "mark": mark, "mark_field": MARK, "problems": problems or {}, "problem": problem}
    return render(
        request,
        "deliver.html",
        status=status,
        view=view,
        page="-",
        it=found,
        file_field=_file_field(found),
        accepted=ACCEPTED,
        kinds=KINDS,
        **values,
    )


def _refuse_other_kinds(found: Dossier) -> None:
    if found.row.occurrence.kind is not Kind.DELIVERABLE:
        raise HTTPException(404, f"»{found.activity.title}« er ikke noget, som skoler afleverer.")


def _file_field(found: Dossier) -> FormField | None:
    return next((field for field in found.activity.fields if field.type is FieldType.FILE), None)


def _file_keys(found: Dossier) -> frozenset[str]:
    return frozenset(field.key for field in found.activity.fields if field.type is FieldType.FILE)


def _file_problems(found: Dossier, filled: Filled) -> dict[str, str]:
    """Say what is wrong with the file itself."""
    field = _file_field(found)
    if filled.is_too_large:
        return {field.key if field else "": TOO_LARGE}
    file = filled.file(field.key) if field else None
    problem = refuse_unknown(file) if file else ""
    return {field.key: problem} if field and problem else {}


def _keep_file(view: View, found: Dossier, filled: Filled, texts: dict[str, str]) -> StoredFile | None:
    """Keep the file once the answers are in order, so that no file is left without a delivery."""
    field = _file_field(found)
    file = filled.file(field.key) if field else None
    if file is None or field is None:
        return None
    if problems := forms.problems(found.activity, texts, files=_file_keys(found)):
        raise AnswersRefusedError(problems)
    try:
        return view.installation.files.keep(file.filename or "", chunks(file))
    except UserError as error:
        raise AnswersRefusedError({field.key: str(error)}) from error
