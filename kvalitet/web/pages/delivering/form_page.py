"""The form's page: what is asked, by when and why, the school's own figures, and what was answered before."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kvalitet import answers
from kvalitet.adapters.delivering import drafts, earlier, figures
from kvalitet.adapters.file_store import ACCEPTED, KINDS
from kvalitet.rights import Right
from kvalitet.web.pages import occurrence_pages
from kvalitet.web.pages.delivering import filled_in
from kvalitet.web.rendering import render
from kvalitet.web.views import site_of
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.delivering.drafts import Draft
    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.answers import Promised
    from kvalitet.days import SchoolYear
    from kvalitet.web.pages.occurrence_pages import Dossier
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View
    from kvalitet.wheel import FormField

SAVED = "kladde"


@dataclass(frozen=True)
class Before:
    """Det, der går forud: last year's answers, what was promised, and one's own draft."""

    last_year: SchoolYear | None
    last_answers: Mapping[str, str]
    promised: Mapping[str, Promised]
    draft: Draft | None


@dataclass(frozen=True)
class Shown:
    """Vist formular: the texts in it and all that a refused one brings back; `theirs` is another's newer version."""

    texts: Mapping[str, str]
    mark: str
    base: int
    filled: Filled | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    theirs: Delivery | None = None
    draft: Draft | None = None


def found_of(request: Request) -> tuple[View, Dossier]:
    """Gather the deliverable of a form; anything else is a 404."""
    view, found = occurrence_pages.dossier(request)
    if found.row.occurrence.kind is not Kind.DELIVERABLE:
        raise HTTPException(404, f"»{found.activity.title}« er ikke noget, som skoler afleverer.")
    return view, found


def before(view: View, found: Dossier) -> Before:
    """Look up what goes before."""
    occurrence = found.row.occurrence
    with view.installation.store.read() as connection:
        last = earlier.answers(connection, occurrence)
        promised = earlier.promised(connection, view.municipality, occurrence)
        draft = drafts.draft(connection, occurrence.key, view.viewer.key)
    return Before(last[0] if last else None, last[1] if last else {}, promised, draft)


def first_shown(found: Dossier, draft: Draft | None) -> Shown:
    """Fill in a form that is opened: with the draft, or else the newest version."""
    mark = secrets.token_urlsafe(16)
    if draft:
        return Shown(draft.answers, mark, draft.base_version, draft=draft)
    newest = found.versions[-1].answers if found.versions else {}
    return Shown(newest, mark, found.newest)


def page(request: Request, view: View, found: Dossier, past: Before, shown: Shown, *, status: int = 200) -> Response:
    """Write the page."""
    fields = [
        each for each in found.activity.fields if each.type is not FieldType.PROMISES or each.key in past.promised
    ]
    theirs = shown.theirs.answers if shown.theirs else {}
    values: dict[str, Any] = {
        "shown": shown,
        "names": filled_in,
        "fields": fields,
        "file_field": file_field(found),
        "promised": past.promised,
        "rows": filled_in.shown_rows(fields, shown.texts, shown.filled),
        "last_year": past.last_year,
        "last_answers": past.last_answers,
        "differing": answers.differing(fields, shown.texts, theirs) if shown.theirs else (),
        "figures": _figures(view, found),
        "accepted": ACCEPTED,
        "kinds": KINDS,
        "seconds_left": seconds_left(request, view),
        "saved": request.query_params.get("sket") == SAVED,
    }
    return render(request, "deliver.html", status=status, view=view, page="-", it=found, **values)


def file_field(found: Dossier) -> FormField | None:
    """Find the field that takes a file."""
    return next((each for each in found.activity.fields if each.type is FieldType.FILE), None)


def seconds_left(request: Request, view: View) -> int:
    """Tell how long the session goes on by itself from now; opening a page has just used it."""
    session, now = request.state.session, site_of(request).clock()
    settings = view.installation.settings
    ends = replace(session, seen_at=now).runs_out(settings)
    return max(0, int((ends - now).total_seconds()))


def _figures(view: View, found: Dossier) -> tuple[figures.FigureLine, ...]:
    occurrence = found.row.occurrence
    with view.installation.store.read() as connection:
        return figures.beside(
            connection,
            view.municipality,
            occurrence,
            sees_confidential=view.may_about(Right.SEE_CONFIDENTIAL, occurrence),
            sees_confidential_of_all=view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality),
        )
