"""Extracts: the state of each of the year's, and each pull with its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kvalitet.adapters.extracting.asking import IMPORT, source_name
from kvalitet.adapters.extracting.dossiers import Dossier, dossier
from kvalitet.adapters.extracting.reviewing import title_of
from kvalitet.adapters.extracting.states import imported, states
from kvalitet.adapters.extracting.telling import written
from kvalitet.adapters.store import plans, snapshots
from kvalitet.adapters.store.extracts.reviews import Ruling
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.pulls import PullOutcome, place_of
from kvalitet.rights import Right
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from kvalitet.web.views import View

PAGE = "udtraek"
ANY_FILE = "application/octet-stream"
# More than this is for the answer itself, which can be saved.
AT_ONCE = 200
IMPORTS = 10
ENDINGS = {"application/json": ".json", "text/csv": ".csv"}
RULINGS = {Ruling.RELEASED: "Frigivet", Ruling.REJECTED: "Afvist"}
NOTICES = {
    "frigivet": (Ruling.RELEASED, "Tallene vises nu."),
    "afvist": (Ruling.REJECTED, "Tallene er afvist og bliver ikke vist. De seneste gode tal bliver stående."),
}
# How each outcome looks: green for what is well, grey for what is waited for, red for what needs somebody.
MARKS = {
    PullOutcome.PUBLISHED: "approved",
    PullOutcome.UNCHANGED: "approved",
    PullOutcome.NOT_PUBLISHED: "open",
    PullOutcome.QUARANTINED: "due_soon",
    PullOutcome.REFUSED: "overdue",
    PullOutcome.BROKEN: "overdue",
    PullOutcome.INTERRUPTED: "overdue",
}


def listing(request: Request) -> Response:
    """Show how far each extract of the school year has come."""
    view = view_of(request)
    rows = [row for row in view.board.rows if row.occurrence.kind is Kind.EXTRACT]
    with view.installation.store.read() as connection:
        found = states(connection, view.municipality, [row.occurrence for row in rows], today=view.today)
        files = imported(connection, view.municipality.key, newest=IMPORTS)
    return render(
        request,
        "extracts.html",
        view=view,
        page=PAGE,
        extracts=tuple(zip(rows, found, strict=True)),
        files=files,
        title_of=title_of,
        source_name=source_name,
        marks=MARKS,
    )


def show(request: Request) -> Response:
    """Show one pull."""
    view = view_of(request)
    return page(request, view, found(request, view))


def answer(request: Request) -> Response:
    """Give the source's answer as it came, to be saved; confidential figures only to those who may see them."""
    view = view_of(request)
    it = found(request, view)
    if it.snapshot is None:
        raise HTTPException(404, "Den hentning gav ikke noget svar, der er gemt.")
    if it.is_confidential and not view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality):
        raise HTTPException(403, "Svaret indeholder fortrolige tal.")
    with view.installation.store.read() as connection:
        raw = snapshots.raw_answer(connection, it.snapshot.id)
    name = f"hentning-{it.pull.id}-{it.snapshot.sha256[:12]}{ENDINGS.get(it.snapshot.content_type, '.txt')}"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(raw, media_type=ANY_FILE, headers={"content-disposition": disposition})


def found(request: Request, view: View) -> Dossier:
    """Find the pull that the address names; one that is not the municipality's own is a 404."""
    sees = view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality)
    with view.installation.store.read() as connection:
        known = dossier(connection, view.municipality, request.path_params["pull"], sees_confidential=sees)
    if known is None:
        raise HTTPException(404, f"{view.municipality.name} har ikke den hentning.")
    return known


def page(request: Request, view: View, it: Dossier, *, status: int = 200, **given: object) -> Response:
    """Write the page of a pull, with the problem and text of a form that was refused."""
    with view.installation.store.read() as connection:
        occurrence = plans.occurrence(connection, it.pull.occurrence) if it.pull.occurrence else None
    ruling, sentence = NOTICES.get(request.query_params.get("sket", ""), (None, ""))
    notice = sentence if it.decision and it.decision.decision is ruling else ""
    values: dict[str, Any] = {"problem": "", "reason": "", **given}
    return render(
        request,
        "pull.html",
        status=status,
        view=view,
        page=PAGE,
        it=it,
        occurrence=occurrence,
        is_import=it.pull.source == IMPORT,
        notice=notice,
        title_of=title_of,
        source_name=source_name,
        unit_of=unit_namer(view),
        written=written,
        fixed_of=lambda one: it.fixed.get(place_of(one)),
        rulings=RULINGS,
        marks=MARKS,
        at_once=AT_ONCE,
        **values,
    )


def unit_namer(view: View) -> Callable[[str], str]:
    """Give what names whom a figure is about."""
    names = {school.number: school.name for school in view.municipality.schools}
    names |= {MUNICIPALITY: view.municipality.name, COUNTRY: "Hele landet", "": ""}
    return lambda unit: names.get(unit, unit)
