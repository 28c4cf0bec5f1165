"""Rendering: templates with Danish dates, badges and icons, turned into answers."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from kvalitet import answers
from kvalitet.adapters import danish
from kvalitet.status import TEXTS, State
from kvalitet.web import security
from kvalitet.web.drawing.icons import ICONS
from kvalitet.web.drawing.svg import MARK_SHAPES, diamond
from kvalitet.web.views import viewer_of

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from kvalitet.web.drawing.wheel_model import Mark

TEMPLATES = Path(__file__).parent / "templates"
KILO = 1024


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Give the templates; an undefined name is an error, and all text is escaped."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "date": danish.date_text,
        "short_date": danish.short_date,
        "full_date": danish.full_date,
        "numeric_date": danish.numeric_date,
        "week": danish.week_text,
        "instant": instant_text,
        "size": size_text,
        "state": lambda state: TEXTS[State(state)],
    }
    found.globals |= {
        "icons": ICONS,
        "mark_shape": mark_shape,
        "meeting_shape": meeting_shape,
        "span_text": danish.span_text,
        "count_text": danish.count_text,
        "local": danish.local,
        "answer_lines": answers.shown,
        "answer_rows": answers.rows_of,
        "answer_places": answers.places_of,
        "promise_rows": answers.promise_rows,
        "outcomes": answers.OUTCOMES,
    }
    return found


def mark_shape(kind: Mark) -> Markup:
    """Give the shape that stands for how an activity is doing."""
    return Markup(f'<g class="mark {kind.value}">{MARK_SHAPES[kind.value]}</g>')  # noqa: S704 -- our own shapes


def meeting_shape(state: str) -> Markup:
    """Give the diamond that stands for a meeting in a state (by its key)."""
    return Markup(f'<g class="meeting {State(state).value}">{diamond(State(state), 0, 0)}</g>')  # noqa: S704 -- as above


def instant_text(instant: datetime) -> str:
    """Write "22. november 2026 kl. 12.05"."""
    return f"{danish.date_text(danish.local(instant).date())} kl. {danish.time_text(instant)}"


def size_text(size: int) -> str:
    """Write "3 kB" or "1,2 MB"."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    return f"{danish.number_text(size / KILO / KILO, 1)} MB"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with a page; it carries an ETag once the browser has its forms' token, and is then not sent again."""
    body = (
        environment()
        .get_template(template)
        .render(
            request=request,
            viewer=viewer_of(request),
            form_token=lambda: security.form_token(request),
            **values,
        )
        .encode()
    )
    response = HTMLResponse(body, status_code=status, headers={"cache-control": "private, no-cache"})
    security.keep_token(request, response)
    if status == 200 and security.is_kept(request):  # noqa: PLR2004 -- OK
        etag = f'W/"{hashlib.sha256(security.unmasked(request, body)).hexdigest()[:24]}"'
        response.headers["etag"] = etag
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag, "cache-control": "private, no-cache"})
    return response
