"""Forms about reminders: pausing a school, and reminding at once."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing, reminding
from kvalitet.board import danish_date
from kvalitet.rights import Right
from kvalitet.web import addresses
from kvalitet.web.pages import occurrence_pages, school_pages
from kvalitet.web.pages.mail.letters_read import read
from kvalitet.web.pages.matrix.returning import REMINDED, after, told
from kvalitet.web.rendering import render
from kvalitet.web.security import TOKEN_FIELD, refuse_foreign
from kvalitet.web.sending import afterwards
from kvalitet.web.uploads import answer_form
from kvalitet.web.views import site_of, view_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.adapters.follow_up.reminding import Nudge
    from kvalitet.web.uploads import Filled
    from kvalitet.web.views import View

MARK = "bestilling"


async def post_pause(request: Request) -> Response:
    """Pause a school."""
    return await answer_form(request, _post_pause)


async def post_end_of_pause(request: Request) -> Response:
    """End a school's pause."""
    return await answer_form(request, _post_end_of_pause)


async def post_reminder(request: Request) -> Response:
    """Remind those whom the page has shown."""
    return await answer_form(request, _post_reminder)


def ask(request: Request) -> Response:
    """Show who would be written to, with the very mails, before anything is sent."""
    view, keys = _asked_for(request)
    title, back = _subject(request, view)
    values: dict[str, Any] = {"title": title, "back": back, "action": f"{request.url.path}{view.query}", "way": ""}
    return render(request, "remind.html", view=view, page="-", **values, **letters(request, view, keys))


def letters(request: Request, view: View, keys: list[str]) -> dict[str, Any]:
    """Gather what a form shows of the mails that it would send about some occurrences (by key)."""
    token, now = secrets.token_urlsafe(12), site_of(request).clock()
    asked = reminding.look(view.installation, view.municipality, keys, token=token, now=now)
    written = [read(view.installation.renderer.render(nudge.message, now=now).content) for nudge in asked.nudges]
    return {
        "asked": asked,
        "mails": list(zip(asked.nudges, written, strict=True)),
        "mark_field": MARK,
        "mark": token,
        "fresh": _count(asked.nudges, has_heard=False),
        "heard": _count(asked.nudges, has_heard=True),
        "today_is_open": view.municipality.calendar.is_mail_day(danish_date(now)),
    }


def _post_pause(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, number = view_of(request), request.path_params["number"]
    texts = {name: filled.text(name).strip() for name in ("first_day", "last_day", "reason")}
    try:
        pausing.pause(
            view.installation,
            view.municipality,
            number,
            first_day=_day(texts["first_day"]),
            last_day=_day(texts["last_day"]) if texts["last_day"] else None,
            reason=texts["reason"],
            by=view.viewer.name,
            now=site_of(request).clock(),
        )
    except UserError as error:
        return school_pages.school_page(request, view, status=400, problem=str(error), texts=texts)
    return RedirectResponse(f"/{view.municipality.key}/skole/{number}{view.query}", status_code=303)


def _post_end_of_pause(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, number = view_of(request), request.path_params["number"]
    try:
        pausing.end(view.installation, view.municipality, number, now=site_of(request).clock(), by=view.viewer.name)
    except UserError as error:
        return school_pages.school_page(request, view, status=409, problem=str(error))
    return RedirectResponse(f"/{view.municipality.key}/skole/{number}{view.query}", status_code=303)


def _post_reminder(request: Request, filled: Filled) -> Response:
    refuse_foreign(request, filled.text(TOKEN_FIELD))
    view, keys = _asked_for(request)
    reminding.remind(
        view.installation,
        view.municipality,
        keys,
        token=filled.text(MARK) or secrets.token_urlsafe(12),
        by=view.viewer.name,
        now=site_of(request).clock(),
        again=filled.text("again") == "ja",
    )
    _, back = _subject(request, view)
    own = told(f"/{view.municipality.key}/udbakke{view.query}", REMINDED) if view.may(Right.SEE_MAILS) else back
    school = getattr(request.state, "school", None)
    address = after(filled, school=school, done=REMINDED, otherwise=own)
    return RedirectResponse(address, status_code=303, background=afterwards(view, site_of(request).clock))


def _asked_for(request: Request) -> tuple[View, list[str]]:
    if "key" in request.path_params:
        view, found = occurrence_pages.dossier(request)
        return view, [found.row.occurrence.key]
    view = view_of(request)
    if "number" in request.path_params:
        number = request.path_params["number"]
        if not view.municipality.has_school(number):
            raise HTTPException(404, f"{view.municipality.name} har ingen skole med institutionsnummer {number}.")
        return view, [row.occurrence.key for row in view.board.missing() if row.occurrence.school == number]
    activity = request.path_params["activity"]
    # What somebody may follow up, which may be less than what they are shown.
    mine = (row.occurrence for row in view.board.of(activity) if view.may_about(Right.FOLLOW_UP, row.occurrence))
    keys = [occurrence.key for occurrence in mine]
    if not keys:
        raise HTTPException(404, f"Årshjulet for {view.school_year.label} har ingen aktivitet »{activity}«.")
    return view, keys


def _subject(request: Request, view: View) -> tuple[str, str]:
    """Give the title of what people are reminded of, and the page to go back to."""
    if "key" in request.path_params:
        _, found = occurrence_pages.dossier(request)
        address = addresses.of_occurrence(view.municipality.key, found.row.occurrence.key, view.query)
        return f"{found.activity.title}, {found.unit}", address
    if "number" in request.path_params:
        school = view.municipality.school(request.path_params["number"])
        return school.name, f"/{view.municipality.key}/skole/{school.number}{view.query}"
    activity = view.municipality.wheel.activity(request.path_params["activity"])
    return activity.title, f"/{view.municipality.key}/aktivitet/{activity.key}{view.query}"


def _count(nudges: tuple[Nudge, ...], *, has_heard: bool) -> int:
    return sum(nudge.has_heard is has_heard for nudge in nudges)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError("Vælg, hvornår pausen begynder, og skriv datoer som 2026-11-02.") from error
