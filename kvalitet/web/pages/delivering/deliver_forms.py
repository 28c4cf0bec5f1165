"""Delivering: the form and what comes of it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from kvalitet import forms
from kvalitet.adapters.deliveries import AnswersRefusedError, OvertakenError, deliver
from kvalitet.adapters.delivering.scanning import InfectedError, note_infected
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.web import addresses
from kvalitet.web.pages.delivering import filled_in, form_page
from kvalitet.web.pages.delivering.form_page import Shown
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import TOO_LARGE, answer_form, chunks, refuse_unknown
from kvalitet.web.views import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.store.deliveries import StoredFile
    from kvalitet.web.pages.delivering.form_page import Before
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View


def form(request: Request) -> Response:
    """Show the form of a delivery, with one's draft in it, or else the newest version's answers."""
    view, found = form_page.found_of(request)
    past = form_page.before(view, found)
    return form_page.page(request, view, found, past, form_page.first_shown(found, past.draft))


async def post_delivery(request: Request) -> Response:
    """Keep a delivery and show its receipt; with a problem the form comes back as it was filled in."""
    return await answer_form(request, _post_delivery)


def _post_delivery(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, found = form_page.found_of(request)
    past, shown = form_page.before(view, found), _shown(found, filled)
    if filled.text(filled_in.MORE_ROWS):
        return form_page.page(request, view, found, past, shown)
    if problems := _file_problems(found, filled):
        kept = _file_keys(found)
        answered = forms.problems(found.activity, shown.texts, files=kept, promised=past.promised)
        refused = replace(shown, problems=answered | problems)
        return form_page.page(request, view, found, past, refused, status=413 if filled.is_too_large else 400)
    key = found.row.occurrence.key
    try:
        submission = Submission(
            answers=shown.texts,
            by=view.viewer.name,
            file=_keep_file(request, view, found, past, filled, shown),
            token=shown.mark,
            base=shown.base,
            author=view.viewer.key,
        )
        delivery = deliver(view.installation, key, submission, now=site_of(request).clock())
    except AnswersRefusedError as error:
        refused = replace(shown, problems=error.problems)
        return form_page.page(request, view, found, past, refused, status=400)
    except OvertakenError as error:
        # The next try is about the newer version: whoever sends it has seen both.
        refused = replace(shown, problem=str(error), theirs=error.newest, base=error.newest.version)
        view, found = form_page.found_of(request)
        return form_page.page(request, view, found, past, refused, status=409)
    except UserError as error:
        return form_page.page(request, view, found, past, replace(shown, problem=str(error)), status=409)
    address = addresses.of_occurrence(view.municipality.key, key)
    receipt = f"{address}/kvittering/{delivery.version}{view.query}"
    return RedirectResponse(receipt, status_code=303, background=afterwards(view, site_of(request).clock))


def _shown(found: Dossier, filled: Filled) -> Shown:
    """Read a form as it was filled in, with what was chosen where two had written."""
    fields, base = found.activity.fields, filled_in.base_of(filled, found.newest)
    texts = filled_in.texts_of(fields, filled)
    theirs = next((version for version in found.versions if version.version == base), None)
    if theirs:
        texts = filled_in.with_choices(fields, texts, theirs, filled)
    mark = filled.text(filled_in.MARK) or secrets.token_urlsafe(16)
    return Shown(texts, mark, base, filled=filled)


def _file_keys(found: Dossier) -> frozenset[str]:
    field = form_page.file_field(found)
    return frozenset({field.key}) if field else frozenset()


def _file_problems(found: Dossier, filled: Filled) -> dict[str, str]:
    """Say what is wrong with the file itself."""
    field = form_page.file_field(found)
    if filled.is_too_large:
        return {field.key if field else "": TOO_LARGE}
    file = filled.file(field.key) if field else None
    problem = refuse_unknown(file) if file else ""
    return {field.key: problem} if field and problem else {}


def _keep_file(
    request: Request, view: View, found: Dossier, past: Before, filled: Filled, shown: Shown
) -> StoredFile | None:
    """Keep the file once the answers are in order, so that no file is left without a delivery.

    Without a new one the file of an earlier version may go on with the new one.
    """
    field = form_page.file_field(found)
    file = filled.file(field.key) if field else None
    if file is None or field is None:
        kept = filled.text(filled_in.KEPT_FILE)
        return next((version.file for version in found.versions if kept == str(version.version)), None)
    if problems := forms.problems(found.activity, shown.texts, files=_file_keys(found), promised=past.promised):
        raise AnswersRefusedError(problems)
    if found.versions and shown.base < found.newest:
        raise OvertakenError(found.versions[-1])
    now = site_of(request).clock()
    try:
        return view.installation.files.keep(file.filename or "", chunks(file))
    except InfectedError as error:
        note_infected(view.installation, found.row.occurrence, error, by=view.viewer.name, now=now)
        raise AnswersRefusedError({field.key: str(error)}) from error
    except UserError as error:
        raise AnswersRefusedError({field.key: str(error)}) from error
